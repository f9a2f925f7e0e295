import CPcap
import Glibc

/// Ends a wait in ``LiveCapture/poll(timeout:_:)`` from any thread; an eventfd.
package final class WakeSignal: Sendable {
    let descriptor: CInt

    init() throws(CaptureError) {
        descriptor = wb_wake_descriptor()
        guard descriptor >= 0 else { throw .interface("wake-up", .refused(systemMessage(errno))) }
    }

    deinit { close(descriptor) }

    /// Wakes the next wait, or the one under way. Many calls before it are one.
    package func wake() {
        var one: UInt64 = 1
        // Fails only when the counter is full, and then the wait ends anyway.
        _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes back what `wake` did.
    func reset() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
