import API
import ArgumentParser
import Terminal

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks whether the daemon can know everything, and says what is lost and how to get it.",
        discussion: """
            Exit status: 0 nothing is lost, 1 something is, 69 no daemon answers, 77 you may not use its socket.
            """)

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let client = daemon.client
        let checks: [Check]
        let status: ExitStatus?
        do throws(Failure) {
            checks = CallerChecks.checks(of: try await client.status(), at: client.path)
            status = nil
        } catch {
            checks = CallerChecks.checks(of: error, at: client.path)
            status = error.status
        }
        let checkup = Checkup(checks)
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            try output.write(CheckupText(checkup, on: canvas).lines(), on: canvas)
        case .json: try output.write(json: checkup)
        case .ndjson: for check in checks { try output.write(json: check) }
        }
        try output.flush()
        if let status { throw ExitCode(status.rawValue) }
        if !checkup.isWell { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}
