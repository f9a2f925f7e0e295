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

    /// What has to be added to a time of CLOCK_MONOTONIC, as the wall clock is set now.
    static var monotonicOffset: TimeSpan {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return now - Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }
}
