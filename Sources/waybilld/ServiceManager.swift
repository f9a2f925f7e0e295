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
        guard let descriptor = path.flatMap({ DatagramSocket.connect(to: $0) }) else { return }
        defer { close(descriptor) }
        DatagramSocket.send(Array(message.utf8), by: descriptor)
    }
}
