import API
import Glibc
import Terminal

/// Which requests are a command's: those of its processes as the daemon names them, else by what was seen from here.
struct CommandMatch {
    private let processes: Set<pid_t>
    private let ports: Set<LocalPorts.Port>

    /// - Parameter seen: the command's processes, and the ports that they held.
    init(root: pid_t, _ seen: LocalPorts) {
        processes = seen.processes.union([root])
        ports = seen.ports
    }

    /// `nil` when another program is known to have asked.
    func match(_ request: Request) -> RunReport.Match? {
        let line = request.processLine
        if !line.isEmpty { return line.contains { processes.contains($0) } ? .process : nil }
        if let port = request.client.port,
            ports.contains(LocalPorts.Port(isTCP: request.transport == .tcp, number: port))
        {
            return .port
        }
        return .time
    }
}
