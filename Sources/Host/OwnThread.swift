import CLinux
import Glibc

/// A thread that blocks as it likes, apart from those that tasks share.
package enum OwnThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts it; it ends when `body` returns.
    ///
    /// - Returns: `false` when the system has no thread left for this program (pthread_create(3)).
    package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var identifier = pthread_t()
        let retained = unsafe Unmanaged.passRetained(Body(body))
        let argument = unsafe retained.toOpaque()
        let code = unsafe pthread_create(
            &identifier, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
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

    func take() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
