import Glibc

/// Why the daemon cannot be reached at its socket: each says what to do.
package enum SocketError: Error, Equatable, CustomStringConvertible {
    case pathTooLong(String)
    case noDirectory(String, errno: CInt)
    case notASocket(String)
    case inUse(String)
    case cannotLook(String, errno: CInt)
    case cannotRemove(String, errno: CInt)
    case cannotBind(String, reason: String)
    case notListening(CInt)

    package var description: String {
        switch self {
        case .pathTooLong(let path):
            "the socket's path must have 1 to 107 bytes, this one has \(path.utf8.count): \(path)"
        case .noDirectory(let path, let number):
            "cannot put the socket into \(path): \(SystemError.text(number)); run waybilld as root, or choose another place with --socket"
        case .notASocket(let path):
            "\(path) exists and is not a socket; remove it, or choose another place with --socket"
        case .inUse(let path):
            "another waybilld is serving at \(path); stop it first, or choose another place with --socket"
        case .cannotLook(let path, let number):
            "cannot look whether another waybilld is serving at \(path): \(SystemError.text(number)); run waybilld as root, or choose another place with --socket"
        case .cannotRemove(let path, let number):
            "\(path) is left from before and cannot be removed: \(SystemError.text(number)); remove it, or choose another place with --socket"
        case .notListening(let descriptor):
            "descriptor \(descriptor) of LISTEN_FDS is no listening Unix stream socket; see ListenStream= of waybilld.socket"
        case .cannotBind(let path, let reason):
            "cannot listen at \(path): \(reason); choose another place with --socket"
        }
    }
}

enum SystemError {
    /// What errno says, in words.
    static func text(_ number: CInt) -> String {
        guard let text = unsafe strerror(number) else { return "errno \(number)" }
        return unsafe String(cString: text)
    }
}
