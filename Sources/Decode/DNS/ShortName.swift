/// A domain name of at most ``capacity`` octets, copied out of its frame without touching the heap.
///
/// Nearly every name that is asked for fits; a longer one is kept as text by whoever needs it.
package struct ShortName: Sendable, BitwiseCopyable {
    package static let capacity = 62

    private var octets = InlineArray<62, UInt8>(repeating: 0)
    private var count: UInt8 = 0

    /// The empty value, which stands for no name.
    package init() {}

    /// `nil` when the name is compressed or longer than ``capacity`` octets.
    package init?(_ name: borrowing DNSName) {
        guard let wire = name.wire, wire.byteCount <= Self.capacity else { return nil }
        for position in 0..<wire.byteCount { octets[position] = wire.uint8(at: position) }
        count = UInt8(truncatingIfNeeded: wire.byteCount)
    }

    /// Presentation form, as ``DNSName/text``; `nil` for the empty value.
    package var text: String? {
        guard count > 0 else { return nil }
        return unsafe try? DNSName(wire: octets.span.bytes.extracting(first: Int(count))).text
    }
}
