@testable import Host
import Model

/// What the kernel, its files and nft might say to those who ask: the first byte picks who reads the rest.
///
/// Of netlink the answers come as ``Script``, each with its length before it.
enum KernelTarget {
    static func run(_ bytes: RawSpan) {
        var input = Input(bytes)
        let time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        switch input.byte() % 8 {
        case 0: routes(Script(&input), time)
        case 1: conntrack(Script(&input), time)
        case 2: sockets(Script(&input))
        case 3: ways(Script(&input))
        case 4: tracing(input.rest(), TracepointSamples.layouts)
        case 5: tracing(of: &input)
        case 6: rules(input.rest())
        default: _ = ControlGroupName(path: String(decoding: input.rest(), as: UTF8.self))
        }
    }

    private static let tuple = FlowTuple(
        .tcp, Endpoint(IPAddress(v4: 0xC000_0201), 40000), Endpoint(IPAddress(v4: 0xC633_6402), 80))

    private static func routes(_ script: consuming Script, _ start: Timestamp) {
        do throws(NetlinkError) {
            var watcher = try RouteWatcher(socket: script)
            for turn in 0..<4 {
                let now = start + .seconds(turn)
                try watcher.receive(at: now)
                try watcher.renew(at: now)
                _ = watcher.takeSilent()
                demand(watcher.listRoutes(64).count <= 64, "more routes than asked for")
                _ = (watcher.lostInterface(.v4), watcher.lostInterface(.v6))
            }
        } catch { _ = error.description }
    }

    private static func conntrack(_ script: consuming Script, _ start: Timestamp) {
        do throws(NetlinkError) {
            let watcher = try ConntrackWatcher(socket: script)
            for turn in 0..<4 {
                for fact in try watcher.receive(at: start + .seconds(turn)) {
                    guard case .translation(let translation) = fact.body else { continue }
                    demand(
                        translation.rewritesSource || translation.rewritesDestination || translation.ended != nil,
                        "told as translated, and is not")
                }
                let summary = watcher.table.summary
                demand(summary.count >= 0 && summary.count <= summary.capacity, "conntrack holds too much")
                var translated = 0
                watcher.table.forEachTranslated { _, _, _ in translated += 1 }
                demand(translated == watcher.table.translatedCount, "lost count of what is translated")
                _ = watcher.table.entry(of: tuple)
            }
        } catch { _ = error.description }
    }

    private static func sockets(_ script: consuming Script) {
        var finder = SocketFinder(socket: script)
        do throws(NetlinkError) {
            _ = try finder.find(tuple)
            try finder.messages(.udp, states: SocketState.all) { _ in }
        } catch { _ = error.description }
    }

    private static func ways(_ script: consuming Script) {
        var finder = RouteFinder(socket: script)
        for _ in 0..<3 {
            let question = RouteQuestion(to: tuple.destination.address, from: tuple.source.address)
            _ = finder.report(question, links: LinkTable(), neighbours: NeighbourCache(), names: RoutingTableNames())
        }
    }

    /// The format of a tracepoint as tracefs tells it, up to the first NUL, then records.
    private static func tracing(of input: inout Input) {
        let rest = input.rest()
        let text = String(decoding: rest.prefix { $0 != 0 }, as: UTF8.self)
        guard let format = TracepointFormat(text) else { return }
        var layouts = TracepointLayouts()
        layouts.stateChange = TracepointLayouts.StateChange(format)
        layouts.routeLookup = TracepointLayouts.RouteLookup(format, .v4)
        layouts.routeLookup6 = TracepointLayouts.RouteLookup(format, .v6)
        layouts.exec = TracepointLayouts.Exec(format)
        tracing(Array(rest.drop { $0 != 0 }.dropFirst()), layouts)
    }

    private static func tracing(_ bytes: [UInt8], _ layouts: TracepointLayouts) {
        var records = PerfRecords(bytes, layouts)
        var events: [KernelEvent] = []
        while let event = records.next() { events.append(event) }
        demand(events.count <= bytes.count / 8, "more records than fit")
        let processes = ProcessTable(folder: ProcFolder("/nonexistent"), boot: .distantPast, capacity: 8)
        var owners = OwnerFinder(processes: processes)
        var unsent = UnsentFinder()
        for event in events { unsent.learn(event) }
        demand(owners.learn(events).count <= events.count, "more owners than records")
        _ = unsent.take(at: Timestamp(nanoseconds: .max))
        owners.expire(at: Timestamp(nanoseconds: 0))
        for table in [processes.summary, owners.summary, unsent.summary] {
            demand(table.count >= 0 && table.count <= table.capacity, "\(table.name) holds too much")
        }
    }

    /// nft's JSON, up to the first NUL, then its text.
    private static func rules(_ bytes: [UInt8]) {
        let text = RulesetText(String(decoding: bytes.drop { $0 != 0 }.dropFirst(), as: UTF8.self))
        guard var ruleset = try? Ruleset(json: Array(bytes.prefix { $0 != 0 })) else { return }
        ruleset.complete(with: text)
        let reply = FlowTuple(.tcp, tuple.destination, Endpoint(IPAddress(v4: 0xC000_02FE), 1189))
        _ = ruleset.rule(for: Translation(original: tuple, reply: reply, how: .conntrack))
        _ = (ruleset.filter(ofPort: 80), ruleset.forwards)
    }

    private struct Script: NetlinkSocket {
        private var waiting: ArraySlice<NetlinkReception>

        init(_ input: inout Input) {
            var datagrams: [NetlinkReception] = []
            while !input.isAtEnd && datagrams.count < 512 {
                let length = Int(input.uint16())
                datagrams.append(length == 0 ? .lost("too much at once") : .datagram(input.take(length)))
            }
            waiting = datagrams[...]
        }

        mutating func send(_ datagram: [UInt8]) throws(NetlinkError) {}
        mutating func receive() throws(NetlinkError) -> NetlinkReception { waiting.popFirst() ?? .nothing }
    }
}
