import Glibc

/// Tells whether a file is another than before: replaced, or written to.
struct FileIdentity: Equatable {
    private let inode: UInt64
    private let size: Int64
    private let changed: Int64

    /// `nil` when it is not there.
    init?(_ path: String) {
        var status = Glibc.stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        changed = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
    }
}
