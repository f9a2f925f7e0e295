package import Model

/// Decides from when on records are too old, and does not believe a clock that jumped.
///
/// A clock that is set forward by years would make every record old at once. So after a jump, and after a start at
/// which the clock is far from the newest record, nothing is dropped for its age until the clock has gone on evenly for
/// a day. By then somebody has set it right, or it is right.
package struct RetentionClock: Sendable {
    /// How long records are kept.
    package var span: TimeSpan
    private var last: (wall: Timestamp, steady: TimeSpan)?
    private var holdsUntil: TimeSpan?

    /// More than leap seconds, suspends and the slewing of NTP make of it.
    static let tolerance = TimeSpan.seconds(600)
    static let hold = TimeSpan.seconds(86_400)

    package init(span: TimeSpan) { self.span = span }

    /// Nothing is dropped for its age: the clock has jumped lately.
    package var isHolding: Bool { holdsUntil != nil }

    /// - Parameters:
    ///   - wall: what time it is said to be.
    ///   - steady: of a clock that nobody sets, from any beginning, counting also while the machine sleeps.
    ///   - newest: the record that was written last, when there is one.
    /// - Returns: records whose last packet is before this are too old; `nil` while that cannot be told.
    package mutating func cutoff(wall: Timestamp, steady: TimeSpan, newest: Timestamp?) -> Timestamp? {
        if let last {
            let drift = (wall - last.wall) - (steady - last.steady)
            if drift > Self.tolerance || drift < .zero - Self.tolerance { holdsUntil = steady + Self.hold }
        } else if let newest {
            // The machine may have been off for so long, too: then nothing is lost by a day more.
            let distance = wall - newest
            if distance > Self.hold || distance < .zero - Self.tolerance { holdsUntil = steady + Self.hold }
        }
        last = (wall, steady)
        if let until = holdsUntil {
            guard steady >= until else { return nil }
            holdsUntil = nil
        }
        return wall - span
    }
}

extension TimeSpan {
    static func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return TimeSpan(nanoseconds: overflow ? (right.nanoseconds < 0 ? .min : .max) : sum)
    }

    static func - (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return TimeSpan(nanoseconds: overflow ? (left < right ? .min : .max) : difference)
    }
}
