/// An EUI-48 hardware address in the low 48 bits.
public struct MACAddress: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    public let bits: UInt64

    @inlinable public init(bits: UInt64) { self.bits = bits & 0xFFFF_FFFF_FFFF }

    @inlinable public static var broadcast: MACAddress { MACAddress(bits: 0xFFFF_FFFF_FFFF) }
    @inlinable public static var zero: MACAddress { MACAddress(bits: 0) }

    /// The I/G bit: set for multicast and broadcast (IEEE 802-2014 §8.2.2).
    @inlinable public var isGroup: Bool { bits & 0x0100_0000_0000 != 0 }

    /// Six lower-case octets with colons: `52:54:00:12:34:56`.
    public var description: String {
        var text = AddressText()
        for shift in stride(from: UInt64(44), through: 0, by: -4) {
            text.append(digit: UInt8(truncatingIfNeeded: (bits >> shift) & 15))
            if shift & 7 == 0 && shift > 0 { text.append(":") }
        }
        return text.text
    }
}
