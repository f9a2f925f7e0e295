import API
import ArgumentParser
import Terminal

struct Ports: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows who listens where and how many ports are left to connect from, or all about one port.")

    @Argument(help: "Only this port: its listener, and the last requests to it.")
    var port: UInt16?

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let output = Output()
        let canvas = display.canvas()
        let page = PortPage(on: canvas, clock: display.clock)
        if let port {
            let report = try await daemon.client.port(port)
            switch form.format {
            case .text: try output.write(page.lines(report), on: canvas)
            case .json, .ndjson: try output.write(json: report)
            }
        } else {
            let list = try await daemon.client.ports()
            switch form.format {
            case .text: try output.write(page.lines(list), on: canvas)
            case .json, .ndjson: try output.write(json: list)
            }
        }
        try output.flush()
    }
}
