import CLinux
package import Confine
import Glibc

/// A thread that blocks as it likes, apart from those that tasks share.
package enum OwnThread {
    private final class Body {
        let name: String
        let kept: Capabilities
        let forPrograms: Capabilities
        let run: @Sendable () -> Void

        init(
            _ name: String, _ kept: Capabilities, _ forPrograms: Capabilities, _ run: @escaping @Sendable () -> Void
        ) {
            self.name = name
            self.kept = kept
            self.forPrograms = forPrograms
            self.run = run
        }

        func begin() {
            unsafe wb_name_thread(name)
            Capabilities.keep(kept, forPrograms: forPrograms)
            run()
        }
    }

    /// Starts it; it ends when `body` returns.
    ///
    /// - Parameters:
    ///   - name: as `top -H` shows it, at most 15 bytes.
    ///   - kept: the only privileges that it keeps of those that its maker has.
    ///   - forPrograms: those of them that a program has which it starts.
    /// - Returns: `false` when the system has no thread left for this program (pthread_create(3)).
    package static func start(
        _ name: String, keeping kept: Capabilities, forPrograms: Capabilities = [],
        _ body: @escaping @Sendable () -> Void
    ) -> Bool {
        var identifier = pthread_t()
        let retained = unsafe Unmanaged.passRetained(Body(name, kept, forPrograms, body))
        let argument = unsafe retained.toOpaque()
        let code = unsafe pthread_create(
            &identifier, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().begin()
                return nil
            }, argument)
        guard code == 0 else {
            unsafe retained.release()
            return false
        }
        pthread_detach(identifier)
        return true
    }
}

/// Ends another thread's wait (eventfd(2)).
final class EventSignal: Sendable {
    let descriptor: CInt

    /// - Throws: ``NetlinkError`` when the process has no descriptor left.
    init() throws(NetlinkError) {
        descriptor = wb_event_descriptor()
        guard descriptor >= 0 else { throw .socket(call: "eventfd", errno: errno) }
    }

    deinit { close(descriptor) }

    func give() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Until it is given.
    func wait() {
        var set = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&set, 1, -1)
        take()
    }

    func take() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
