import API
import ArgumentParser
import Glibc
import Terminal

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a command, then draws the waterfall of every request made meanwhile.",
        discussion: """
            The command keeps the terminal and its files; what waybill has to say goes to standard error, or to the file \
            of --output. A request is the command's when the process that asked is the command or came from it ("by \
            process"). Where the daemon does not know who asked, it is when its port was seen with the command ("by \
            port"), and may be when it merely began while the command ran ("by time"). What other programs asked is left \
            out.

            It exits as the command did.
            """)

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Every fact of each stage.")
    var facts = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the waterfalls to a file.", valueName: "file"))
    var output: String?

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments, after --.")
    var command: [String]

    private var words: [String] { command.first == "--" ? Array(command.dropFirst()) : command }

    func validate() throws {
        guard !words.isEmpty else { throw ValidationError("no command; write waybill run -- COMMAND.") }
    }

    func run() async throws {
        let client = daemon.client
        // Without a daemon there would be nothing to show, so the command is not even begun.
        _ = try await client.status()
        let sink =
            try output.map { path throws(Failure) in try Output(path: path) } ?? Output(descriptor: STDERR_FILENO)
        let start = Time.now
        let child: ChildCommand
        do throws(SpawnError) {
            child = try ChildCommand(words)
        } catch {
            Output.complain("cannot run \(words[0]): \(Output.reason(error.code))")
            throw ExitCode(error.exitStatus)
        }
        let (status, seen) = await Self.wait(for: child)
        let end = Time.now
        do {
            let observation = Observation(client: client, start: start, end: end)
            let requests = try await observation.requests()
            let silent = form.format == .text ? try await observation.unansweredNeighbours() : []
            try show(requests, silent, CommandMatch(root: child.pid, seen), to: sink)
            try sink.flush()
        } catch let failure as Failure {
            Output.complain(failure.sentence)
        }
        throw ExitCode(status)
    }

    /// Waits for the end of the command and looks at its ports meanwhile: often at first, when connections are made,
    /// then ever less often.
    private static func wait(for child: ChildCommand) async -> (status: Int32, seen: LocalPorts) {
        var ports = LocalPorts()
        var pause = Duration.milliseconds(1)
        while true {
            ports.look(at: child.pid)
            if let status = child.exitStatus() { return (status, ports) }
            // A cancelled sleep would only look once more.
            try? await Task.sleep(for: pause)
            pause = min(pause * 1.05, .milliseconds(20))
        }
    }

    private func show(
        _ requests: [Request], _ silent: [Neighbour], _ command: CommandMatch, to sink: Output
    ) throws {
        let matched = requests.compactMap { request in
            command.match(request).map { match in
                var request = request
                request.matched = match.rawValue
                return request
            }
        }
        switch form.format {
        case .json: try sink.write(json: Page(items: matched, nextCursor: nil))
        case .ndjson: for request in matched { try sink.write(json: request) }
        case .text:
            let canvas = output == nil ? display.canvas(for: STDERR_FILENO) : display.canvas(for: -1)
            let report = RunReport(
                requests, silent: silent, on: canvas, clock: display.clock, isComplete: facts
            ) { command.match($0) }
            try sink.write(report.lines(), on: canvas)
        }
    }
}
