import ArgumentParser
import Terminal

struct Neighbours: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists ARP and NDP resolutions, the newest last.")

    @OptionGroup var history: HistoryOptions

    func run() async throws {
        let page = try await history.daemon.client.neighbours(limit: history.length.limit)
        try history.show(page, emptyState: "No ARP or NDP resolution was seen yet.") { canvas, neighbours in
            NeighbourTable(on: canvas, clock: history.display.clock).lines(neighbours)
        }
    }
}
