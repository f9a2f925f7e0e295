import FoundationEssentials
import Glibc

/// The local ports that a process and its descendants are seen to hold.
///
/// It looks now and then, so a socket that lives shorter than the pause between two looks is missed: what is found
/// is certain, what is not found proves nothing.
struct LocalPorts {
    struct Port: Hashable {
        var isTCP: Bool
        var number: UInt16
    }

    private(set) var ports: Set<Port> = []
    /// All that were seen, those that ended too.
    private(set) var processes: Set<pid_t> = []
    /// How often each socket was looked for in the kernel's tables; ``patience`` when it need not be any more.
    private var attempts: [String: Int] = [:]

    /// A socket is in no table until it has a port, and a Unix socket never is. Reading the tables costs milliseconds.
    private static let patience = 5

    /// Processes that are looked at in one go, so that a fork bomb stays its own problem.
    private static let processLimit = 256
    private static let rememberedLimit = 65_536

    /// Looks once at `root` and what descends from it.
    mutating func look(at root: pid_t) {
        for process in Self.family(of: root) {
            if processes.count < Self.rememberedLimit { processes.insert(process) }
            let fresh = Self.socketInodes(of: process).filter { attempts[$0, default: 0] < Self.patience }
            guard !fresh.isEmpty else { continue }
            for inode in fresh { attempts[inode, default: 0] += 1 }
            for (table, isTCP) in [("tcp", true), ("tcp6", true), ("udp", false), ("udp6", false)] {
                for (inode, number) in Self.table("/proc/\(process)/net/\(table)") where fresh.contains(inode) {
                    guard number > 0 else { continue }
                    ports.insert(Port(isTCP: isTCP, number: number))
                    attempts[inode] = Self.patience
                }
            }
        }
    }

    /// A process and its descendants, ancestors first.
    static func family(of root: pid_t) -> [pid_t] {
        var family = [root]
        var next = 0
        while next < family.count, family.count < processLimit {
            let process = family[next]
            next += 1
            for thread in names(in: "/proc/\(process)/task") {
                let children = text(of: "/proc/\(process)/task/\(thread)/children")
                family += children.split(separator: " ").compactMap { pid_t($0) }
            }
        }
        return family
    }

    private static func socketInodes(of process: pid_t) -> Set<String> {
        let folder = "/proc/\(process)/fd"
        var inodes: Set<String> = []
        for name in names(in: folder) {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"),
                target.hasPrefix("socket:["), target.hasSuffix("]")
            else { continue }
            inodes.insert(String(target.dropFirst(8).dropLast()))
        }
        return inodes
    }

    /// Inode and local port of every socket in a table of /proc/net (proc(5)): the second column is `address:port` in
    /// hexadecimal, the tenth the inode.
    static func rows(_ text: String) -> [(inode: String, port: UInt16)] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            guard columns.count > 9, let colon = columns[1].lastIndex(of: ":"),
                let port = UInt16(columns[1][columns[1].index(after: colon)...], radix: 16)
            else { return nil }
            return (String(columns[9]), port)
        }
    }

    private static func table(_ path: String) -> [(inode: String, port: UInt16)] { rows(text(of: path)) }

    /// Empty when the process has ended or belongs to somebody else.
    private static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    /// Files of /proc tell no size; they are read to their end.
    private static func text(of path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < 16 << 20 {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
