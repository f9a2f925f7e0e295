import API
import Model

/// The time as `Date` has it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let dayLength: Int64 = 86_400_000_000_000

    /// `nil` for a time before 1970.
    static func text(_ time: Timestamp) -> String? {
        guard time.nanoseconds >= 0 else { return nil }
        // 1994-11-06T08:49:37.000000000Z; the first day of 1970 was a Thursday.
        let digits = Time(nanoseconds: time.nanoseconds).description
        let day = days[Int(time.nanoseconds / dayLength % 7)]
        let parts = digits.prefix(19).split { "-T".contains($0) }
        guard parts.count == 4, let month = Int(parts[1]), (1...12).contains(month) else { return nil }
        return "\(day), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]) GMT"
    }
}
