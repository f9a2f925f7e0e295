import ArgumentParser
import Terminal

struct Leases: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists DHCP exchanges: how hosts got their addresses, the newest last.")

    @OptionGroup var history: HistoryOptions

    func run() async throws {
        let page = try await history.daemon.client.leases(limit: history.length.limit)
        try history.show(page, emptyState: "No DHCP exchange was seen yet.") { canvas, leases in
            LeaseTable(on: canvas, clock: history.display.clock).lines(leases)
        }
    }
}
