import API

/// Numbers as people read them: three significant digits and a unit.
enum Quantity {
    /// `412 µs`, `12.3 ms`, `1.24 s`, `2 m 05 s`, `3 h 07 m`.
    static func span(_ span: Milliseconds, _ drawing: Drawing) -> String {
        let sign = span.microseconds < 0 ? "-" : ""
        let microseconds = span.microseconds.magnitude
        switch microseconds {
        case 0..<1000: return "\(sign)\(microseconds) \(drawing.microseconds)"
        case 1000..<999_500: return "\(sign)\(significant(Double(microseconds) / 1000)) ms"
        case 999_500..<59_950_000: return "\(sign)\(significant(Double(microseconds) / 1_000_000)) s"
        default:
            let seconds = (microseconds &+ 500_000) / 1_000_000
            if seconds < 3600 { return "\(sign)\(seconds / 60) m \(twoDigits(seconds % 60)) s" }
            if seconds < 86400 { return "\(sign)\(seconds / 3600) h \(twoDigits(seconds / 60 % 60)) m" }
            return "\(sign)\(seconds / 86400) d \(twoDigits(seconds / 3600 % 24)) h"
        }
    }

    /// A round number as a scale is labelled: `20 ms`, `1.5 s`.
    static func round(_ span: Milliseconds, _ drawing: Drawing) -> String {
        let microseconds = span.microseconds
        if microseconds >= 60_000_000, microseconds.isMultiple(of: 60_000_000) {
            return "\(microseconds / 60_000_000) m"
        }
        let (divisor, unit): (Int64, String) =
            microseconds < 1000
            ? (1, drawing.microseconds) : microseconds < 1_000_000 ? (1000, "ms") : (1_000_000, "s")
        guard !microseconds.isMultiple(of: divisor) else { return "\(microseconds / divisor) \(unit)" }
        return "\(fixed(Double(microseconds) / Double(divisor), decimals: 1)) \(unit)"
    }

    /// `512 B`, `14.2 kB`, `3.10 MB`: powers of 1000, as network tools count.
    static func bytes(_ count: UInt64) -> String { scaled(count, "B") }

    /// Of so many bytes a second: `512 bit/s`, `14.2 Mbit/s`.
    static func bitRate(bytes: UInt64) -> String {
        scaled(bytes > .max / 8 ? .max : bytes * 8, "bit/s")
    }

    private static func scaled(_ count: UInt64, _ unit: String) -> String {
        if count < 1000 { return "\(count) \(unit)" }
        var value = Double(count) / 1000
        for prefix in ["k", "M", "G", "T"] {
            if value < 999.5 { return "\(significant(value)) \(prefix)\(unit)" }
            value /= 1000
        }
        return "\(significant(value)) P\(unit)"
    }

    /// `1 234 567` with plain spaces would be split by readers of columns; commas are not.
    static func count(_ value: UInt64) -> String {
        let digits = Array(String(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    static func count(_ value: UInt64, _ one: String, _ many: String) -> String {
        "\(count(value)) \(value == 1 ? one : many)"
    }

    /// A positive value below 1000 with three significant digits: `1.24`, `12.3`, `123`.
    static func significant(_ value: Double) -> String {
        let decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
        return fixed(value, decimals: decimals)
    }

    /// `value` is positive and well below 2⁵³.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = decimals == 2 ? 100.0 : decimals == 1 ? 10.0 : 1.0
        guard let scaled = Int64(exactly: (value * scale).rounded()) else { return "\(value)" }
        switch decimals {
        case 2: return "\(scaled / 100).\(twoDigits(UInt64(scaled.magnitude) % 100))"
        case 1: return "\(scaled / 10).\(scaled % 10)"
        default: return "\(scaled)"
        }
    }

    static func twoDigits(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
