import API
import Model
import Report
import Terminal

/// What `waybill read` makes of a file's records.
protocol ReplayReport: AnyObject {
    /// Without it the records are not even built.
    var wantsRecords: Bool { get }
    func take(_ record: Model.Record) throws
    /// - Parameter damage: why the file could not be read to its end.
    func finish(_ summary: API.Summary, damage: String?) throws
}

/// One JSON object a line, the totals last.
final class LinesReport: ReplayReport {
    let wantsRecords = true
    private let output = Output()
    private let renderer = RecordRenderer()
    private var writer = JSONWriter(capacity: 1 << 16)

    private static let batchSize = 1 << 15

    func take(_ record: Model.Record) throws {
        renderer.writeLine(record, to: &writer)
        if writer.bytes.count >= Self.batchSize { try output.take(&writer) }
    }

    func finish(_ summary: API.Summary, damage: String?) throws {
        summary.write(to: &writer)
        writer.endLine()
        try output.take(&writer)
        try output.flush()
    }
}

/// One JSON document: `records`, `summary`, and `error` when the file is damaged.
final class DocumentReport: ReplayReport {
    let wantsRecords = true
    private let output = Output()
    private let renderer = RecordRenderer()
    private var writer = JSONWriter(capacity: 1 << 16)
    private var isFirst = true

    func take(_ record: Model.Record) throws {
        // The writer is emptied after each record, so the commas between them are set here.
        try output.write(isFirst ? "{\"records\":[" : ",")
        isFirst = false
        renderer.write(record, to: &writer)
        try output.take(&writer)
    }

    func finish(_ summary: API.Summary, damage: String?) throws {
        try output.write(isFirst ? "{\"records\":[],\"summary\":" : "],\"summary\":")
        summary.write(to: &writer)
        try output.take(&writer)
        if let damage {
            try output.write(",\"error\":")
            writer.string(damage)
            try output.take(&writer)
        }
        try output.write("}\n")
        try output.flush()
    }
}

/// The totals alone.
final class SummaryReport: ReplayReport {
    let wantsRecords = false
    private let canvas: Canvas
    private let clock: Clock

    init(canvas: Canvas, clock: Clock) {
        self.canvas = canvas
        self.clock = clock
    }

    func take(_ record: Model.Record) {}

    func finish(_ summary: API.Summary, damage: String?) throws {
        let output = Output()
        try output.write(SummaryText(summary, on: canvas, clock: clock).lines(), on: canvas)
        try output.flush()
    }
}

/// The waterfall of every request, in the order in which they were completed, then the totals.
final class WaterfallReport: ReplayReport {
    let wantsRecords = true
    private let canvas: Canvas
    private let clock: Clock
    private let isComplete: Bool
    private let output = Output()
    private let renderer = RecordRenderer()
    private var findings: Findings

    init(canvas: Canvas, clock: Clock, isComplete: Bool) {
        findings = Findings(canvas: canvas, clock: clock)
        self.canvas = canvas
        self.clock = clock
        self.isComplete = isComplete
    }

    func take(_ record: Model.Record) throws {
        findings.take(record)
        guard case .request(let lifecycle) = record else { return }
        let request = renderer.request(lifecycle)
        let lines = Waterfall(request, on: canvas, clock: clock, isComplete: isComplete).lines()
        try output.write(lines + [Line(), Line()], on: canvas)
    }

    func finish(_ summary: API.Summary, damage: String?) throws {
        let found = findings.lines()
        if !found.isEmpty { try output.write(found + [Line()], on: canvas) }
        try output.write(SummaryText(summary, on: canvas, clock: clock).lines(), on: canvas)
        try output.flush()
    }
}

/// A table of the requests with a verdict under each that failed, then the totals.
///
/// The first rows decide how wide the columns are; what follows is written as it comes, so a file of any size
/// needs no more memory than that.
final class TableReport: ReplayReport {
    let wantsRecords = true
    private let canvas: Canvas
    private let clock: Clock
    private let output = Output()
    private let renderer = RecordRenderer()
    private var waiting: [Request] = []
    private var rows: RequestRows?
    private var findings: Findings

    private static let sample = 1000

    init(canvas: Canvas, clock: Clock) {
        findings = Findings(canvas: canvas, clock: clock)
        self.canvas = canvas
        self.clock = clock
    }

    func take(_ record: Model.Record) throws {
        findings.take(record)
        switch record {
        case .request(let lifecycle):
            let request = renderer.request(lifecycle)
            if let rows {
                try output.write(rows.lines(for: request), on: canvas)
            } else {
                waiting.append(request)
                if waiting.count >= Self.sample { try writeWaiting() }
            }
        case .lookup, .neighbour, .lease, .icmpError: break
        }
    }

    func finish(_ summary: API.Summary, damage: String?) throws {
        if rows == nil { try writeWaiting() }
        let totals = SummaryText(summary, on: canvas, clock: clock).lines()
        try output.write(findings.lines() + [Line()] + totals, on: canvas)
        try output.flush()
    }

    private func writeWaiting() throws {
        waiting.sort { $0.first < $1.first }
        let rows = RequestTable(on: canvas, clock: clock).rows(fitting: waiting)
        self.rows = rows
        if waiting.isEmpty {
            try output.write([Line("No request was found.")], on: canvas)
        } else {
            try output.write(rows.titles, on: canvas)
        }
        for request in waiting { try output.write(rows.lines(for: request), on: canvas) }
        waiting = []
    }
}
