import API
import ArgumentParser

/// Which daemon is asked.
struct DaemonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's socket (default: WAYBILL_SOCKET, or \(SocketPath.standard)).", valueName: "path"),
        completion: .file())
    var socket: String?

    func validate() throws {
        if let socket, socket.isEmpty { throw ValidationError("--socket cannot be empty; give the path of a socket.") }
    }

    var client: DaemonClient {
        DaemonClient(path: socket ?? Environment[SocketPath.environmentVariable] ?? SocketPath.standard)
    }
}

/// The form of a result.
enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, ndjson }

struct FormatOptions: ParsableArguments {
    @Option(help: "text for people, json for one document, ndjson for one object a line.")
    var format = Format.text
}
