import Glibc

/// Tells systemd how far the daemon is, where `NOTIFY_SOCKET` names a socket to tell it at (sd_notify(3)).
struct ServiceManager: Sendable {
    private let path: String?

    init(path: String? = unsafe getenv("NOTIFY_SOCKET").map { unsafe String(cString: $0) }) { self.path = path }

    /// - Parameter message: `READY=1`, `STOPPING=1`.
    func tell(_ message: String) {
        var address = sockaddr_un()
        // One byte of the path's room stays for the NUL; @ stands for the NUL of an abstract name.
        guard let path, path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < MemoryLayout.size(ofValue: address.sun_path)
        else { return }
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        address.sun_family = sa_family_t(AF_UNIX)
        let name = path.utf8.map { $0 == UInt8(ascii: "@") && path.hasPrefix("@") ? 0 : $0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let bytes = Array(message.utf8)
        _ = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bytes.withUnsafeBytes {
                    unsafe sendto(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL), address, length)
                }
            }
        }
    }
}
