import API
import ArgumentParser
import Terminal

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists requests, the newest last.",
        discussion: """
            Lookups that only prepared another request of the list are left out: its waterfall shows them, and so does \
            --all. On a wide terminal more columns appear.

            Columns, for --columns and --sort: \(columnNames).
            """)

    private static let columnNames = RequestColumn.allCases.map(\.rawValue).joined(separator: ", ")

    @OptionGroup var filters: FilterOptions
    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    @Option(help: ArgumentHelp("How many requests at most.", valueName: "count"))
    var limit = 50

    @Flag(help: "Also lookups that only prepared another request.")
    var all = false

    @Option(
        help: ArgumentHelp("The columns to show, in their order: when,process,to,result.", valueName: "names"),
        completion: Completions.columns)
    var columns: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Sort by a column, the least first; with - before it the greatest first. Then --limit takes the first ones.",
            valueName: "column"),
        completion: Completions.columns)
    var sort: String?

    @Flag(help: "How long ago each was, instead of the time of day.")
    var relative = false

    /// Pages that are asked for at most, however many lookups fill them.
    private static let pageLimit = 20
    /// The latest requests that are looked at to be sorted.
    private static let sortedLimit = 10_000

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit cannot be \(limit); give a number from 1 to 100000.")
        }
        _ = try (chosenColumns(), order())
        if form.format != .text, columns != nil || relative {
            throw ValidationError("--columns and --relative are for text; JSON always has everything.")
        }
    }

    private func chosenColumns() throws -> [RequestColumn]? {
        guard let columns else { return nil }
        let names = columns.split(separator: ",", omittingEmptySubsequences: false).map { name in
            String(name.drop { $0 == " " })
        }
        return try names.map { name in
            guard let column = RequestColumn(name: name) else {
                throw ValidationError("--columns has no \"\(name)\"; there are \(Self.columnNames).")
            }
            return column
        }
    }

    private func order() throws -> RequestOrder? {
        try sort.map { text in
            guard let order = RequestOrder(text) else {
                throw ValidationError(
                    "--sort has no \"\(text)\"; there are \(Self.columnNames), each with - before it.")
            }
            return order
        }
    }

    func run() async throws {
        let (shown, folded, isCut) =
            if let order = try order() { try await collectSorted(order) } else { try await collect() }
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            try output.write(page(shown, folded: folded, isCut: isCut, on: canvas), on: canvas)
        case .json:
            // Newest first, as a page of the daemon is, unless an order was asked for.
            try output.write(json: Page(items: sort == nil ? shown.reversed() : shown, nextCursor: nil))
        case .ndjson: for request in shown { try output.write(json: request) }
        }
        try output.flush()
    }

    /// The newest requests, oldest first, and how many lookups were left out.
    private func collect() async throws -> (shown: [Request], folded: Int, isCut: Bool) {
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
        return (shown.prefix(limit).reversed(), folded.count, false)
    }

    /// The first ones in an order, of the latest ``sortedLimit``.
    private func collectSorted(_ order: RequestOrder) async throws -> (shown: [Request], folded: Int, isCut: Bool) {
        var query = try filters.query()
        query.limit = RequestQuery.limits.upperBound
        var found: [Request] = []
        repeat {
            let page = try await daemon.client.requests(query)
            found += page.items
            query.cursor = page.nextCursor
        } while query.cursor != nil && found.count < Self.sortedLimit
        let (shown, folded) = fold(found)
        return (Array(order.sorted(shown).prefix(limit)), folded.count, query.cursor != nil)
    }

    private func fold(_ requests: [Request]) -> (shown: [Request], folded: [Request]) {
        all ? (requests, []) : Folding.fold(requests)
    }

    private func page(_ requests: [Request], folded: Int, isCut: Bool, on canvas: Canvas) throws -> [Line] {
        guard !requests.isEmpty else {
            return Paragraph.wrap(emptyHint, width: canvas.width)
        }
        let table = RequestTable(
            on: canvas, clock: display.clock, columns: try chosenColumns(), isRelative: relative)
        let leftOut = table.leftOut(requests).map(\.rawValue)
        if !leftOut.isEmpty {
            Output.complain(
                "no room for \(leftOut.joined(separator: ", ")) in \(canvas.width) columns; choose fewer with --columns, "
                    + "or more room with --width")
        }
        var lines = table.lines(requests)
        if isCut {
            lines.append(Line())
            let text = "Only the latest \(Self.sortedLimit) were sorted; filters or --since and --until ask for others."
            lines += Paragraph.wrap(text, .quiet, width: canvas.width)
        }
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
