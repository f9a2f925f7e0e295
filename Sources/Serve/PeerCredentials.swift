import CSocket
import Glibc

/// Who connected to a Unix socket, as the kernel noted it at that moment (SO_PEERCRED, unix(7)).
struct PeerCredentials: Sendable, Equatable {
    var process: Int32
    var user: UInt32
    var group: UInt32
    /// Supplementary ones.
    var groups: [UInt32]

    init(process: Int32 = 0, user: UInt32, group: UInt32, groups: [UInt32] = []) {
        self.process = process
        self.user = user
        self.group = group
        self.groups = groups
    }

    /// `nil` when the kernel does not tell: nobody is let in without.
    init?(of connection: CInt) {
        var peer = wb_peer()
        guard unsafe wb_peer_credentials(connection, &peer) == 0 else { return nil }
        self.init(process: peer.process, user: peer.user, group: peer.group)
        groups = Self.groups(of: connection) ?? Self.groups(ofUser: peer.user, peer.group)
    }

    func isMember(of group: UInt32) -> Bool { self.group == group || groups.contains(group) }

    /// Whether the number means one user: all of another user namespace that have no number here share this one
    /// (user_namespaces(7)).
    var isKnown: Bool { user != Self.overflow || Self.seesAllUsers }

    private static let overflow: UInt32 = 65_534

    /// Whether every user of the kernel has a number of its own here.
    private static let seesAllUsers: Bool = {
        guard let file = unsafe fopen("/proc/self/uid_map", "re") else { return false }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard unsafe fgets(&line, CInt(line.count), file) != nil else { return false }
        let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let words = String(decoding: bytes, as: UTF8.self).split { " \t\n".contains($0) }
        return words.count == 3 && words[2] == "4294967295"
    }()

    /// Linux knows no process with more (NGROUPS_MAX, limits.h); few have more than a handful.
    private static let groupCapacities = [64, 65_536]

    /// `nil` where the kernel cannot tell, before 4.13.
    private static func groups(of connection: CInt) -> [UInt32]? {
        for capacity in groupCapacities {
            var groups = [gid_t](repeating: 0, count: capacity)
            let count = unsafe wb_peer_groups(connection, &groups, CInt(capacity))
            if count >= 0 { return Array(groups.prefix(Int(count))) }
            guard errno == ERANGE else { return nil }
        }
        return nil
    }

    /// Those that the user would have after logging in.
    private static func groups(ofUser user: uid_t, _ group: gid_t) -> [UInt32] {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard unsafe getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, unsafe found != nil,
            let name = unsafe entry.pw_name
        else { return [] }
        var groups = [gid_t](repeating: 0, count: 1024)
        var count = CInt(groups.count)
        guard unsafe getgrouplist(name, group, &groups, &count) >= 0 else { return [] }
        return Array(groups.prefix(Int(count)))
    }
}
