import ArgumentParser
import Terminal

struct Lookups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists DNS lookups, the newest last.")

    @OptionGroup var history: HistoryOptions

    func run() async throws {
        let page = try await history.daemon.client.lookups(limit: history.length.limit)
        try history.show(page, emptyState: "No DNS lookup was seen yet.") { canvas, lookups in
            LookupTable(on: canvas, clock: history.display.clock).lines(lookups)
        }
    }
}
