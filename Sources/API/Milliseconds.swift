/// A length of time, written in milliseconds with three decimals: `12.345`. Kept in whole microseconds, so what is
/// read equals what was written.
package struct Milliseconds: Hashable, Comparable, Sendable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// Rounds to the nearest microsecond, halves away from zero.
    package init(nanoseconds: Int64) {
        let whole = nanoseconds / 1000
        let rest = nanoseconds % 1000
        microseconds = rest >= 500 ? whole + 1 : rest <= -500 ? whole - 1 : whole
    }

    package static func < (left: Milliseconds, right: Milliseconds) -> Bool {
        left.microseconds < right.microseconds
    }

    /// For arithmetic and drawing.
    package var value: Double { Double(microseconds) / 1000 }
}

extension Milliseconds: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let value = try container.decode(Double.self)
        guard let microseconds = Int64(exactly: (value * 1000).rounded()) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(value) milliseconds are out of range")
        }
        self.init(microseconds: microseconds)
    }
}

extension Milliseconds: CustomStringConvertible {
    /// Three decimals, as in the JSON: `12.345`.
    package var description: String {
        var writer = JSONWriter(capacity: 24)
        writer.milliseconds(self)
        return writer.text
    }
}
