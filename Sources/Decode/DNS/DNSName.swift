import Model

/// One domain name, read in place (RFC 1035 §3.1, §4.1.4): labels, each behind its length octet, up to the empty
/// label of the root; or, in place of any tail, a pointer to where that tail was written before.
///
///     | 3 | w w w | 7 | e x a m p l e | 0xC0 0x0C … |
///
/// `init` follows the whole chain once, so no accessor traps or fails. The chain is finite: each pointer must lead
/// to before the run of labels that it ends, a name has at most 255 octets, and at most 127 pointers are followed.
package struct DNSName: ~Escapable {
    let message: RawSpan
    // Narrow on purpose, as views are passed by value; a message has at most 64 KiB (`DNSView.lengthLimit`).
    private let first: UInt32
    private let behind: UInt32
    private let octetCount: UInt8
    package let isCompressed: Bool

    private var start: Int { Int(first) }
    /// Where the octets behind the name begin; a pointer is part of the name.
    var end: Int { Int(behind) }
    /// Octets of the name written out, the root's included: 1 to 255.
    package var wireLength: Int { Int(octetCount) }

    static let lengthLimit = 255
    static let pointerLimit = 127

    /// Checks the name at `start` of a message whose own first octet is the frame's octet `offset`.
    ///
    /// - Throws: ``DecodeError``: `truncated` when the message ends inside the name; `invalid` for a label of type
    ///   0x40 or 0x80, more than 255 octets, or a pointer that does not lead strictly backwards.
    @_lifetime(copy message)
    init(in message: RawSpan, at start: Int, offset: Int) throws(DecodeError) {
        try self.init(message, from: start, lowestTarget: DNSView.headerLength, offset: offset)
    }

    /// A name of its own, written out, as ``wire`` gave it.
    ///
    /// - Throws: ``DecodeError`` as for a name in a message; every pointer is `invalid`.
    @_lifetime(copy wire)
    package init(wire: RawSpan) throws(DecodeError) {
        try self.init(wire.extracting(first: Self.lengthLimit), from: 0, lowestTarget: .max, offset: 0)
    }

    /// A name of a list that is compressed against itself (RFC 3397 §2), at `start` of it.
    @_lifetime(copy list)
    init(inList list: RawSpan, at start: Int) throws(DecodeError) {
        try self.init(list, from: start, lowestTarget: 0, offset: 0)
    }

    @_lifetime(copy message)
    @inline(__always)
    private init(_ message: RawSpan, from start: Int, lowestTarget: Int, offset: Int) throws(DecodeError) {
        var position = start
        var run = start
        var length = 1
        var end = 0
        var pointers = 0
        while true {
            guard position < message.byteCount else {
                throw .truncated(
                    .dns, at: offset + run, needs: position - run + 1, has: max(0, message.byteCount - run))
            }
            let head = Int(message.uint8(at: position))
            if head == 0 { break }
            if head < 0x40 {
                length += head + 1
                position += head + 1
                guard length <= Self.lengthLimit else {
                    throw .invalid(.dns, at: offset + start, field: .nameLength, value: length)
                }
                continue
            }
            let target = try Self.pointer(in: message, at: position, offset: offset)
            if pointers == 0 { end = position + 2 }
            pointers += 1
            guard target < run, target >= lowestTarget, pointers <= Self.pointerLimit else {
                throw .invalid(.dns, at: offset + position, field: .compressionPointer, value: target)
            }
            run = target
            position = target
        }
        self.message = message
        first = UInt32(truncatingIfNeeded: start)
        behind = UInt32(truncatingIfNeeded: pointers == 0 ? position + 1 : end)
        octetCount = UInt8(truncatingIfNeeded: length)
        isCompressed = pointers != 0
    }

    /// Whether it is the root, which has no label.
    package var isRoot: Bool { wireLength == 1 }

    /// The name's own octets, root included; `nil` when it is compressed and so stands nowhere in one piece.
    package var wire: RawSpan? {
        @_lifetime(copy self)
        get { isCompressed ? nil : message.extracting(start..<start + wireLength) }
    }

    /// Presentation form (RFC 1035 §5.1), always printable ASCII: letter case as on the wire, `\.` and `\\` inside a
    /// label, `\DDD` for octets that do not print, no final dot; the root is `.`.
    package var text: String {
        if isRoot { return "." }
        // Counted first: a string keeps all the room it is made with, and names live on in lookups.
        var count = -1
        var labels = Labels(of: self)
        while let label = labels.next() {
            count += 1
            for position in label { count += WireText.count(message.uint8(at: position), in: .label) }
        }
        return unsafe String(unsafeUninitializedCapacity: count) { buffer in
            var index = 0
            var labels = Labels(of: self)
            while let label = labels.next() {
                if index > 0 {
                    unsafe buffer[index] = UInt8(ascii: ".")
                    index += 1
                }
                for position in label {
                    WireText.escape(message.uint8(at: position), in: .label) { octet in
                        unsafe buffer[index] = octet
                        index += 1
                    }
                }
            }
            return index
        }
    }

    /// A hash of the name written out, with ASCII letters folded to lower case (RFC 4343): two spellings of one
    /// name, compressed or not, hash alike. No allocation.
    ///
    /// - Parameter seed: secret where the hash keys a table that the wire can fill.
    package func hash(seed: UInt64) -> UInt64 {
        let count = wireLength - 1
        let multiplier = seed ^ 0xE703_7ED1_A0B4_28DB
        var hash = seed ^ 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count)
        if isCompressed {
            var octets = Octets(of: self)
            var word: UInt64 = 0
            for index in 0..<count {
                word = word << 8 | UInt64(octets.next())
                guard index & 7 == 7 || index == count - 1 else { continue }
                hash = Self.fold(hash ^ Self.lowercased(word), multiplier)
                word = 0
            }
        } else {
            let end = start + count
            var position = start
            while position + 8 <= end {
                hash = Self.fold(hash ^ Self.lowercased(message.uint64(at: position)), multiplier)
                position += 8
            }
            if position < end {
                hash = Self.fold(hash ^ Self.lowercased(tail(from: position, to: end)), multiplier)
            }
        }
        return Self.fold(hash, 0x8EBC_6AF0_9C88_C6E3)
    }

    /// Both halves of the full product as one word.
    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Whether both are the same name, whatever the case of their ASCII letters (RFC 4343). No allocation.
    package func matches(_ other: borrowing DNSName) -> Bool {
        guard wireLength == other.wireLength else { return false }
        let count = wireLength - 1
        guard isCompressed || other.isCompressed else {
            var index = 0
            while index + 8 <= count {
                let own = Self.lowercased(message.uint64(at: start + index))
                guard own == Self.lowercased(other.message.uint64(at: other.start + index)) else { return false }
                index += 8
            }
            return Self.lowercased(tail(from: start + index, to: start + count))
                == Self.lowercased(other.tail(from: other.start + index, to: other.start + count))
        }
        var ours = Octets(of: self)
        var theirs = Octets(of: other)
        for _ in 0..<count {
            guard Self.lowercased(UInt64(ours.next())) == Self.lowercased(UInt64(theirs.next())) else { return false }
        }
        return true
    }

    /// The last `end - position` octets, at most 7, as one big-endian number.
    @inline(__always)
    private func tail(from position: Int, to end: Int) -> UInt64 {
        guard position < end else { return 0 }
        // One load that ends where the name ends; only a name at a message's very start has no 8 octets there.
        if end >= 8 { return message.uint64(at: end - 8) & (1 << UInt64(8 * (end - position)) - 1) }
        var word: UInt64 = 0
        for index in position..<end { word = word << 8 | UInt64(message.uint8(at: index)) }
        return word
    }

    /// Eight octets with A–Z folded to a–z. A length octet is at most 63, below the letters, and stays.
    @inline(__always)
    private static func lowercased(_ word: UInt64) -> UInt64 {
        let low7 = word & 0x7F7F_7F7F_7F7F_7F7F
        let fromA = low7 + 0x3F3F_3F3F_3F3F_3F3F
        let pastZ = low7 + 0x2525_2525_2525_2525
        return word | (fromA & ~pastZ & ~word & 0x8080_8080_8080_8080) >> 2
    }

    /// The octets of a checked name, written out: length octets and labels, pointers followed, the root left out.
    private struct Octets: ~Escapable {
        private let message: RawSpan
        private var position: Int
        private var labelOctetsLeft = 0

        @_lifetime(copy name)
        init(of name: borrowing DNSName) {
            message = name.message
            position = name.start
        }

        /// May be called `wireLength - 1` times.
        @_lifetime(self: copy self)
        mutating func next() -> UInt8 {
            var octet = message.uint8(at: position)
            if labelOctetsLeft == 0 {
                while octet >= 0xC0 {
                    position = Int(message.uint16(at: position) & 0x3FFF)
                    octet = message.uint8(at: position)
                }
                labelOctetsLeft = Int(octet)
            } else {
                labelOctetsLeft -= 1
            }
            position += 1
            return octet
        }
    }

    /// The labels of a checked name, pointers followed, the root left out.
    struct Labels: ~Escapable {
        private let message: RawSpan
        private var position: Int

        @_lifetime(copy name)
        init(of name: borrowing DNSName) {
            message = name.message
            position = name.start
        }

        /// The octets of the next label, as offsets into the message; `nil` at the root.
        @_lifetime(self: copy self)
        @inline(__always)
        mutating func next() -> Range<Int>? {
            var head = Int(message.uint8(at: position))
            while head >= 0xC0 {
                position = Int(message.uint16(at: position) & 0x3FFF)
                head = Int(message.uint8(at: position))
            }
            guard head > 0 else { return nil }
            let start = position + 1
            position = start + head
            return start..<position
        }
    }

    /// Where what begins with an octet above 0x3F points to.
    @inline(__always)
    private static func pointer(in message: RawSpan, at position: Int, offset: Int) throws(DecodeError) -> Int {
        let head = Int(message.uint8(at: position))
        guard head >= 0xC0 else { throw .invalid(.dns, at: offset + position, field: .nameLabel, value: head) }
        guard position + 1 < message.byteCount else {
            throw .truncated(.dns, at: offset + position, needs: 2, has: 1)
        }
        return Int(message.uint16(at: position) & 0x3FFF)
    }

    /// Where the octets behind the name at `start` begin, without following its pointer.
    ///
    /// - Throws: ``DecodeError`` as `init` does, save for what only the rest of the chain would show.
    @inline(__always)
    static func end(in message: RawSpan, at start: Int, offset: Int) throws(DecodeError) -> Int {
        var position = start
        while true {
            guard position < message.byteCount else {
                throw .truncated(
                    .dns, at: offset + start, needs: position - start + 1, has: max(0, message.byteCount - start))
            }
            let head = Int(message.uint8(at: position))
            if head == 0 { return position + 1 }
            if head < 0x40 {
                position += head + 1
                guard position - start < lengthLimit else {
                    throw .invalid(.dns, at: offset + start, field: .nameLength, value: position - start + 1)
                }
                continue
            }
            let target = try pointer(in: message, at: position, offset: offset)
            guard target < start, target >= DNSView.headerLength else {
                throw .invalid(.dns, at: offset + position, field: .compressionPointer, value: target)
            }
            return position + 2
        }
    }
}
