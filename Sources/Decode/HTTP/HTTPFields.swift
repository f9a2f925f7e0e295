/// The fields of one HTTP/1 message that say where it ends, and a few that say what it is (RFC 9112 §6, RFC 9110 §8).
/// No other field is looked at, and none that could hold a secret is ever given out.
///
///     let fields = HTTPFields(head, isRequest: false)
///     if fields.framing == .chunked { … }
package struct HTTPFields: ~Escapable {
    private let bytes: RawSpan
    private var lengths = Length.absent
    private var coding = Coding.absent
    private var isFoldedFraming = false
    private var upgradeField: Range<Int>?
    private var contentTypeField: Range<Int>?
    private var serverField: Range<Int>?
    /// The client waits for a 100 before it sends the body (RFC 9110 §10.1.1).
    package private(set) var expectsContinue = false

    /// Characters of a value kept.
    static let valueCapacity = 128

    /// How the body is delimited, by the fields alone: the method and the status may say that there is none.
    package enum Framing: Sendable, Equatable {
        /// Neither field.
        case unstated
        case length(UInt64)
        case chunked
        /// A transfer coding that chunked does not end: until the connection closes.
        case otherCoding
        /// Two lengths that differ, one that is no number, or a length beside a transfer coding: whoever reads it one
        /// way and somebody else the other way can be played against each other (RFC 9112 §11.2).
        case contradictory
    }

    private enum Length: Equatable { case absent, value(UInt64), invalid }
    private enum Coding { case absent, chunked, other }

    /// - Parameter head: from the start line to the empty line.
    @_lifetime(copy head)
    package init(_ head: RawSpan) {
        bytes = head
        var line = head.firstOffset(of: 0x0A, from: 0).map { $0 + 1 } ?? head.byteCount
        var wasFraming = false
        while line < head.byteCount {
            let end = head.firstOffset(of: 0x0A, from: line) ?? head.byteCount
            switch head.uint8(at: line) {
            case 0x20, 0x09:
                // A folded line goes on with the field before it (RFC 9112 §5.2).
                if wasFraming { isFoldedFraming = true }
            case UInt8(ascii: "C"), UInt8(ascii: "c"), UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: "U"),
                UInt8(ascii: "u"), UInt8(ascii: "S"), UInt8(ascii: "s"), UInt8(ascii: "E"), UInt8(ascii: "e"):
                wasFraming = read(line, end)
            default: wasFraming = false
            }
            line = end + 1
        }
    }

    /// One line; `true` when it says where the message ends.
    private mutating func read(_ line: Int, _ end: Int) -> Bool {
        if let value = value("content-length", line, end) {
            note(length: value)
            return true
        }
        if let value = value("transfer-encoding", line, end) {
            coding = endsInChunked(value) ? .chunked : .other
            return true
        }
        if upgradeField == nil, let value = value("upgrade", line, end) {
            upgradeField = value
        } else if contentTypeField == nil, let value = value("content-type", line, end) {
            contentTypeField = value
        } else if serverField == nil, let value = value("server", line, end) {
            serverField = value
        } else if let value = value("expect", line, end) {
            expectsContinue = bytes.has("100-continue", at: value.lowerBound, foldingCase: true)
        }
        return false
    }

    /// The value of the field `name` without the white space around it. A space before the colon is not allowed
    /// (RFC 9112 §5.1), and yet some would take it.
    private func value(_ name: StaticString, _ line: Int, _ end: Int) -> Range<Int>? {
        var start = line + name.utf8CodeUnitCount
        guard start < end, bytes.has(name, at: line, foldingCase: true) else { return nil }
        while start < end, isSpace(bytes.uint8(at: start)) { start += 1 }
        guard start < end, bytes.uint8(at: start) == UInt8(ascii: ":") else { return nil }
        start += 1
        var end = end
        while start < end, isSpace(bytes.uint8(at: start)) { start += 1 }
        while end > start, isSpace(bytes.uint8(at: end - 1)) { end -= 1 }
        return start..<end
    }

    private func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 || octet == 0x0D }

    /// A number, or the same one several times (RFC 9110 §8.6).
    private mutating func note(length value: Range<Int>) {
        var number: UInt64?
        for position in value {
            let octet = bytes.uint8(at: position)
            switch octet {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let (shifted, tooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, overflow) = shifted.addingReportingOverflow(UInt64(octet - UInt8(ascii: "0")))
                guard !tooLarge, !overflow, sum <= UInt64(Int64.max) else { return lengths = .invalid }
                number = sum
            case UInt8(ascii: ","):
                guard let one = number else { return lengths = .invalid }
                add(one)
                number = nil
            case 0x20, 0x09: break
            default: return lengths = .invalid
            }
        }
        guard let number else { return lengths = .invalid }
        add(number)
    }

    private mutating func add(_ number: UInt64) {
        switch lengths {
        case .absent: lengths = .value(number)
        case .value(let known): if known != number { lengths = .invalid }
        case .invalid: break
        }
    }

    private func endsInChunked(_ value: Range<Int>) -> Bool {
        let start = value.upperBound - 7
        guard start >= value.lowerBound, bytes.has("chunked", at: start, foldingCase: true) else { return false }
        guard start > value.lowerBound else { return true }
        let before = bytes.uint8(at: start - 1)
        return before == 0x20 || before == 0x09 || before == UInt8(ascii: ",")
    }

    package var framing: Framing {
        if isFoldedFraming { return .contradictory }
        switch (coding, lengths) {
        case (.absent, .absent): return .unstated
        case (.absent, .value(let length)): return .length(length)
        case (.chunked, .absent): return .chunked
        case (.other, .absent): return .otherCoding
        case (_, .invalid), (.chunked, .value), (.other, .value): return .contradictory
        }
    }

    /// Content-Length, when it is one number.
    package var declaredLength: UInt64? {
        if case .value(let length) = lengths { return length }
        return nil
    }

    /// The media type, escaped, without parameters: `text/html`.
    package var contentType: String? {
        contentTypeField.flatMap { field in
            let end = bytes.extracting(field).firstOffset(of: UInt8(ascii: ";"), from: 0)
            return text(field.lowerBound..<field.lowerBound + (end ?? field.count))
        }
    }

    /// What the server calls itself, escaped.
    package var server: String? { serverField.flatMap { text($0) } }

    /// The protocols of the Upgrade field, escaped: `websocket`.
    package var upgrade: String? { upgradeField.flatMap { text($0) } }

    private func text(_ range: Range<Int>) -> String? {
        var end = range.upperBound
        while end > range.lowerBound, isSpace(bytes.uint8(at: end - 1)) { end -= 1 }
        guard end > range.lowerBound else { return nil }
        var text = WireText(capacity: Self.valueCapacity, expecting: end - range.lowerBound)
        text.append(bytes, from: range.lowerBound, to: end, in: .quoted)
        return text.finish()
    }
}
