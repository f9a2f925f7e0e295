import API
import ArgumentParser
import Terminal

struct Neighbours: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists ARP and NDP resolutions, the newest last.")

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var length: LengthOptions

    func run() async throws {
        let page = try await daemon.client.neighbours(limit: length.limit)
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            let lines =
                page.items.isEmpty
                ? Paragraph.wrap("No ARP or NDP resolution was seen yet.", width: canvas.width)
                : NeighbourTable(on: canvas, clock: display.clock).lines(page.items.reversed())
            try output.write(lines, on: canvas)
        case .json: try output.write(json: page)
        case .ndjson: for neighbour in page.items.reversed() { try output.write(json: neighbour) }
        }
        try output.flush()
    }
}
