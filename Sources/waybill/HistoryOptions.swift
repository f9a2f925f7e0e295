import API
import ArgumentParser
import Terminal

/// What the lists of records have in common: their options, and how one page is shown.
struct HistoryOptions: ParsableArguments {
    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var length: LengthOptions

    /// Writes a page, which comes newest first: as it is for one document, the newest last for everything else.
    func show<Item: JSONWritable>(
        _ page: API.Page<Item>, emptyState: String, lines: (Canvas, [Item]) -> [Line]
    ) throws {
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            let text =
                page.items.isEmpty
                ? Paragraph.wrap(emptyState, width: canvas.width) : lines(canvas, page.items.reversed())
            try output.write(text, on: canvas)
        case .json: try output.write(json: page)
        case .ndjson: for item in page.items.reversed() { try output.write(json: item) }
        }
        try output.flush()
    }
}
