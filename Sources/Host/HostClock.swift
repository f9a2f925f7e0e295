import Glibc
package import Model

/// The host's wall clock: the one that the kernel stamps captured frames with (CLOCK_REALTIME).
package enum HostClock {
    package static var now: Timestamp {
        var time = timespec()
        // It fails for an unknown clock or a bad pointer only; then the epoch is as good as anything.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }

    /// Time since some moment in the past: it never jumps.
    package static var monotonic: Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }

    /// What has to be added to a time of CLOCK_MONOTONIC, as the wall clock is set now.
    ///
    /// The thread may be set aside between a look at the one clock and at the other: the quickest of a few looks counts.
    static var monotonicOffset: TimeSpan {
        var best = TimeSpan(nanoseconds: .max)
        var offset = TimeSpan(nanoseconds: 0)
        for _ in 0..<4 {
            let (before, wall) = (monotonic, now)
            let taken = monotonic - before
            guard taken < best else { continue }
            best = taken
            offset = wall - before
        }
        return offset
    }
}
