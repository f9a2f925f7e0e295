/// Finds the empty line that ends the head of an HTTP/1 message (RFC 9112 §2.1), over any number of portions: each byte
/// is looked at once. A lone LF ends a line too, as recipients may take it (RFC 9112 §2.2).
package struct HTTPHeadScanner: Sendable, BitwiseCopyable {
    /// Octets of the current line, a CR at its end not counted.
    private var lineLength = 0
    private var hasCR = false
    /// The start line is complete.
    package private(set) var hasStartLine = false

    package init() {}

    /// The offset behind the empty line, when it is in `bytes`; they follow those of the last call.
    package mutating func end(in bytes: RawSpan) -> Int? {
        var position = 0
        while let end = bytes.firstOffset(of: 0x0A, from: position) {
            let length = end - position
            let isEmpty =
                length == 0
                ? lineLength == 0 : length == 1 && lineLength == 0 && !hasCR && bytes.uint8(at: position) == 0x0D
            position = end + 1
            lineLength = 0
            hasCR = false
            if isEmpty && hasStartLine { return position }
            hasStartLine = true
        }
        let rest = bytes.byteCount - position
        if rest == 1 && lineLength == 0 && !hasCR && bytes.uint8(at: position) == 0x0D {
            hasCR = true
        } else if rest > 0 {
            lineLength += rest + (hasCR ? 1 : 0)
        }
        return nil
    }
}
