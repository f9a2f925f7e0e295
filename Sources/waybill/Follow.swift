import API
import ArgumentParser
import Dispatch
import FoundationEssentials
import Glibc
import Terminal

struct Follow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows requests as they happen: one line when it is known how each went.",
        discussion: """
            A request is shown once: when it failed, was answered or was closed. Lookups that were answered are left out \
            unless --all is given. Control-C ends it. With --format ndjson every change of a request is a line.
            """)

    @OptionGroup var filters: FilterOptions
    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Also lookups that were answered.")
    var all = false

    func validate() throws {
        if form.format == .json {
            throw ValidationError("a stream is never one document; use --format ndjson.")
        }
    }

    func run() async throws {
        let query = try filters.query()
        let tally = Task {
            switch form.format {
            case .text: try await followRows(query)
            case .json, .ndjson: try await followLines(query)
            }
        }
        let interrupts = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { tally.cancel() }
            source.activate()
            return source
        }
        defer { for source in interrupts { source.cancel() } }
        let counts = try await tally.value
        guard tally.isCancelled else {
            throw Failure(.noDaemon, "waybilld ended the stream; start `waybill follow` again when it runs")
        }
        guard form.format == .text, isatty(STDOUT_FILENO) == 1 else { return }
        let output = Output()
        try output.write("\n\(counts.shown) shown, \(counts.failed) failed\n")
        try output.flush()
    }

    struct Tally: Sendable {
        var shown = 0
        var failed = 0
    }

    private func followRows(_ query: RequestQuery) async throws -> Tally {
        let canvas = display.canvas()
        let display = display
        var tally = Tally()
        var settled = SettledRequests()
        let output = Output()
        let decoder = JSONDecoder()
        let titles = {
            try output.write(RequestTable(on: canvas, clock: display.clock).streamTitles(), on: canvas)
            try output.flush()
        }
        try await daemon.client.stream(query, begin: titles) { line in
            guard let request = try? decoder.decode(Request.self, from: Data(line.utf8)) else {
                throw Failure(.failed, "waybilld sent a record that cannot be read; are both of the same version?")
            }
            guard settled.isNews(request), all || !request.isAnsweredLookup else { return }
            tally.shown += 1
            if request.outcome == .failed { tally.failed += 1 }
            try output.write(RequestTable(on: canvas, clock: display.clock).streamRow(request), on: canvas)
            try output.flush()
        }
        return tally
    }

    private func followLines(_ query: RequestQuery) async throws -> Tally {
        let output = Output()
        try await daemon.client.stream(query) { line in
            try output.write(line + "\n")
            try output.flush()
        }
        return Tally()
    }
}

/// Tells when a request has come to its result for the first time.
struct SettledRequests {
    private var shown: Set<String> = []

    /// Long before this many are open at once the daemon drops records itself; then lines may come twice.
    static let capacity = 200_000

    mutating func isNews(_ request: Request) -> Bool {
        // Another request tells of it.
        if request.attemptOf != nil { return false }
        if request.complete { return shown.remove(request.id) == nil }
        guard request.isSettled else { return false }
        if shown.count >= Self.capacity { shown.removeAll(keepingCapacity: true) }
        return shown.insert(request.id).inserted
    }
}

extension Request {
    /// It failed, or what it was made for has come back.
    var isSettled: Bool {
        if complete || outcome == .failed { return true }
        guard outcome == .ok else { return false }
        return transport != .tcp || stage(.exchange)?.status == .ok || stage(.close)?.status == .ok
    }

    var isAnsweredLookup: Bool { asksForNames && outcome == .ok }
}
