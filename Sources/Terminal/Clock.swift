package import API

/// The time of day where the reader is.
package struct Clock: Sendable {
    package var now: Time
    /// Seconds east of UTC at a given second since 1970.
    package var offset: @Sendable (Int64) -> Int64

    package init(now: Time, offset: @escaping @Sendable (Int64) -> Int64 = { _ in 0 }) {
        self.now = now
        self.offset = offset
    }

    /// How much of a time of today is written.
    enum Detail { case seconds, milliseconds }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `10:42:07` today, `20 Nov 10:42` on another day of the year, `2025-11-20 10:42` in another year.
    func short(_ time: Time, _ detail: Detail = .seconds) -> String {
        let (day, clock) = local(time)
        let (today, _) = local(now)
        if day == today { return clock.prefix(detail == .seconds ? 8 : 12).description }
        if day.prefix(4) == today.prefix(4), let month = Int(day.dropFirst(5).prefix(2)), (1...12).contains(month) {
            return "\(day.suffix(2)) \(Self.months[month - 1]) \(clock.prefix(5))"
        }
        return "\(day) \(clock.prefix(5))"
    }

    /// How long before now, in its largest unit: `now`, `12 s`, `3 m`, `5 h`, `12 d`.
    func ago(_ time: Time) -> String {
        let (span, overflow) = now.nanoseconds.subtractingReportingOverflow(time.nanoseconds)
        let seconds = overflow ? 0 : max(span, 0) / 1_000_000_000
        switch seconds {
        case 0: return "now"
        case 1..<60: return "\(seconds) s"
        case 60..<3600: return "\(seconds / 60) m"
        case 3600..<86400: return "\(seconds / 3600) h"
        default: return "\(seconds / 86400) d"
        }
    }

    /// `10:42:07.123` today, else with the date.
    func precise(_ time: Time) -> String {
        local(time).day == local(now).day ? short(time, .milliseconds) : full(time)
    }

    /// `2026-11-21 10:42:07.123`
    func full(_ time: Time) -> String {
        let (day, clock) = local(time)
        return "\(day) \(clock.prefix(12))"
    }

    /// Date and time of day, both cut out of the RFC 3339 form of the shifted time.
    private func local(_ time: Time) -> (day: Substring, clock: Substring) {
        let (shift, overflow) = offset(time.nanoseconds / 1_000_000_000).multipliedReportingOverflow(by: 1_000_000_000)
        let (shifted, carry) = time.nanoseconds.addingReportingOverflow(shift)
        let text = Time(nanoseconds: overflow || carry ? time.nanoseconds : shifted).description
        return (text.prefix(10), text.dropFirst(11).prefix(18))
    }
}
