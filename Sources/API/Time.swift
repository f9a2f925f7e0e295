/// A point in time: nanoseconds since 1970-01-01T00:00:00Z, written as RFC 3339 in UTC with nine decimals,
/// `2026-11-21T10:42:07.123456789Z`. The range is the years 1677 to 2262.
package struct Time: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static func < (left: Time, right: Time) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Time: CustomStringConvertible {
    package var description: String {
        unsafe String(unsafeUninitializedCapacity: Self.byteCount) { output in
            let characters = characters
            for index in 0..<Self.byteCount { unsafe output[index] = characters[index] }
            return Self.byteCount
        }
    }

    /// Of `2026-11-21T10:42:07.123456789Z`.
    static let byteCount = 30

    /// Whole seconds, and the nanoseconds after them: 0 to 999,999,999.
    var seconds: (whole: Int64, fraction: Int64) {
        let (whole, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return fraction < 0 ? (whole - 1, fraction + 1_000_000_000) : (whole, fraction)
    }

    /// The time as RFC 3339 §5.6 writes it.
    var characters: InlineArray<30, UInt8> {
        let (seconds, fraction) = seconds
        var days = seconds / 86400
        var clock = seconds % 86400
        if clock < 0 {
            days -= 1
            clock += 86400
        }
        let date = Self.date(days: days)
        var characters = InlineArray<30, UInt8>(repeating: 0)
        var next = 0
        func append(_ value: Int64, digits: Int, then mark: Unicode.Scalar) {
            var rest = value
            for index in stride(from: next + digits - 1, through: next, by: -1) {
                characters[index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
            }
            characters[next + digits] = UInt8(ascii: mark)
            next += digits + 1
        }
        append(date.year, digits: 4, then: "-")
        append(date.month, digits: 2, then: "-")
        append(date.day, digits: 2, then: "T")
        append(clock / 3600, digits: 2, then: ":")
        append(clock / 60 % 60, digits: 2, then: ":")
        append(clock % 60, digits: 2, then: ".")
        append(fraction, digits: 9, then: "Z")
        return characters
    }

    /// The Gregorian date of a day counted from 1970-01-01: days are counted in eras of 400 years that begin on the
    /// first of March.
    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The day counted from 1970-01-01 of a Gregorian date.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Time: LosslessStringConvertible {
    /// Reads RFC 3339 §5.6 with any offset and up to nine decimals (further ones are cut off); `nil` for anything
    /// else, for a date that does not exist and for a time outside the range. A leap second is read as the next second.
    package init?(_ text: String) {
        var reader = TextReader(text)
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"), let day = reader.number(digits: 2), reader.take("T", "t", " "),
            let hour = reader.number(digits: 2), reader.take(":"), let minute = reader.number(digits: 2),
            reader.take(":"), let second = reader.number(digits: 2),
            (1...12).contains(month), day >= 1, hour <= 23, minute <= 59, second <= 60
        else { return nil }
        let date = Self.days(year: year, month: month, day: day)
        guard Self.date(days: date) == (year, month, day) else { return nil }
        var fraction: Int64 = 0
        if reader.take(".") {
            guard let digits = reader.fraction() else { return nil }
            fraction = digits
        }
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        // Within ±4e11 for any year of four digits, so nothing overflows before the last step.
        let seconds = date * 86400 + hour * 3600 + minute * 60 + second - offset
        // The earliest second of the range begins before it, so the fraction is added to the second after.
        let (whole, overflow) = (seconds < 0 ? seconds + 1 : seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(seconds < 0 ? fraction - 1_000_000_000 : fraction)
        guard !overflow, !carry else { return nil }
        nanoseconds = sum
    }
}

extension Time: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = Time(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no RFC 3339 time")
        }
        self = time
    }
}

/// Reads the fixed fields of a date and time from the left.
private struct TextReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ choices: Unicode.Scalar...) -> Bool {
        guard let byte = rest.first, choices.contains(where: { $0.value == UInt32(byte) }) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let byte = rest.first, (48...57).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 48)
            rest = rest.dropFirst()
        }
        return value
    }

    /// One decimal at least, as nanoseconds.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var scale: Int64 = 100_000_000
        guard let first = rest.first, (48...57).contains(first) else { return nil }
        while let byte = rest.first, (48...57).contains(byte) {
            value += Int64(byte - 48) * scale
            scale /= 10
            rest = rest.dropFirst()
        }
        return value
    }

    /// `Z` or `±hh:mm`, in seconds east of UTC.
    mutating func offset() -> Int64? {
        if take("Z", "z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
            hours <= 23, minutes <= 59
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isEast ? 1 : -1)
    }
}
