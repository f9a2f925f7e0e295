/// A process as the kernel told of it at one moment (proc(5)). It never changes, and many requests share it.
///
/// What could not be learnt is `nil`, and ``gap`` says why.
package final class Process: Sendable {
    package let pid: Int32
    /// Of up to 15 bytes: the program's own name for itself, else its file's.
    package let name: String
    package let started: Timestamp?
    /// The file that it runs.
    package let executable: String?
    /// Empty for a kernel thread; `nil` as well when the configuration forbids to keep it.
    package let arguments: [String]?
    /// From its parent on upwards, at most ``ancestorCapacity``.
    package let ancestors: [Ancestor]
    package let user: User?
    /// Its control group's path, in the unified hierarchy where there is one (cgroups(7)).
    package let controlGroup: String?
    /// The systemd unit that its control group belongs to.
    package let unit: String?
    package let container: Container?
    package let networkNamespace: NetworkNamespace
    /// Why something above is not known: it had ended before it could be looked at, or may not be looked at.
    package let gap: String?

    package static let ancestorCapacity = 8

    /// Whose links, addresses and ports a process sees (network_namespaces(7)). Two of them may use the same addresses.
    package enum NetworkNamespace: Sendable, Equatable {
        /// This program's.
        case own
        /// Another one, by the inode that stands for it.
        case other(UInt64)
        /// It could not be looked at.
        case unknown
    }

    package struct Ancestor: Sendable, Equatable {
        package var pid: Int32
        package var name: String

        package init(pid: Int32, name: String) {
            self.pid = pid
            self.name = name
        }
    }

    package struct User: Sendable, Equatable {
        package var identifier: UInt32
        package var name: String?

        package init(identifier: UInt32, name: String?) {
            self.identifier = identifier
            self.name = name
        }
    }

    /// As the names of control groups show it.
    package struct Container: Sendable, Equatable {
        /// What the runtime calls it; 64 hexadecimal digits with most.
        package var identifier: String
        /// `docker`, `podman`, `containerd`, `cri-o`, `lxc` or `systemd-nspawn`; `nil` when the name does not tell.
        package var runtime: String?

        package init(identifier: String, runtime: String?) {
            self.identifier = identifier
            self.runtime = runtime
        }
    }

    package init(
        pid: Int32, name: String, started: Timestamp? = nil, executable: String? = nil, arguments: [String]? = nil,
        ancestors: [Ancestor] = [], user: User? = nil, controlGroup: String? = nil, unit: String? = nil,
        container: Container? = nil, networkNamespace: NetworkNamespace = .unknown, gap: String? = nil
    ) {
        self.pid = pid
        self.name = name
        self.started = started
        self.executable = executable
        self.arguments = arguments
        self.ancestors = ancestors
        self.user = user
        self.controlGroup = controlGroup
        self.unit = unit
        self.container = container
        self.networkNamespace = networkNamespace
        self.gap = gap
    }
}

extension Process: Equatable {
    package static func == (left: Process, right: Process) -> Bool { left === right }
}

/// Whose socket a request came from, and how that is known; or why it is not.
package struct SocketOwner: Sendable, Equatable {
    package var process: Process?
    package var how: How
    /// The socket's own user, where the socket could be looked at.
    package var user: Process.User?
    /// Why there is no process, or what is uncertain about the one that there is.
    package var reason: String?
    /// Several were told, of whom none can be believed: no further word changes that.
    package var isContested = false
    /// Of an inbound request: what listens at its port, where that was looked up.
    package var listener: ServingListener?

    /// How a socket's owner was found, surest first.
    package enum How: UInt8, Sendable {
        /// The kernel told of the very thread that connected or sent, as it did.
        case traced
        /// The socket was found by its tuple, and one process has it open.
        case socket
        /// It was among the sockets that were there when observing began.
        case existing
        /// Of an inbound request: it has the connection's own socket open, or the one that receives its datagrams.
        case accepted
        case receiving
        /// Of an inbound request: it has the socket open that listens at its port; another one may have accepted.
        case listening

        package var name: String {
            switch self {
            case .traced: "traced"
            case .socket: "socket_table"
            case .existing: "existing_socket"
            case .accepted: "accepted_socket"
            case .receiving: "receiving_socket"
            case .listening: "listening_socket"
            }
        }
    }

    package init(_ process: Process?, _ how: How, user: Process.User? = nil, reason: String? = nil) {
        self.process = process
        self.how = how
        self.user = user
        self.reason = reason
    }
}

extension SocketOwner {
    /// The user whose request it certainly is: what may be shown to that user alone. `nil` where there is any doubt.
    ///
    /// The process and the socket must be of the same user, where both are known: who holds a socket may have been given
    /// it, and a program that changes its user is of two. Of an inbound request, who merely listens at its port counts for
    /// nothing: another one may have accepted.
    package var certainUser: UInt32? {
        guard !isContested, how != .listening else { return nil }
        switch (process?.user?.identifier, user?.identifier) {
        case (let holder?, let maker?): return holder == maker ? holder : nil
        case (let one?, nil), (nil, let one?): return one
        case (nil, nil): return nil
        }
    }
}
