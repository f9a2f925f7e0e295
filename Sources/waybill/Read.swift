import API
import ArgumentParser
import Glibc
import Model
import Report
import Terminal

struct Read: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads a capture file and shows its requests; no daemon is needed.",
        discussion: """
            pcap and pcapng files are read, or standard input for -. In a file nobody is "this host": every initiator's \
            request counts as outbound, unless --local tells which networks are ours. A damaged file yields all that \
            came before the damage, then the error, and exit status 2.

            With filters of requests, or a condition, only requests that match are shown and nothing else; --filter takes \
            frames instead, before anything is made of them.
            """)

    enum ReadFormat: String, ExpressibleByArgument, CaseIterable { case text, json, ndjson, summary }

    @Argument(help: "A pcap or pcapng file, or - for standard input.", completion: Completions.captures)
    var file: String

    @Option(help: "text, json (one document), ndjson (one object a line), or summary (the totals alone).")
    var format = ReadFormat.text

    @Option(help: ArgumentHelp("Only frames that match, in the language of pcap-filter(7).", valueName: "bpf"))
    var filter: String?

    @Option(
        name: .customLong("local"),
        help: ArgumentHelp("A network of ours (10.0.0.0/8); may be repeated.", valueName: "prefix"))
    var locals: [String] = []

    @Flag(help: "Draw the waterfall of every request instead of a table.")
    var waterfalls = false

    @Flag(help: "Every fact of each stage.")
    var facts = false

    @OptionGroup var filters: FilterOptions
    @OptionGroup var display: DisplayOptions

    func validate() throws {
        _ = try localNetworks()
        if format == .summary, try filters.query() != RequestQuery() {
            throw ValidationError("a summary counts everything; leave the filters of requests out, or use --filter.")
        }
        if waterfalls || facts, format != .text {
            throw ValidationError("--waterfalls and --facts draw text; leave --format out.")
        }
    }

    func run() async throws {
        let replay = Replay(
            path: file, filter: filter, localNetworks: try localNetworks(), requests: try requestFilter())
        // Rows that appear on the same terminal show by themselves how far it is.
        let isQuiet = format == .summary || isatty(STDOUT_FILENO) == 0
        try replay.run(into: report, showingProgressOf: ReplayProgress(isWanted: isQuiet))
    }

    /// `nil` when everything is wanted.
    private func requestFilter() throws -> RequestFilter? {
        let query = try filters.query()
        guard query != RequestQuery() else { return nil }
        do throws(QueryError) {
            return try RequestFilter(query, now: Timestamp(nanoseconds: Time.now.nanoseconds))
        } catch {
            throw ValidationError("--\(error.description).")
        }
    }

    private func localNetworks() throws -> [IPPrefix] {
        try locals.map { text in
            guard let prefix = IPPrefix(text.contains("/") ? text : "\(text)/\(text.contains(":") ? 128 : 32)") else {
                throw ValidationError(
                    "--local cannot be \"\(text)\"; give a network or an address (10.0.0.0/8, 2001:db8::1).")
            }
            return prefix
        }
    }

    private var report: any ReplayReport {
        let canvas = display.canvas()
        return switch format {
        case .text where waterfalls || facts:
            WaterfallReport(canvas: canvas, clock: display.clock, isComplete: facts)
        case .text: TableReport(canvas: canvas, clock: display.clock)
        case .summary: SummaryReport(canvas: canvas, clock: display.clock)
        case .json: DocumentReport()
        case .ndjson: LinesReport()
        }
    }
}
