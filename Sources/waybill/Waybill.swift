import API
import ArgumentParser
import Glibc

/// The companion of waybilld: shows its requests, and reads capture files by itself.
@main struct Waybill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waybill",
        abstract: "Shows the lifecycle of every outbound request of this host, stage by stage.",
        discussion: """
            Most subcommands ask the daemon waybilld; `read` needs none.

            Exit status: 0 done; 1 failed, or nothing found; 2 the capture file is damaged; 64 wrong usage; 69 no daemon \
            answers; 77 not permitted. `run` exits as its command did: with 126 when it cannot be executed, 127 when it \
            is not found, and 128 plus the number of the signal that ended it.

            Environment: WAYBILL_SOCKET names the daemon's socket, NO_COLOR turns colour off.
            """,
        version: ProductVersion.text,
        subcommands: [
            List.self, Show.self, Follow.self, Run.self, Read.self, ExplainTarget.self, Compare.self, Lookups.self,
            Neighbours.self, ShowRoutes.self,
            Ports.self,
            Leases.self, NAT.self,
            Top.self, Export.self, ShowStatus.self, Doctor.self, Fields.self, Verdicts.self,
        ])

    static func main() async {
        // A reader that goes away (`waybill list | head`) shows up as EPIPE, which `Output` takes for success.
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = takingSocket(from: Array(CommandLine.arguments.dropFirst()))
            try refuseUnknownSubcommand(arguments.first)
            var command = try await asyncParseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Output.complain(failure.sentence)
            Glibc.exit(failure.status.rawValue)
        } catch {
            exit(withError: error)
        }
    }

    /// The parser would only call it an unexpected argument.
    private static func refuseUnknownSubcommand(_ word: String?) throws(Failure) {
        let names = configuration.subcommands.map { $0.configuration.commandName ?? $0._commandName }
        guard let word, !word.hasPrefix("-"), word != "help", !names.contains(word) else { return }
        throw Failure(
            .usage, "there is no subcommand \"\(word)\"; there are \(names.joined(separator: ", ")) (waybill --help)")
    }

    /// `--socket` may also stand before the subcommand, where many look for it: there it says what WAYBILL_SOCKET
    /// says, and a subcommand's own `--socket` still has the last word.
    private static func takingSocket(from arguments: [String]) -> [String] {
        guard let first = arguments.first else { return arguments }
        if first == "--socket", arguments.count > 1, !arguments[1].isEmpty {
            unsafe setenv(SocketPath.environmentVariable, arguments[1], 1)
            return Array(arguments.dropFirst(2))
        }
        if first.hasPrefix("--socket="), first != "--socket=" {
            unsafe setenv(SocketPath.environmentVariable, String(first.dropFirst("--socket=".count)), 1)
            return Array(arguments.dropFirst())
        }
        return arguments
    }
}
