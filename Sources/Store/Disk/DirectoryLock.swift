import Glibc

/// A directory that one process at a time keeps its history in: made if need be, and locked (flock(2)) without a file
/// in it, so that it can be read-only.
final class DirectoryLock: Sendable {
    private let descriptor: CInt

    /// For the owner and the group; a history may hold command lines.
    private static let mode: mode_t = 0o750

    /// - Throws: ``HistoryTrouble`` when there is none and it cannot be made, when it cannot be opened, and when
    ///   another process has it.
    init(_ path: String) throws(HistoryTrouble) {
        if unsafe mkdir(path, Self.mode) != 0 {
            let code = errno
            let isThere = unsafe access(path, F_OK) == 0
            guard code == EEXIST || isThere else {
                throw .noDirectory(path, reason: unsafe String(cString: strerror(code)))
            }
        }
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .failed(path, reason: unsafe String(cString: strerror(errno)))
        }
        // File systems without locks are as if nobody had one.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(descriptor)
            throw .taken(path)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
