import Confine
import Model

/// Whether privileges are where they are meant to be: with the threads that need them, and with no thread that answers
/// clients.
enum PrivilegeChecks {
    /// A thread of this program, as /proc/self/task shows it.
    struct ThreadState: Equatable {
        var name: String
        var capabilities: Capabilities
    }

    /// Threads whose maker says what they keep (``OwnThread``).
    private static let privileged: Set = ["capture", "kernel", "port-survey"]

    static var threads: [ThreadState] {
        guard let names = FolderNames("/proc/self/task") else { return [] }
        return names.filter { !$0.hasPrefix(".") }.compactMap { thread in
            // One that has ended since is none.
            guard let status = ProcFile.text(of: "/proc/self/task/\(thread)/status"),
                let name = ProcFile.text(of: "/proc/self/task/\(thread)/comm"),
                let capabilities = Capabilities(status: status)
            else { return nil }
            return ThreadState(name: String(name.prefix { $0 != "\n" }), capabilities: capabilities)
        }
    }

    static func check(_ threads: [ThreadState]) -> Check {
        guard !threads.isEmpty else {
            return Check("privileges", .unknown, "/proc/self/task does not show the threads")
        }
        let strangers = threads.filter { !$0.capabilities.isEmpty && !privileged.contains($0.name) }
        guard strangers.isEmpty else {
            let list = strangers.map { "\($0.name) has \($0.capabilities.list)" }.joined(separator: "; ")
            return Check(
                "privileges", .limited, "threads have capabilities that they do not need: \(list)",
                lost: "part of the protection against a client that breaks in")
        }
        let holders = threads.filter { !$0.capabilities.isEmpty }.count
        return Check(
            "privileges", .ok,
            "\(holders) of \(threads.count) threads hold capabilities; those that answer clients hold none")
    }
}
