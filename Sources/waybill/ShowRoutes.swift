import API
import ArgumentParser
import Terminal

struct ShowRoutes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "Shows the kernel's routes, or its way to an address, and what changed lately."
    )

    @Option(help: ArgumentHelp("Only the way to this address, as the kernel would take it now.", valueName: "address"))
    var to: String?

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let list = try await daemon.client.routes(to: to)
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            try output.write(RoutePage(list, on: canvas, clock: display.clock).lines(), on: canvas)
        case .json, .ndjson: try output.write(json: list)
        }
        try output.flush()
    }
}
