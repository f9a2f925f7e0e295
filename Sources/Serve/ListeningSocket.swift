import Glibc
package import Logging
import Synchronization

/// The Unix socket's place in the file system: taken before anything else is begun, opened to its group once the server
/// has bound it, and freed at the end if it is still ours.
///
/// Two daemons that start at once do not take each other's place: from ``init(_:logger:)`` to ``open()`` the directory
/// is locked (flock(2)), and whoever comes second finds the first one listening.
package final class ListeningSocket: Sendable {
    let settings: SocketSettings
    private let logger: Logger
    private let directory: CInt
    private let priorMask = Mutex<mode_t?>(nil)

    /// Makes the directory if it is missing, and removes a socket that nobody listens on.
    ///
    /// - Throws: ``SocketError`` when somebody does listen, when something else stands there, and when the directory
    ///   cannot be made or written.
    package init(_ settings: SocketSettings, logger: Logger) throws(SocketError) {
        self.settings = settings
        self.logger = logger
        guard !settings.path.isEmpty, settings.path.utf8.count <= Self.pathCapacity else {
            throw .pathTooLong(settings.path)
        }
        directory = try Self.openDirectory(of: settings.path)
        Self.lock(directory)
        do throws(SocketError) { try Self.clear(settings.path) } catch {
            close(directory)
            throw error
        }
    }

    deinit { close(directory) }

    /// sun_path has room for 108 bytes, the last one NUL (unix(7)).
    private static let pathCapacity = 107

    /// To be called before the server binds: until ``open()``, only the daemon's own user may connect.
    func narrow() { priorMask.withLock { $0 = umask(0o177) } }

    /// Gives the bound socket its group and mode, and lets the next daemon look. What fails is told, not fatal: root
    /// and the daemon's own user can connect all the same.
    ///
    /// - Returns: what the socket is known by, for ``remove(_:)``.
    func open() -> FileIdentity? {
        priorMask.withLock { mask in
            if let mask { umask(mask) }
            mask = nil
        }
        if !settings.group.isEmpty {
            if let group = Self.groupID(settings.group) {
                if unsafe chown(settings.path, uid_t.max, group) != 0 {
                    logger.warning(
                        "cannot give \(settings.path) to the group \(settings.group): \(SystemError.text(errno)); its members cannot connect"
                    )
                }
            } else {
                logger.warning(
                    "there is no group \(settings.group), so only root can connect; make it with: groupadd --system \(settings.group)"
                )
            }
        }
        if unsafe chmod(settings.path, mode_t(settings.mode)) != 0 {
            logger.warning("cannot set the mode of \(settings.path): \(SystemError.text(errno))")
        }
        flock(directory, LOCK_UN)
        return FileIdentity(settings.path)
    }

    /// Takes the socket away, unless another daemon has put its own there meanwhile.
    func remove(_ identity: FileIdentity?) {
        guard let identity, FileIdentity(settings.path) == identity else { return }
        _ = unsafe unlink(settings.path)
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
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw .cannotLook(path, errno: errno) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(descriptor, $0, length) }
        }
        // EAGAIN: its backlog is full, so somebody is there. ENOENT: it went while we looked.
        if result == 0 || errno == EAGAIN || errno == EINPROGRESS { return true }
        if errno == ECONNREFUSED || errno == ENOENT { return false }
        throw .cannotLook(path, errno: errno)
    }

    /// By name or number.
    private static func groupID(_ name: String) -> gid_t? {
        var group = unsafe group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        let code = unsafe getgrnam_r(name, &group, &buffer, buffer.count, &found)
        if code == 0, unsafe found != nil { return unsafe group.gr_gid }
        return gid_t(name)
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
