/// The name of one request: 60 bits, written as 12 characters of Crockford's base 32.
///
/// It is made from the request's own tuple and first time, so a capture replayed gives the very identifiers
/// that it gave live.
package struct RequestID: Hashable, Sendable, BitwiseCopyable {
    package let bits: UInt64

    package static let mask: UInt64 = 1 << 60 - 1

    package init(bits: UInt64) { self.bits = bits & Self.mask }

    /// The identifier of the request between `client` and `server` that began at `first`.
    package init(client: Endpoint, server: Endpoint, transport: TransportProtocol, first: Timestamp) {
        var hash = StableHash()
        hash.combine(UInt64(bitPattern: first.nanoseconds))
        for endpoint in [client, server] {
            hash.combine(endpoint.address.high)
            hash.combine(endpoint.address.low)
            hash.combine(UInt64(endpoint.port) << 8 | UInt64(endpoint.address.version.rawValue))
        }
        hash.combine(UInt64(transport.rawValue))
        self.init(bits: hash.value)
    }
}

extension RequestID: LosslessStringConvertible {
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(12)
        for shift in stride(from: UInt64(55), through: 0, by: -5) { text.append(Self.digits[Int(bits >> shift) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads all 12 characters, in either case; `nil` for anything else.
    package init?(_ text: String) {
        guard text.utf8.count == 12 else { return nil }
        var bits: UInt64 = 0
        for character in text.lowercased().utf8 {
            guard let digit = Self.digits.firstIndex(of: character) else { return nil }
            bits = bits << 5 | UInt64(digit)
        }
        self.init(bits: bits)
    }
}

/// A hash that is the same in every process, for identifiers. Tables fed from the wire are keyed with a
/// seed of their own instead.
package struct StableHash: Sendable {
    package private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    package init() {}

    @inlinable package static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }

    package mutating func combine(_ word: UInt64) {
        value = Self.mix(value ^ word ^ 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB) &+ word
    }
}
