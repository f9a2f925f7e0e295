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
    /// Room, of which the first `count` bytes are written.
    private var storage: [UInt8]
    private var count = 0
    /// A value stands before what comes next, so a comma must part them.
    private var followsValue = false
    private var clock = ClockText()

    package init(capacity: Int = 4096) {
        storage = [UInt8](repeating: 0, count: max(capacity, 64))
    }

    package var bytes: ArraySlice<UInt8> { storage[..<count] }
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Empties the buffer and keeps its memory, for the next record.
    package mutating func removeAll() {
        count = 0
        followsValue = false
    }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Ends a record of newline-delimited JSON.
    package mutating func endLine() {
        close(UInt8(ascii: "\n"))
        followsValue = false
    }

    /// Writes a name of the contract, which needs no escapes.
    package mutating func key(_ name: StaticString) {
        unsafe quote(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), isKey: true)
    }

    /// Writes a name that comes from data, escaped like any string.
    package mutating func escapedKey(_ name: String) {
        let characters = name.utf8.span
        guard PlainText.isPlain(characters) else {
            escaped(name)
            reserve(1)
            put(UInt8(ascii: ":"))
            followsValue = false
            return
        }
        unsafe characters.withUnsafeBytes { unsafe quote($0, isKey: true) }
    }

    package mutating func string(_ value: String) {
        let characters = value.utf8.span
        guard PlainText.isPlain(characters) else { return escaped(value) }
        unsafe characters.withUnsafeBytes { unsafe quote($0, isKey: false) }
    }

    /// A word of the contract, which needs no escapes.
    package mutating func word(_ value: String) {
        unsafe value.utf8.span.withUnsafeBytes { unsafe quote($0, isKey: false) }
    }

    package mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

    package mutating func null() { literal("null") }

    /// One whole value that this type wrote before.
    package mutating func written(_ value: [UInt8]) {
        reserve(value.count + 1)
        separate()
        unsafe value.withUnsafeBytes { unsafe copy($0) }
        followsValue = true
    }

    package mutating func integer(_ value: some FixedWidthInteger) {
        reserve(22)
        separate()
        if value < 0 { put(UInt8(ascii: "-")) }
        put(decimal: UInt64(truncatingIfNeeded: value.magnitude))
        followsValue = true
    }

    package mutating func time(_ value: Time) {
        reserve(3 + Time.byteCount)
        separate()
        put(UInt8(ascii: "\""))
        clock.tell(value)
        for index in 0..<Time.byteCount { put(clock.characters[index]) }
        put(UInt8(ascii: "\""))
        followsValue = true
    }

    /// Three decimals, always: `12.500`.
    package mutating func milliseconds(_ value: Milliseconds) {
        let magnitude = value.microseconds.magnitude
        reserve(26)
        separate()
        if value.microseconds < 0 { put(UInt8(ascii: "-")) }
        put(decimal: magnitude / 1000)
        put(UInt8(ascii: "."))
        put(digit: magnitude / 100)
        put(digit: magnitude / 10)
        put(digit: magnitude)
        followsValue = true
    }
}

// Bytes into the buffer. Whoever puts has reserved before.
extension JSONWriter {
    @inline(__always)
    private mutating func reserve(_ room: Int) {
        if storage.count - count < room { grow(room) }
    }

    @inline(never)
    private mutating func grow(_ room: Int) {
        storage.append(contentsOf: repeatElement(0, count: max(room, storage.count)))
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        storage[count] = byte
        count &+= 1
    }

    /// What needs no escapes, in quotation marks, and the comma before it or the colon behind it.
    private mutating func quote(_ characters: UnsafeRawBufferPointer, isKey: Bool) {
        reserve(characters.count + 4)
        var end = count
        // One look at the buffer for all of it.
        unsafe storage.withUnsafeMutableBytes { room in
            if followsValue {
                unsafe room[end] = UInt8(ascii: ",")
                end &+= 1
            }
            unsafe room[end] = UInt8(ascii: "\"")
            let inside = end &+ 1..<end &+ 1 &+ characters.count
            unsafe UnsafeMutableRawBufferPointer(rebasing: room[inside]).copyMemory(from: characters)
            end = inside.upperBound
            unsafe room[end] = UInt8(ascii: "\"")
            end &+= 1
            if isKey {
                unsafe room[end] = UInt8(ascii: ":")
                end &+= 1
            }
        }
        count = end
        followsValue = !isKey
    }

    private mutating func escaped(_ value: String) {
        reserve(2)
        separate()
        put(UInt8(ascii: "\""))
        for scalar in value.unicodeScalars {
            reserve(8)
            escape(scalar)
        }
        reserve(1)
        put(UInt8(ascii: "\""))
        followsValue = true
    }

    @inline(__always)
    private mutating func copy(_ source: UnsafeRawBufferPointer) {
        let room = count..<count + source.count
        unsafe storage.withUnsafeMutableBytes {
            unsafe UnsafeMutableRawBufferPointer(rebasing: $0[room]).copyMemory(from: source)
        }
        count = room.upperBound
    }

    @inline(__always)
    private mutating func separate() {
        if followsValue { put(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        reserve(2)
        separate()
        put(bracket)
        followsValue = false
    }

    private mutating func close(_ bracket: UInt8) {
        reserve(1)
        put(bracket)
        followsValue = true
    }

    private mutating func literal(_ word: StaticString) {
        reserve(word.utf8CodeUnitCount + 1)
        separate()
        unsafe copy(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        followsValue = true
    }

    /// The last decimal digit of `value`.
    @inline(__always)
    private mutating func put(digit value: UInt64) { put(UInt8(truncatingIfNeeded: 48 + value % 10)) }

    /// Up to 20 digits, without leading zeros.
    private mutating func put(decimal value: UInt64) {
        guard value >= 10 else { return put(digit: value) }
        var digits = InlineArray<20, UInt8>(repeating: 48)
        var first = 20
        var rest = value
        while rest > 0 {
            first -= 1
            digits[first] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
        }
        for index in first..<20 { put(digits[index]) }
    }

    /// Besides what RFC 8259 §7 demands, everything that steers a terminal or reorders text is escaped, so that a
    /// name from the wire is harmless wherever the line is shown.
    private mutating func escape(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x22, 0x5C:
            put(UInt8(ascii: "\\"))
            put(UInt8(truncatingIfNeeded: scalar.value))
        case 0x0A: put("n")
        case 0x0D: put("r")
        case 0x09: put("t")
        case 0..<0x20, 0x7F...0x9F: hexadecimal(scalar.value)
        // Bidirectional controls (Unicode UAX #9 §2) and the line and paragraph separators.
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: hexadecimal(scalar.value)
        default: for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { put(byte) }
        }
    }

    private mutating func put(_ letter: Unicode.Scalar) {
        put(UInt8(ascii: "\\"))
        put(UInt8(ascii: letter))
    }

    private mutating func hexadecimal(_ value: UInt32) {
        put("u")
        for shift in [UInt32(12), 8, 4, 0] {
            let nibble = UInt8(truncatingIfNeeded: (value >> shift) & 15)
            put(nibble < 10 ? 48 + nibble : 87 + nibble)
        }
    }
}

/// The text of a time, which for one close to the last one differs in its fraction alone.
private struct ClockText: Sendable {
    private(set) var characters = InlineArray<30, UInt8>(repeating: 48)
    private var second = Int64.min

    mutating func tell(_ time: Time) {
        let (whole, fraction) = time.seconds
        if whole != second {
            second = whole
            characters = time.characters
        }
        var rest = UInt32(truncatingIfNeeded: fraction)
        var index = 28
        while index >= 20 {
            characters[index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
            index -= 1
        }
    }
}

/// A value of the contract that writes itself.
package protocol JSONWritable: Sendable {
    func write(to writer: inout JSONWriter)
}

// One call per field. An absent value writes nothing, which the contract reads as "not observed".
extension JSONWriter {
    package mutating func field(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    package mutating func field(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        key(name)
        boolean(value)
    }

    package mutating func field(_ name: StaticString, _ value: (some FixedWidthInteger)?) {
        guard let value else { return }
        key(name)
        integer(value)
    }

    package mutating func field(_ name: StaticString, _ value: Time?) {
        guard let value else { return }
        key(name)
        time(value)
    }

    package mutating func field(_ name: StaticString, _ value: Milliseconds?) {
        guard let value else { return }
        key(name)
        milliseconds(value)
    }

    package mutating func field(_ name: StaticString, _ value: (some RawRepresentable<String>)?) {
        guard let value else { return }
        key(name)
        word(value.rawValue)
    }

    package mutating func field(_ name: StaticString, _ value: Observed<some FixedWidthInteger>?) {
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

    package mutating func field(_ name: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        key(name)
        value.write(to: &self)
    }

    /// What is always there is read where it lies: an optional would be a copy.
    package mutating func field(_ name: StaticString, _ value: some JSONWritable) {
        key(name)
        value.write(to: &self)
    }

    package mutating func field(_ name: StaticString, _ values: [some JSONWritable]) {
        key(name)
        beginArray()
        let elements = values.span
        for index in elements.indices { elements[index].write(to: &self) }
        endArray()
    }

    package mutating func field(_ name: StaticString, _ values: [String]) {
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    package mutating func field(_ name: StaticString, _ values: [some FixedWidthInteger]) {
        key(name)
        beginArray()
        for value in values { integer(value) }
        endArray()
    }
}
