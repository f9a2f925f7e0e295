/// A point in time, in nanoseconds since 1970-01-01T00:00:00Z.
///
/// Frames carry it; nothing in the middle of the house reads a clock. The range is the years 1677 to 2262;
/// arithmetic saturates, because a capture file may claim any time at all.
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whole seconds and a fraction as file formats store them; saturates outside the range.
    @inlinable public init(seconds: Int64, nanoseconds: Int64) {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let base = overflow ? (seconds < 0 ? Int64.min : Int64.max) : whole
        let (sum, carry) = base.addingReportingOverflow(nanoseconds)
        self.nanoseconds = carry ? (nanoseconds < 0 ? Int64.min : Int64.max) : sum
    }

    @inlinable public static var distantPast: Timestamp { Timestamp(nanoseconds: .min) }
    @inlinable public static var distantFuture: Timestamp { Timestamp(nanoseconds: .max) }

    @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The span from `right` to `left`; negative when `left` is the earlier one.
    @inlinable public static func - (left: Timestamp, right: Timestamp) -> TimeSpan {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return TimeSpan(nanoseconds: overflow ? (left < right ? .min : .max) : difference)
    }

    @inlinable public static func + (left: Timestamp, right: TimeSpan) -> Timestamp {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Timestamp(nanoseconds: overflow ? (right.nanoseconds < 0 ? .min : .max) : sum)
    }

    @inlinable public static func - (left: Timestamp, right: TimeSpan) -> Timestamp {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return Timestamp(nanoseconds: overflow ? (right.nanoseconds < 0 ? .max : .min) : difference)
    }
}

/// A length of time in nanoseconds. Eight bytes, where the standard library's `Duration` takes sixteen:
/// flow records hold many of them.
public struct TimeSpan: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    @inlinable public static func milliseconds(_ count: Int) -> TimeSpan {
        TimeSpan(nanoseconds: Int64(count) * 1_000_000)
    }

    @inlinable public static func seconds(_ count: Int) -> TimeSpan {
        TimeSpan(nanoseconds: Int64(count) * 1_000_000_000)
    }

    @inlinable public static var zero: TimeSpan { TimeSpan(nanoseconds: 0) }

    /// Milliseconds with their fraction, as the contract writes spans.
    public var milliseconds: Double { Double(nanoseconds) / 1_000_000 }

    @inlinable public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
