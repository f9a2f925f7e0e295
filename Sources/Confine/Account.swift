import Glibc

/// A user of this host, and the groups that it is a member of (passwd(5), group(5)).
struct Account {
    var user: uid_t
    var group: gid_t
    var groups: [gid_t]

    /// `nil` when there is no such user.
    init?(_ name: String) {
        guard let entry = unsafe getpwnam(name) else { return nil }
        user = unsafe entry.pointee.pw_uid
        group = unsafe entry.pointee.pw_gid
        var count = CInt(1024)
        groups = [gid_t](repeating: 0, count: Int(count))
        guard unsafe getgrouplist(name, group, &groups, &count) >= 0 else {
            groups = [group]
            return
        }
        groups.removeLast(groups.count - Int(min(max(count, 0), 1024)))
    }

    /// The calling process's supplementary groups.
    static var ownGroups: [gid_t] {
        var groups = [gid_t](repeating: 0, count: 65_536)
        let count = unsafe getgroups(CInt(groups.count), &groups)
        return Array(groups.prefix(Int(max(count, 0))))
    }

    /// Its number, when it has no name.
    static func name(of user: uid_t) -> String {
        guard let entry = unsafe getpwuid(user), let name = unsafe entry.pointee.pw_name else { return "\(user)" }
        return unsafe String(cString: name)
    }

    /// By name or number.
    static func groupID(_ name: String) -> gid_t? {
        if let entry = unsafe getgrnam(name) { return unsafe entry.pointee.gr_gid }
        return gid_t(name)
    }
}
