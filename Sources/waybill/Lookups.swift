import API
import ArgumentParser
import Terminal

struct Lookups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists DNS lookups, the newest last.")

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var length: LengthOptions

    func run() async throws {
        let page = try await daemon.client.lookups(limit: length.limit)
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            let lines =
                page.items.isEmpty
                ? Paragraph.wrap("No DNS lookup was seen yet.", width: canvas.width)
                : LookupTable(on: canvas, clock: display.clock).lines(page.items.reversed())
            try output.write(lines, on: canvas)
        case .json: try output.write(json: page)
        case .ndjson: for lookup in page.items.reversed() { try output.write(json: lookup) }
        }
        try output.flush()
    }
}

/// How long a list gets.
struct LengthOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = RequestQuery.defaultLimit

    func validate() throws {
        let allowed = RequestQuery.limits
        guard allowed.contains(limit) else {
            throw ValidationError(
                "--limit cannot be \(limit); give a number from \(allowed.lowerBound) to \(allowed.upperBound).")
        }
    }
}
