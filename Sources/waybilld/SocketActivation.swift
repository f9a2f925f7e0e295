import Glibc

/// Sockets that the service manager has bound and passed on (sd_listen_fds(3)).
enum SocketActivation {
    /// The first that is passed.
    private static let first: CInt = 3
    /// What the socket's unit is called, which its socket is called too unless FileDescriptorName= says otherwise.
    private static let names: Set<Substring> = ["waybilld.socket", "waybill"]

    /// The socket to serve at, or `nil` when none was passed to this very process; any other one is closed. The variables
    /// are gone after that: what this program starts would take them for its own.
    ///
    /// To be called before other threads are there: the environment is everybody's.
    static func take() -> CInt? {
        let (process, count) = (text("LISTEN_PID"), text("LISTEN_FDS"))
        let names = text("LISTEN_FDNAMES")?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"] { unsafe unsetenv(name) }
        guard let process, pid_t(process) == getpid(), let count = count.flatMap({ CInt($0) }), count > 0,
            count <= 1024
        else { return nil }
        let descriptors = Array(first..<(first + count))
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let named = zip(descriptors, names).first { Self.names.contains($0.1) }?.0
        let chosen = named ?? descriptors[0]
        for descriptor in descriptors where descriptor != chosen { close(descriptor) }
        return chosen
    }

    private static func text(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
}
