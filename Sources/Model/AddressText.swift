/// The text of an address, put together without memory of its own: addresses are written by the thousand.
struct AddressText {
    /// The longest is an IPv6 address in brackets with its port.
    private var characters = InlineArray<56, UInt8>(repeating: 0)
    private var count = 0

    mutating func append(_ character: Unicode.Scalar) {
        characters[count] = UInt8(truncatingIfNeeded: character.value)
        count += 1
    }

    /// Without leading zeros.
    mutating func append(decimal value: UInt16) {
        var divisor: UInt16 =
            value >= 10_000 ? 10_000 : value >= 1000 ? 1000 : value >= 100 ? 100 : value >= 10 ? 10 : 1
        while divisor > 0 {
            append(digit: UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// Lower case, without leading zeros.
    mutating func append(hexadecimal value: UInt16) {
        var shift: UInt16 = value > 0xFFF ? 12 : value > 0xFF ? 8 : value > 0xF ? 4 : 0
        append(digit: UInt8(truncatingIfNeeded: value >> shift & 15))
        while shift > 0 {
            shift -= 4
            append(digit: UInt8(truncatingIfNeeded: value >> shift & 15))
        }
    }

    /// Less than 16.
    mutating func append(digit: UInt8) {
        characters[count] = digit < 10 ? 48 + digit : 87 + digit
        count += 1
    }

    var text: String {
        unsafe String(unsafeUninitializedCapacity: count) { output in
            for index in 0..<count { unsafe output[index] = characters[index] }
            return count
        }
    }
}
