import Glibc
import Model

/// The two clocks of live capture.
enum Clock {
    /// The kernel stamps frames with this one.
    static func realtime() -> Timestamp {
        Timestamp(nanoseconds: read(CLOCK_REALTIME).nanoseconds)
    }

    static func monotonic() -> TimeSpan { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> TimeSpan {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return TimeSpan(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}
