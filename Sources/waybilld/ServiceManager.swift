import Glibc
import Host
import Model

/// Tells systemd how far the daemon is, where `NOTIFY_SOCKET` names a socket to tell it at (sd_notify(3)).
struct ServiceManager: Sendable {
    private let path: String?
    /// How often the watchdog wants to hear that all is well: twice in the time after which it ends the daemon
    /// (sd_watchdog_enabled(3)); `nil` where nobody watches.
    let watchdogInterval: Duration?

    /// From the environment, whose variables are gone after that: what this program starts is not to speak for it.
    ///
    /// To be called before other threads are there: the environment is everybody's.
    static func take() -> ServiceManager {
        defer { for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsafe unsetenv(name) } }
        func text(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }
        let time = text("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        let isForOther = text("WATCHDOG_PID").flatMap { Int64($0) }.map { $0 != Int64(getpid()) } ?? false
        return ServiceManager(
            path: text("NOTIFY_SOCKET"), watchdogInterval: time > 0 && !isForOther ? .microseconds(time / 2) : nil)
    }

    /// The configuration is being read again; `READY=1` says that it was.
    func tellReloading() {
        // By CLOCK_MONOTONIC, which systemd 253 and later want beside it.
        tell("RELOADING=1\nMONOTONIC_USEC=\(HostClock.monotonic.nanoseconds / 1000)")
    }

    /// - Parameter message: `READY=1`, `STOPPING=1`, `WATCHDOG=1`.
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
