import API
import Correlate
import Model
import Report
import Terminal

/// Frames through the correlator, and what must hold whatever they are:
///
/// - every record is one JSON text, a request's has ten stages, and what is drawn of it holds no control character;
/// - another seed of the tables gives the very same records;
/// - without records the same layers, messages and records are counted.
struct Trial {
    /// Small tables are full at once and show what dropping does; large ones never drop, so that nothing may depend
    /// on the seed.
    var hasSmallTables = false
    var localNetworks: [IPPrefix] = []

    private let renderer = RecordRenderer()

    init() {}

    /// What a correlator learns from.
    enum Event {
        case frame(Frame)
        case fact(Model.Fact)
    }

    func run(_ frames: [Frame]) { run(frames.map { .frame($0) }) }

    func run(_ events: [Event]) {
        let outcome = replay(events, seed: 1, keepsRecords: true)
        check(outcome)
        guard !hasSmallTables else { return }
        let other = replay(events, seed: 0x9E37_79B9_7F4A_7C15, keepsRecords: true)
        demand(other.text == outcome.text, "records depend on the seed:\n\(outcome.words)\n\(other.words)")
        let silent = replay(events, seed: 1, keepsRecords: false).summary
        demand(
            silent.layers == outcome.summary.layers,
            "layers differ without records:\n\(silent.layers)\n\(outcome.summary.layers)")
        demand(silent.requests == outcome.summary.requests, "requests differ without records")
        demand(silent.lookups == outcome.summary.lookups, "lookups differ without records")
        demand(silent.neighbours == outcome.summary.neighbours, "neighbours differ without records")
        demand(silent.icmpErrors == outcome.summary.icmpErrors, "ICMP errors differ without records")
    }

    private struct Outcome {
        var records: [Model.Record] = []
        var text: [[UInt8]] = []
        var summary = Model.Summary()

        var words: String { text.map { String(decoding: $0, as: UTF8.self) }.joined() }
    }

    private func replay(_ events: [Event], seed: UInt64, keepsRecords: Bool) -> Outcome {
        var settings = CorrelatorSettings()
        settings.seed = seed
        settings.keepsRecords = keepsRecords
        settings.localNetworks = localNetworks
        let capacity = hasSmallTables ? 4 : 512
        settings.flowCapacity = capacity
        settings.lookupCapacity = capacity
        settings.nameCapacity = capacity
        settings.neighbourCapacity = capacity
        settings.holeCapacity = capacity
        settings.certificateCapacity = capacity
        settings.quicHandshakeCapacity = capacity
        settings.connectionIDCapacity = capacity
        settings.pathCapacity = capacity
        settings.analysisCapacity = capacity
        settings.leaseCapacity = capacity
        settings.fragmentCapacity = capacity
        settings.fragmentPieceCapacity = capacity
        if hasSmallTables {
            // Room for three connections or pieces of them, and for the least that the table takes.
            settings.streamCapacity = 4096
            settings.fragmentByteCapacity = 0
            settings.quicHandshakesPerSecond = 20
        }
        var correlator = Correlator(settings)
        correlator.notesQuestions = keepsRecords
        var outcome = Outcome()
        for event in events {
            switch event {
            case .frame(let frame): correlator.observe(frame.bytes.span.bytes, frame.info)
            case .fact(let fact): correlator.learn(fact)
            }
            _ = correlator.takeQuestions()
            if correlator.hasFinished { outcome.records += correlator.takeFinished() }
        }
        while correlator.finish(atMost: 64) {}
        outcome.records += correlator.takeFinished()
        outcome.summary = correlator.summary
        outcome.text = outcome.records.map { record in
            var writer = JSONWriter()
            renderer.write(record, to: &writer)
            return Array(writer.bytes)
        }
        return outcome
    }

    private func check(_ outcome: Outcome) {
        for (record, text) in zip(outcome.records, outcome.text) {
            let json: JSONCheck
            do {
                json = try JSONCheck(text)
            } catch {
                fatalError("no JSON, \(error): \(String(decoding: text, as: UTF8.self))")
            }
            guard case .request = record else { continue }
            demand(json.elements["stages"] == 10, "not ten stages: \(String(decoding: text, as: UTF8.self))")
        }
        var writer = JSONWriter()
        renderer.summary(outcome.summary).write(to: &writer)
        do {
            _ = try JSONCheck(Array(writer.bytes))
        } catch {
            fatalError("no JSON, \(error): \(writer.text)")
        }
        for table in outcome.summary.tables {
            demand(table.count <= table.capacity, "\(table.name) holds more than it may")
            demand(table.count >= 0 && table.peak >= table.count, "\(table.name) lost count")
        }
        // Drawing costs more than all the rest: a part of the inputs will do.
        if outcome.summary.frames & 3 == 1 { draw(outcome.records.prefix(2)) }
    }

    private func draw(_ records: ArraySlice<Model.Record>) {
        let canvas = Canvas(width: 100, isColored: false)
        let clock = Clock(now: Time(nanoseconds: 0))
        for record in records {
            guard case .request(let request) = renderer.record(record) else { continue }
            let drawn = canvas.render(Waterfall(request, on: canvas, clock: clock, isComplete: true).lines())
            for scalar in drawn.unicodeScalars
            where scalar != "\n" && (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)) {
                fatalError("a control character reached the terminal: \(drawn.debugDescription)")
            }
        }
    }
}
