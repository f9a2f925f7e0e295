import Glibc

/// Why no daemon answers, found out by looking at its socket.
enum DaemonAbsence {
    /// There is no socket.
    case noSocket
    /// There is one, and nobody listens.
    case nobodyListens
    /// Somebody does, and does not answer.
    case silent
    /// It is for others.
    case denied

    init(at path: String, hasTimedOut: Bool) {
        if unsafe access(path, F_OK) != 0 {
            self = errno == EACCES ? .denied : .noSocket
        } else if unsafe access(path, W_OK) != 0 {
            self = .denied
        } else {
            self = hasTimedOut ? .silent : .nobodyListens
        }
    }

    var status: ExitStatus {
        switch self {
        case .noSocket, .nobodyListens, .silent: .noDaemon
        case .denied: .notPermitted
        }
    }

    func finding(_ path: String) -> String {
        switch self {
        case .noSocket: return "waybilld is not running: there is no socket at \(path)"
        case .nobodyListens: return "waybilld is not running: nobody listens at \(path)"
        case .silent: return "waybilld at \(path) does not answer"
        case .denied:
            guard let socket = SocketFile(path) else { return "you may not use \(path)" }
            if socket.isForRootAlone { return "only root may use \(path), for want of a group waybill" }
            let group = socket.groupName
            guard !socket.has(Self.user) || socket.isMine else {
                return "you are in group \(group) by now, but were not when you logged in"
            }
            return "\(path) is for group \(group), and you are not in it"
        }
    }

    /// A command that helps.
    func fix(_ path: String) -> String {
        switch self {
        case .noSocket, .nobodyListens: return Self.hasSystemd ? "sudo systemctl start waybilld" : "sudo waybilld"
        case .silent: return Self.restart
        case .denied:
            let socket = SocketFile(path)
            if socket?.isForRootAlone == true {
                return "sudo groupadd --system waybill && sudo usermod -aG waybill \(Self.user) && \(Self.restart)"
            }
            let group = socket?.groupName ?? "waybill"
            if socket?.has(Self.user) == true { return "newgrp \(group)" }
            return "sudo usermod -aG \(group) \(Self.user)"
        }
    }

    /// One sentence for those who asked for something else.
    func sentence(_ path: String) -> String {
        switch self {
        case .noSocket, .nobodyListens:
            "\(finding(path)); start it with `\(fix(path))`, or name its socket with --socket"
        case .silent: "\(finding(path)); see `systemctl status waybilld`"
        case .denied:
            "\(finding(path)); `\(fix(path))` helps\(fix(path).contains("usermod") ? ", once you log in again" : "")"
        }
    }

    static var restart: String {
        hasSystemd ? "sudo systemctl restart waybilld" : "sudo pkill -x waybilld && sudo waybilld"
    }

    /// sd_booted(3)
    private static var hasSystemd: Bool { unsafe access("/run/systemd/system", F_OK) == 0 }

    private static var user: String {
        guard let entry = unsafe getpwuid(geteuid()), let name = unsafe entry.pointee.pw_name else { return "$USER" }
        return unsafe String(cString: name)
    }
}
