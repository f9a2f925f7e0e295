import API
import Glibc
import Host

/// What whoever asks can find out without the daemon: whether it is there, and whether it may be asked.
enum CallerChecks {
    /// Of a daemon that answered: its own checks follow.
    static func checks(of status: Status, at path: String) -> [Check] {
        var checks = [Check("daemon", .ok, "waybilld \(status.version) answers at \(path)")]
        if status.version != ProductVersion.text {
            checks.append(
                Check(
                    "version", .limited, "waybill is \(ProductVersion.text), waybilld \(status.version)",
                    lost: "what only the newer of the two knows of", fix: DaemonAbsence.restart))
        }
        checks += group(at: path)
        checks.append(clock(ClockKeeping.look().map(\.isKept)))
        guard let own = status.checks else {
            checks.append(
                Check(
                    "sources", .unknown, "waybilld \(status.version) does not say what it depends on",
                    lost: "what else may be lost", fix: DaemonAbsence.restart))
            return checks
        }
        return checks + own
    }

    /// Of one that did not.
    static func checks(of failure: Failure, at path: String) -> [Check] {
        let absence = failure.absence
        let finding = absence?.finding(path) ?? failure.sentence
        let fix = absence?.fix(path)
        let isDenied = failure.status == .notPermitted
        return [
            Check(
                isDenied ? "permission" : "daemon", .lost, finding,
                lost: isDenied ? "everything, for you" : "everything: nothing is watched", fix: fix),
            Check("sources", .unknown, "only waybilld can tell what it depends on", lost: "what else may be lost"),
        ]
    }

    /// - Parameter isKept: `nil` when the kernel did not say.
    static func clock(_ isKept: Bool?) -> Check {
        guard let isKept else {
            return Check("clock", .unknown, "the kernel does not say whether the clock is kept right")
        }
        guard !isKept else { return Check("clock", .ok, "something keeps this host's clock right") }
        return Check(
            "clock", .limited, "nothing keeps this host's clock right",
            lost: "times that can be compared with those of other hosts' logs", fix: "sudo timedatectl set-ntp true")
    }

    /// A socket for root alone is seldom what was wanted.
    private static func group(at path: String) -> [Check] {
        guard let socket = SocketFile(path) else { return [] }
        if socket.isForRootAlone {
            return [
                Check(
                    "group", .limited, "there is no group waybill, so only root may use the socket",
                    lost: "everything, for other users",
                    fix: "sudo groupadd --system waybill && \(DaemonAbsence.restart)")
            ]
        }
        let mode = String(socket.mode, radix: 8)
        let caller = geteuid() == 0 ? "; you use it as root" : socket.isMine ? ", of which you are a member" : ""
        return [Check("group", .ok, "the socket is for group \(socket.groupName), mode \(mode)\(caller)")]
    }
}

/// The socket's file: who may use it (unix(7)).
struct SocketFile {
    var group: gid_t
    /// The permission bits.
    var mode: mode_t

    /// `nil` when it is not there or may not be looked at.
    init?(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        group = status.st_gid
        mode = status.st_mode & 0o777
    }

    var isForRootAlone: Bool { group == 0 && mode & 0o006 == 0 }

    /// Its number, when it has no name.
    var groupName: String {
        guard let entry = unsafe getgrgid(group), let name = unsafe entry.pointee.gr_name else { return "\(group)" }
        return unsafe String(cString: name)
    }

    /// Whether this process has the group, as it was when the user logged in.
    var isMine: Bool {
        if getegid() == group { return true }
        var groups = [gid_t](repeating: 0, count: 65_536)
        let count = unsafe getgroups(CInt(groups.count), &groups)
        return count > 0 && groups.prefix(Int(count)).contains(group)
    }

    /// Whether the group has `user` by now.
    func has(_ user: String) -> Bool {
        guard let entry = unsafe getgrgid(group), var member = unsafe entry.pointee.gr_mem else { return false }
        while let name = unsafe member.pointee {
            if unsafe String(cString: name) == user { return true }
            unsafe member += 1
        }
        return false
    }
}
