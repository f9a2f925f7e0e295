import API
import ArgumentParser
import Terminal

struct Neighbours: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists ARP and NDP resolutions, the newest last, and the kernel's neighbour table.")

    @OptionGroup var history: HistoryOptions

    func run() async throws {
        let page = try await history.daemon.client.neighbours(limit: history.length.limit)
        guard history.form.format == .text else {
            if history.form.format == .ndjson {
                try history.show(API.Page(items: page.items, nextCursor: nil), emptyState: "") { _, _ in [] }
            } else {
                let output = Output()
                try output.write(json: page)
                try output.flush()
            }
            return
        }
        let canvas = history.display.canvas()
        let clock = history.display.clock
        let seen = NeighbourTable(on: canvas, clock: clock).lines(page.items.reversed())
        let kernel = KernelNeighbourTable(page, on: canvas, clock: clock).lines()
        let none = Paragraph.wrap("No ARP or NDP resolution was seen yet.", width: canvas.width)
        let output = Output()
        try output.write(
            (page.items.isEmpty ? none : seen) + (kernel.isEmpty ? [] : [Line()] + kernel), on: canvas)
        try output.flush()
    }
}
