import Model

/// How often something may be done: `burst` times at once, and `perSecond` times in the long run.
struct TokenBucket {
    private let burst: Int
    /// Between two that are given out in the long run.
    private let interval: TimeSpan
    private var tokens: Int
    private var refilled = Timestamp.distantPast

    init(burst: Int, perSecond: Int) {
        self.burst = max(1, burst)
        interval = TimeSpan(nanoseconds: 1_000_000_000 / Int64(max(1, perSecond)))
        tokens = self.burst
    }

    mutating func take(at time: Timestamp) -> Bool {
        // A clock that was set back gives nothing and takes nothing.
        if time < refilled { refilled = time }
        if tokens == burst { refilled = time }
        let due = min((time - refilled).nanoseconds / interval.nanoseconds, Int64(burst))
        if due > 0 {
            tokens = min(burst, tokens + Int(due))
            refilled = tokens == burst ? time : refilled + TimeSpan(nanoseconds: due * interval.nanoseconds)
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
