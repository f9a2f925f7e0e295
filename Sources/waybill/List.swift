import API
import ArgumentParser
import Terminal

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists requests, the newest last.",
        discussion: """
            Lookups that only prepared another request of the list are left out: its waterfall shows them, and so does \
            --all. On a wide terminal more columns appear.
            """)

    @OptionGroup var filters: FilterOptions
    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    @Option(help: ArgumentHelp("How many requests at most.", valueName: "count"))
    var limit = 50

    @Flag(help: "Also lookups that only prepared another request.")
    var all = false

    /// Pages that are asked for at most, however many lookups fill them.
    private static let pageLimit = 20

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit cannot be \(limit); give a number from 1 to 100000.")
        }
    }

    func run() async throws {
        let (shown, folded) = try await collect()
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            try output.write(page(shown, folded: folded, on: canvas), on: canvas)
        case .json: try output.write(json: Page(items: Array(shown.reversed()), nextCursor: nil))
        case .ndjson: for request in shown { try output.write(json: request) }
        }
        try output.flush()
    }

    /// The newest requests, oldest first, and how many lookups were left out.
    private func collect() async throws -> (shown: [Request], folded: Int) {
        var query = try filters.query()
        query.limit = min(max(limit, RequestQuery.defaultLimit), RequestQuery.limits.upperBound)
        var found: [Request] = []
        for _ in 0..<Self.pageLimit * max(limit / 1000, 1) {
            let page = try await daemon.client.requests(query)
            found += page.items
            query.cursor = page.nextCursor
            if page.nextCursor == nil || fold(found).shown.count >= limit { break }
        }
        let (shown, folded) = fold(found)
        return (shown.prefix(limit).reversed(), folded.count)
    }

    private func fold(_ requests: [Request]) -> (shown: [Request], folded: [Request]) {
        all ? (requests, []) : Folding.fold(requests)
    }

    private func page(_ requests: [Request], folded: Int, on canvas: Canvas) -> [Line] {
        guard !requests.isEmpty else {
            return Paragraph.wrap(emptyHint, width: canvas.width)
        }
        var lines = RequestTable(on: canvas, clock: display.clock).lines(requests)
        if folded > 0 {
            lines.append(Line())
            let text =
                "\(folded) lookup\(folded == 1 ? "" : "s") that served these requests left out; --all shows them."
            lines += Paragraph.wrap(text, .quiet, width: canvas.width)
        }
        return lines
    }

    private var emptyHint: String {
        if (try? filters.query()) == RequestQuery() {
            return """
                No request was seen yet. Make one, for example with `curl -sI https://example.org`, and list again; \
                `waybill status` tells which interfaces are watched.
                """
        }
        return "No request matches. Leave a filter out, or ask further back with --since 1d."
    }
}
