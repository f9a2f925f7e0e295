package import Model

extension RequestID {
    /// The beginning of an identifier, as people type it.
    package struct Prefix: Sendable, Equatable {
        private let bits: UInt64
        private let mask: UInt64

        /// `nil` when the text is empty, longer than 12 characters or holds a character that no identifier has.
        package init?(_ text: String) {
            guard (1...12).contains(text.utf8.count),
                let lowest = RequestID(text + String(repeating: "0", count: 12 - text.utf8.count))
            else { return nil }
            bits = lowest.bits
            mask = ~(RequestID.mask >> UInt64(5 * text.utf8.count)) & RequestID.mask
        }

        /// The bits of all identifiers that begin so.
        var range: ClosedRange<UInt64> { bits...(bits | ~mask & RequestID.mask) }

        package func matches(_ id: RequestID) -> Bool { id.bits & mask == bits }
    }
}
