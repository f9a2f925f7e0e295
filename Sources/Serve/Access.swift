import Glibc
import Synchronization

/// Who may see what: root, the daemon's own user and the members of its group all of it, everybody else nothing, or
/// where that is wanted the requests of their own user.
package struct Access: Sendable, Equatable {
    package var mode: Mode
    /// Name or number; empty stands for the daemon's own.
    package var group: String
    private var groupID: gid_t?

    package enum Mode: String, Sendable, CaseIterable {
        /// Only those who see all may ask.
        case group
        /// Any local user may, and sees its own.
        case own
    }

    package init(_ mode: Mode = .group, group: String = "") {
        self.mode = mode
        self.group = group
        groupID = group.isEmpty ? getegid() : GroupName.identifier(group)
    }

    /// What the peer of a Unix socket sees.
    func viewer(_ peer: PeerCredentials) -> Viewer {
        if peer.user == 0 || peer.user == geteuid() { return .everything }
        if let groupID, peer.isMember(of: groupID) { return .everything }
        switch mode {
        case .group: return .nothing
        case .own: return peer.isKnown ? .own(peer.user) : .nothing
        }
    }
}

/// How much of what there is somebody may see. Made by ``Access`` alone; every ``Route`` says what it gives to each.
enum Viewer: Sendable, Equatable {
    case everything
    /// The requests that are certainly of this user.
    case own(UInt32)
    case nothing
    /// Who came by the loopback port for metrics: anybody on this host.
    case metrics

    /// Whose requests alone are shown; `nil` where those of all are.
    var onlyUser: UInt32? {
        switch self {
        case .everything: nil
        case .own(let user): user
        // Nobody's: no user has this number, it stands for none (chown(2)).
        case .nothing, .metrics: UInt32.max
        }
    }
}

/// Access as it is now: a reload changes it for connections that stand, too.
package final class AccessBox: Sendable {
    private let access: Mutex<Access>

    package init(_ access: Access) { self.access = Mutex(access) }

    package var value: Access { access.withLock { $0 } }

    package func set(_ value: Access) { access.withLock { $0 = value } }
}

enum GroupName {
    /// Of a name or a number.
    static func identifier(_ name: String) -> gid_t? {
        var group = unsafe group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        let code = unsafe getgrnam_r(name, &group, &buffer, buffer.count, &found)
        if code == 0, unsafe found != nil { return unsafe group.gr_gid }
        return gid_t(name)
    }
}
