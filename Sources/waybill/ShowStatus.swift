import ArgumentParser
import Terminal

struct ShowStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tells what the daemon watches, what it has seen and what it cannot see.")

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let status = try await daemon.client.status()
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            try output.write(StatusText(status, on: canvas, clock: display.clock).lines(), on: canvas)
        case .json, .ndjson: try output.write(json: status)
        }
        try output.flush()
    }
}
