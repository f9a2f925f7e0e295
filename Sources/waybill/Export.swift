import API
import ArgumentParser
import Glibc
import Terminal

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the whole history as newline-delimited JSON, the newest first.",
        discussion: """
            All requests that match, as `waybill list --format ndjson` has them; without a filter also every lookup, \
            neighbour resolution and DHCP exchange that is kept. How far it is stands on standard error, where that is \
            a terminal.

                waybill export --since 7d > last-week.ndjson
            """)

    @OptionGroup var filters: FilterOptions
    @OptionGroup var daemon: DaemonOptions

    @Option(name: [.short, .long], help: ArgumentHelp("Write to this file.", valueName: "file"), completion: .file())
    var output: String?

    func run() async throws {
        let destination = try output.map { path throws(Failure) in try Output(path: path) } ?? Output()
        let progress = ExportProgress(isWanted: output != nil || isatty(STDOUT_FILENO) == 0)
        defer { progress.clear() }
        var query = try filters.query()
        let isAll = query == RequestQuery()
        query.limit = RequestQuery.limits.upperBound
        repeat {
            let page = try await daemon.client.requests(query)
            for request in page.items { try destination.write(json: request) }
            progress.add(page.items.count)
            query.cursor = page.nextCursor
        } while query.cursor != nil
        if isAll {
            try await write(Lookup.self, from: Routes.lookups, to: destination, progress)
            try await write(Neighbour.self, from: Routes.neighbours, to: destination, progress)
            try await write(Lease.self, from: Routes.leases, to: destination, progress)
        }
        try destination.flush()
    }

    private func write<Item: JSONWritable & Decodable>(
        _: Item.Type, from route: String, to destination: Output, _ progress: ExportProgress
    ) async throws {
        var query = PageQuery(limit: RequestQuery.limits.upperBound)
        repeat {
            let page: API.Page<Item> = try await daemon.client.page(route, query)
            for item in page.items { try destination.write(json: item) }
            progress.add(page.items.count)
            query.cursor = page.nextCursor
        } while query.cursor != nil
    }
}

/// Tells on a terminal's standard error how many records have been written.
private final class ExportProgress {
    private let isShown: Bool
    private var count: UInt64 = 0

    /// - Parameter isWanted: false when results go to the same terminal, whose lines it would tear apart.
    init(isWanted: Bool) { isShown = isWanted && isatty(STDERR_FILENO) == 1 }

    func add(_ records: Int) {
        count += UInt64(records)
        if isShown { tell("\r\u{1B}[K\(count) records") }
    }

    func clear() {
        if isShown { tell("\r\u{1B}[K") }
    }

    private func tell(_ text: String) {
        let output = Output(descriptor: STDERR_FILENO)
        // Nobody can be told that standard error is closed.
        try? output.write(text)
        try? output.flush()
    }
}
