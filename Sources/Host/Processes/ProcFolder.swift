import Glibc
import Model

/// A folder laid out like /proc (proc(5)): what the kernel says of its processes.
struct ProcFolder: Sendable {
    let path: String

    init(_ path: String = "/proc") { self.path = path }

    /// What /proc/PID/stat has before everything else.
    struct Stat: Equatable {
        var name: String
        /// It has ended, and its parent has not asked how.
        var isZombie = false
        var parent: Int32
        /// Clock ticks after boot.
        var started: UInt64
    }

    func stat(_ pid: Int32) -> Stat? {
        // The name stands in parentheses and may hold any byte but NUL, spaces and parentheses too; bytes are looked at,
        // since a combining mark behind a parenthesis would make another character of both.
        guard let text = ProcFile.text(of: "\(path)/\(pid)/stat"),
            let open = text.utf8.firstIndex(of: UInt8(ascii: "(")),
            let close = text.utf8.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        // Behind the name: state (field 3), parent, …, start time (field 22).
        let fields = text[text.utf8.index(after: close)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let started = UInt64(fields[19]) else { return nil }
        return Stat(
            name: String(text[text.utf8.index(after: open)..<close]), isZombie: fields[0].hasSuffix("Z"),
            parent: parent,
            started: started)
    }

    /// The file that it runs; of one that was replaced or removed meanwhile the path that it had.
    func executable(_ pid: Int32) -> String? {
        guard let target = link("\(path)/\(pid)/exe") else { return nil }
        return target.dropping(suffix: " (deleted)").map { String($0) } ?? target
    }

    private static let argumentLimit = 4096

    /// Empty for a kernel thread; cut at 4096 bytes.
    func arguments(_ pid: Int32) -> [String]? {
        guard let text = ProcFile.text(of: "\(path)/\(pid)/cmdline", limit: Self.argumentLimit) else { return nil }
        var words = text.split(separator: "\0", omittingEmptySubsequences: false).map { String($0) }
        if words.last == "" { words.removeLast() }
        return words
    }

    /// The path in the unified hierarchy, else in systemd's own.
    func controlGroup(_ pid: Int32) -> String? {
        guard let text = ProcFile.text(of: "\(path)/\(pid)/cgroup") else { return nil }
        var found: String?
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[0] == "0", parts[2] != "/" { return String(parts[2]) }
            if parts[1] == "name=systemd" || (found == nil && parts[0] == "0") { found = String(parts[2]) }
        }
        return found
    }

    /// The effective user, by number.
    func user(_ pid: Int32) -> UInt32? {
        guard let text = ProcFile.text(of: "\(path)/\(pid)/status") else { return nil }
        for line in text.split(separator: "\n") {
            guard let numbers = line.dropping(prefix: "Uid:") else { continue }
            let parts = numbers.split(whereSeparator: { $0 == "\t" || $0 == " " })
            return parts.count >= 2 ? UInt32(parts[1]) : nil
        }
        return nil
    }

    /// The inode that stands for its network namespace (namespaces(7)).
    func networkNamespace(_ pid: String) -> UInt64? { namespace(pid, "net") }

    /// - Parameter kind: `net`, `mnt`, …
    func namespace(_ pid: String, _ kind: String) -> UInt64? {
        guard let target = link("\(path)/\(pid)/ns/\(kind)"), let number = target.dropping(prefix: "\(kind):[") else {
            return nil
        }
        return number.dropping(suffix: "]").flatMap { UInt64($0) }
    }

    /// All processes, by number; empty when it cannot be read.
    func processes() -> [Int32] { FolderNames(path)?.compactMap { Int32($0) } ?? [] }

    enum OpenSockets: Equatable {
        /// By inode.
        case found([UInt64])
        case denied
        case gone
    }

    func sockets(_ pid: Int32) -> OpenSockets {
        let folder = "\(path)/\(pid)/fd"
        guard let names = FolderNames(folder) else { return stat(pid)?.isZombie != false ? .gone : .denied }
        var inodes: [UInt64] = []
        var readable = 0
        var hidden = 0
        for name in names where name != "." && name != ".." {
            guard let target = link("\(folder)/\(name)", limit: 32) else {
                hidden += 1
                continue
            }
            readable += 1
            if let inode = target.dropping(prefix: "socket:[")?.dropping(suffix: "]").flatMap({ UInt64($0) }) {
                inodes.append(inode)
            }
        }
        // Files come and go, but never all at once.
        return readable == 0 && hidden > 0 ? .denied : .found(inodes)
    }

    /// The kernel's table of sockets as `pid` sees it: /proc/PID/net/tcp and its kin.
    func socketTable(_ pid: String, _ name: String) -> String? {
        ProcFile.text(of: "\(path)/\(pid)/net/\(name)", limit: Self.tableLimit)
    }

    /// About 50,000 sockets.
    private static let tableLimit = 8 << 20

    /// When this kernel started, by the wall clock as it is set now.
    static var boot: Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        let up = TimeSpan.seconds(Int(time.tv_sec)).nanoseconds + Int64(time.tv_nsec)
        return HostClock.now - TimeSpan(nanoseconds: up)
    }

    /// Clock ticks a second, as /proc counts them: USER_HZ.
    static let ticks = UInt64(max(1, sysconf(CInt(_SC_CLK_TCK))))

    private func link(_ path: String, limit: Int = 4096) -> String? {
        var buffer = [UInt8](repeating: 0, count: limit + 1)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return unsafe readlink(path, start.assumingMemoryBound(to: CChar.self), bytes.count - 1)
        }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}

extension String {
    func dropping(prefix: String) -> Substring? { self[...].dropping(prefix: prefix) }
    func dropping(suffix: String) -> Substring? { hasSuffix(suffix) ? dropLast(suffix.count) : nil }
}
