/// A time of a filter: absolute, or so long before now.
package enum Moment: Sendable, Equatable, CustomStringConvertible {
    case time(Time)
    case ago(seconds: Int64)

    package static let forms = ["an RFC 3339 time (2026-11-21T10:42:07Z)", "a span before now (90s, 15m, 2h, 7d)"]

    private static let units: [(letter: Character, seconds: Int64)] = [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)]

    /// `nil` when the text is neither.
    package init?(_ text: String) {
        if let time = Time(text) {
            self = .time(time)
            return
        }
        guard let unit = Self.units.first(where: { $0.letter == text.last }),
            text.utf8.dropLast().allSatisfy({ (48...57).contains($0) }),
            let count = Int64(text.dropLast()), count <= 1_000_000
        else { return nil }
        self = .ago(seconds: count * unit.seconds)
    }

    package var description: String {
        switch self {
        case .time(let time): return time.description
        case .ago(let seconds):
            guard let unit = Self.units.first(where: { seconds % $0.seconds == 0 && seconds > 0 }) else { return "0s" }
            return "\(seconds / unit.seconds)\(unit.letter)"
        }
    }

    /// The time meant, when it is `now`.
    package func time(now: Time) -> Time {
        switch self {
        case .time(let time): return time
        case .ago(let seconds):
            let (span, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            let (result, underflow) = now.nanoseconds.subtractingReportingOverflow(overflow ? .max : span)
            return Time(nanoseconds: underflow ? .min : result)
        }
    }
}
