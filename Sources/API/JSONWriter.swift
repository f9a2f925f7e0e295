/// Writes JSON (RFC 8259) into one growing buffer of bytes: compact, in the order of the calls.
///
/// It is the contract's only encoder, so the socket and `waybill read` give identical bytes. Commas and colons
/// are its business; that every `begin…` has its `end…` and every key its value is the caller's.
///
///     writer.beginObject()
///     writer.field("id", id)
///     writer.field("mtu", mtu)  // nil writes nothing: absent means not observed
///     writer.endObject()
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8]

    package init(capacity: Int = 4096) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Empties the buffer and keeps its memory, for the next record.
    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { bytes.append(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

    /// Ends a record of newline-delimited JSON.
    package mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

    /// Writes a name of the contract, which needs no escapes.
    package mutating func key(_ name: String) {
        let needsComma = needsComma
        let characters = name.utf8.span
        bytes.append(addingCapacity: characters.count + 4) { output in
            if needsComma { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            for index in characters.indices { output.append(characters[index]) }
            output.append(UInt8(ascii: "\""))
            output.append(UInt8(ascii: ":"))
        }
    }

    /// Writes a name that comes from data, escaped like any string.
    package mutating func escapedKey(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    package mutating func string(_ value: String) {
        let characters = value.utf8.span
        guard Self.isPlain(characters) else {
            separate()
            bytes.append(UInt8(ascii: "\""))
            for scalar in value.unicodeScalars { escape(scalar) }
            bytes.append(UInt8(ascii: "\""))
            return
        }
        let needsComma = needsComma
        bytes.append(addingCapacity: characters.count + 3) { output in
            if needsComma { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            for index in characters.indices { output.append(characters[index]) }
            output.append(UInt8(ascii: "\""))
        }
    }

    package mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    package mutating func integer(_ value: some FixedWidthInteger) {
        let needsComma = needsComma
        bytes.append(addingCapacity: 22) { output in
            if needsComma { output.append(UInt8(ascii: ",")) }
            if value < 0 { output.append(UInt8(ascii: "-")) }
            output.append(decimal: UInt64(truncatingIfNeeded: value.magnitude))
        }
    }

    package mutating func time(_ value: Time) {
        let needsComma = needsComma
        bytes.append(addingCapacity: 3 + Time.byteCount) { output in
            if needsComma { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            value.appendRFC3339(to: &output)
            output.append(UInt8(ascii: "\""))
        }
    }

    /// Three decimals, always: `12.500`.
    package mutating func milliseconds(_ value: Milliseconds) {
        let needsComma = needsComma
        let magnitude = value.microseconds.magnitude
        bytes.append(addingCapacity: 24) { output in
            if needsComma { output.append(UInt8(ascii: ",")) }
            if value.microseconds < 0 { output.append(UInt8(ascii: "-")) }
            output.append(decimal: magnitude / 1000)
            output.append(UInt8(ascii: "."))
            output.append(digit: magnitude / 100)
            output.append(digit: magnitude / 10)
            output.append(digit: magnitude)
        }
    }
}

extension OutputSpan<UInt8> {
    /// The last decimal digit of `value`.
    mutating func append(digit value: UInt64) { append(UInt8(truncatingIfNeeded: 48 + value % 10)) }

    /// Up to 20 digits, without leading zeros.
    mutating func append(decimal value: UInt64) {
        guard value >= 10 else { return append(digit: value) }
        var digits = InlineArray<20, UInt8>(repeating: 48)
        var first = 20
        var rest = value
        while rest > 0 {
            first -= 1
            digits[first] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
        }
        for index in first..<20 { append(digits[index]) }
    }
}

extension JSONWriter {
    /// What is written is told from what stands before it by the last byte: no stack to keep.
    private var needsComma: Bool {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "\n"): false
        default: true
        }
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
    }

    /// Printable ASCII without quotation mark and backslash: as it is.
    private static func isPlain(_ characters: Span<UInt8>) -> Bool {
        for index in characters.indices {
            let byte = characters[index]
            if byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
        }
        return true
    }

    /// Besides what RFC 8259 §7 demands, everything that steers a terminal or reorders text is escaped, so that a
    /// name from the wire is harmless wherever the line is shown.
    private mutating func escape(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x22, 0x5C:
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20, 0x7F...0x9F: hexadecimal(scalar.value)
        // Bidirectional controls (Unicode UAX #9 §2) and the line and paragraph separators.
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: hexadecimal(scalar.value)
        default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    private mutating func hexadecimal(_ value: UInt32) {
        bytes.append(contentsOf: "\\u".utf8)
        for shift in [UInt32(12), 8, 4, 0] {
            let nibble = UInt8(truncatingIfNeeded: (value >> shift) & 15)
            bytes.append(nibble < 10 ? 48 + nibble : 87 + nibble)
        }
    }
}

/// A value of the contract that writes itself.
package protocol JSONWritable: Sendable {
    func write(to writer: inout JSONWriter)
}

// One call per field. An absent value writes nothing, which the contract reads as "not observed".
extension JSONWriter {
    package mutating func field(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    package mutating func field(_ name: String, _ value: Bool?) {
        guard let value else { return }
        key(name)
        boolean(value)
    }

    package mutating func field(_ name: String, _ value: (some FixedWidthInteger)?) {
        guard let value else { return }
        key(name)
        integer(value)
    }

    package mutating func field(_ name: String, _ value: Time?) {
        guard let value else { return }
        key(name)
        time(value)
    }

    package mutating func field(_ name: String, _ value: Milliseconds?) {
        guard let value else { return }
        key(name)
        milliseconds(value)
    }

    package mutating func field(_ name: String, _ value: (some RawRepresentable<String>)?) {
        guard let value else { return }
        key(name)
        string(value.rawValue)
    }

    package mutating func field(_ name: String, _ value: Observed<some FixedWidthInteger>?) {
        switch value {
        case nil: break
        case .null:
            key(name)
            null()
        case .value(let number):
            key(name)
            integer(number)
        }
    }

    package mutating func field(_ name: String, _ value: (some JSONWritable)?) {
        guard let value else { return }
        key(name)
        value.write(to: &self)
    }

    package mutating func field(_ name: String, _ values: [some JSONWritable]) {
        key(name)
        beginArray()
        for value in values { value.write(to: &self) }
        endArray()
    }

    package mutating func field(_ name: String, _ values: [String]) {
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    package mutating func field(_ name: String, _ values: [some FixedWidthInteger]) {
        key(name)
        beginArray()
        for value in values { integer(value) }
        endArray()
    }
}
