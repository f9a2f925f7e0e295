import API
import ArgumentParser
import Terminal

struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draws the waterfall of one request, then the verdict.",
        discussion: "Each stage shows the facts that find room on its line; --facts shows all of them.")

    @Argument(
        help: "The id of a request, or its beginning as far as it is unique.", completion: Completions.requestIDs)
    var id: String

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Every fact, also what is as expected.")
    var facts = false

    func validate() throws {
        let isPossible =
            !id.isEmpty && id.utf8.count <= 12 && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard isPossible else {
            throw ValidationError("\"\(id)\" is no id of a request; take one from `waybill list`.")
        }
    }

    func run() async throws {
        let request = try await daemon.client.request(id.lowercased())
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            let waterfall = Waterfall(request, on: canvas, clock: display.clock, isComplete: facts)
            try output.write(waterfall.lines(), on: canvas)
        case .json, .ndjson: try output.write(json: request)
        }
        try output.flush()
    }
}
