import CSocket
import Glibc
package import Logging
import Synchronization

/// The Unix socket's place in the file system: taken before anything else is begun, bound when the server begins, bound
/// anew when its file goes, and freed at the end if it is still ours.
///
/// Two daemons that start at once do not take each other's place: from ``init(_:logger:)`` to ``bind()`` the directory
/// is locked (flock(2)), and whoever comes second finds the first one listening.
///
/// A socket that systemd has bound (sd_listen_fds(3)) is systemd's: it is neither opened to anybody nor removed.
package final class ListeningSocket: Sendable {
    /// Where it stands: with an inherited socket, where that was bound.
    package let path: String
    private let logger: Logger
    private let isInherited: Bool
    private let state: Mutex<State>

    private struct State {
        var settings: SocketSettings
        /// Open and locked while the socket's place is taken and not bound yet.
        var directory: CInt?
        /// An inherited socket that nobody has taken yet.
        var descriptor: CInt?
        var identity: FileIdentity?
    }

    /// Makes the directory if it is missing, and removes a socket that nobody listens on.
    ///
    /// - Throws: ``SocketError`` when somebody does listen, when something else stands there, and when the directory
    ///   cannot be made or written.
    package init(_ settings: SocketSettings, logger: Logger) throws(SocketError) {
        let path = settings.path
        self.path = path
        self.logger = logger
        isInherited = false
        guard !path.isEmpty, path.utf8.count <= Self.pathCapacity else { throw .pathTooLong(path) }
        state = Mutex(State(settings: settings, directory: try Self.takePlace(path)))
    }

    /// A socket that was bound for us.
    ///
    /// - Throws: ``SocketError/notListening(_:)`` when it is no listening Unix stream socket; it is closed then.
    package init(inherited descriptor: CInt, settings: SocketSettings, logger: Logger) throws(SocketError) {
        guard wb_is_listening_unix_stream(descriptor) == 1 else {
            close(descriptor)
            throw .notListening(descriptor)
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        path = Self.name(of: descriptor) ?? settings.path
        self.logger = logger
        isInherited = true
        state = Mutex(State(settings: settings, descriptor: descriptor))
    }

    deinit {
        state.withLock { state in
            if let directory = state.directory { close(directory) }
            if let descriptor = state.descriptor { close(descriptor) }
        }
    }

    /// sun_path has room for 108 bytes, the last one NUL (unix(7)).
    private static let pathCapacity = 107
    /// Connections that may wait to be accepted.
    private static let backlog: CInt = 256

    /// Binds the socket in its place, or takes the inherited one; the descriptor, which does not block, is the caller's.
    /// What fails of its group and mode is told, not fatal: root and the daemon's own user can connect all the same.
    func bind() throws(SocketError) -> CInt {
        try unlocked { state throws(SocketError) in
            if isInherited {
                guard let descriptor = state.descriptor else { throw .cannotBind(path, reason: "it was taken before") }
                state.descriptor = nil
                return descriptor
            }
            let directory = if let taken = state.directory { taken } else { try Self.takePlace(path) }
            // Unlocks it, too.
            defer {
                close(directory)
                state.directory = nil
            }
            let descriptor = try Self.bound(path)
            open(state.settings)
            guard listen(descriptor, Self.backlog) == 0 else {
                let number = errno
                close(descriptor)
                throw .cannotBind(path, reason: SystemError.text(number))
            }
            state.identity = FileIdentity(path)
            return descriptor
        }
    }

    /// Whether clients find the socket where it was bound.
    var isInPlace: Bool { isInherited || state.withLock { $0.identity != nil && $0.identity == FileIdentity(path) } }

    /// Other bits of the mode, and another group; of a socket that is systemd's they are its own.
    func change(group: String, mode: UInt32) {
        guard !isInherited else { return }
        state.withLock { state in
            guard state.settings.group != group || state.settings.mode != mode else { return }
            (state.settings.group, state.settings.mode) = (group, mode)
            if state.identity != nil, state.identity == FileIdentity(path) { open(state.settings) }
        }
    }

    /// Takes the socket away, unless another daemon has put its own there meanwhile.
    func remove() {
        state.withLock { state in
            guard let identity = state.identity, FileIdentity(path) == identity else { return }
            _ = unsafe unlink(path)
            state.identity = nil
        }
    }

    /// A lock's closure cannot throw one type of error through.
    private func unlocked(_ body: (inout State) throws(SocketError) -> CInt) throws(SocketError) -> CInt {
        let result = state.withLock { state -> Result<CInt, SocketError> in
            do throws(SocketError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Gives the bound socket its group and mode.
    private func open(_ settings: SocketSettings) {
        if !settings.group.isEmpty {
            if let group = GroupName.identifier(settings.group) {
                if unsafe chown(path, uid_t.max, group) != 0 {
                    logger.warning(
                        "cannot give \(path) to the group \(settings.group): \(SystemError.text(errno)); its members cannot connect"
                    )
                }
            } else {
                logger.warning(
                    "there is no group \(settings.group), so only root sees everything; make it with: groupadd --system \(settings.group)"
                )
            }
        }
        if unsafe chmod(path, mode_t(settings.mode)) != 0 {
            logger.warning("cannot set the mode of \(path): \(SystemError.text(errno))")
        }
    }
}

// MARK: - Places in the file system

extension ListeningSocket {
    /// - Returns: the directory, open and locked.
    private static func takePlace(_ path: String) throws(SocketError) -> CInt {
        let directory = try openDirectory(of: path)
        lock(directory)
        do throws(SocketError) { try clear(path) } catch {
            close(directory)
            throw error
        }
        return directory
    }

    private static func openDirectory(of path: String) throws(SocketError) -> CInt {
        let parent = parent(of: path)
        var made = path.startIndex
        // Every missing directory on the way, as mkdir -p does; what is there already is left alone.
        while let slash = parent[made...].firstIndex(of: "/") {
            if slash != parent.startIndex { unsafe mkdir(String(parent[..<slash]), 0o755) }
            made = parent.index(after: slash)
        }
        unsafe mkdir(parent, 0o755)
        let directory = unsafe Glibc.open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .noDirectory(parent, errno: errno) }
        guard unsafe access(parent, W_OK | X_OK) == 0 else {
            let number = errno
            close(directory)
            throw .noDirectory(parent, errno: number)
        }
        return directory
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Waits two seconds at most: a directory that is locked for longer is locked by something else.
    private static func lock(_ directory: CInt) {
        for _ in 0..<200 {
            if flock(directory, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { return }
            usleep(10_000)
        }
    }

    private static func clear(_ path: String) throws(SocketError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else {
            guard errno == ENOENT else { throw .cannotLook(path, errno: errno) }
            return
        }
        guard information.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        switch try isAnswered(path) {
        case true: throw .inUse(path)
        case false:
            guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .cannotRemove(path, errno: errno) }
        }
    }

    private static func isAnswered(_ path: String) throws(SocketError) -> Bool {
        let descriptor = socket()
        guard descriptor >= 0 else { throw .cannotLook(path, errno: errno) }
        defer { close(descriptor) }
        let result = unsafe withAddress(path) { address, length in unsafe connect(descriptor, address, length) }
        // EAGAIN: its backlog is full, so somebody is there. ENOENT: it went while we looked.
        if result == 0 || errno == EAGAIN || errno == EINPROGRESS { return true }
        if errno == ECONNREFUSED || errno == ENOENT { return false }
        throw .cannotLook(path, errno: errno)
    }

    private static func bound(_ path: String) throws(SocketError) -> CInt {
        let descriptor = socket()
        guard descriptor >= 0 else { throw .cannotBind(path, reason: SystemError.text(errno)) }
        // The file that bind(2) makes gets the socket's own mode (unix_bind, net/unix/af_unix.c): until it has its group,
        // only the daemon's own user may connect.
        _ = fchmod(descriptor, 0o600)
        guard unsafe withAddress(path, { address, length in unsafe Glibc.bind(descriptor, address, length) }) == 0
        else {
            let number = errno
            close(descriptor)
            throw .cannotBind(path, reason: SystemError.text(number))
        }
        return descriptor
    }

    private static func socket() -> CInt {
        Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8.prefix(pathCapacity))
        }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        return unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    /// Where a socket was bound; `nil` when that is no path.
    private static func name(of descriptor: CInt) -> String? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &length) }
        }
        guard result == 0, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
        let bytes = unsafe withUnsafeBytes(of: &address.sun_path) { unsafe Array($0.prefix { $0 != 0 }) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}

/// Where the socket stands and who may connect.
package struct SocketSettings: Sendable, Equatable {
    package var path: String
    /// Name or number; empty leaves the group alone.
    package var group: String
    /// Permission bits.
    package var mode: UInt32

    package init(path: String, group: String = "", mode: UInt32 = 0o660) {
        self.path = path
        self.group = group
        self.mode = mode
    }
}

/// What tells one file from another that took its name.
struct FileIdentity: Equatable {
    private let device: dev_t
    private let inode: ino_t

    init?(_ path: String) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else { return nil }
        device = information.st_dev
        inode = information.st_ino
    }
}
