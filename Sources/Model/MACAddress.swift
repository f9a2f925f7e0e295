/// An EUI-48 hardware address in the low 48 bits.
package struct MACAddress: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    package let bits: UInt64

    @inlinable package init(bits: UInt64) { self.bits = bits & 0xFFFF_FFFF_FFFF }

    package static let broadcast = MACAddress(bits: 0xFFFF_FFFF_FFFF)
    package static let zero = MACAddress(bits: 0)

    /// The I/G bit: set for multicast and broadcast (IEEE 802-2014 §8.2.2).
    package var isGroup: Bool { bits & 0x0100_0000_0000 != 0 }

    /// Six lower-case octets with colons: `52:54:00:12:34:56`.
    package var description: String {
        var text = AddressText()
        for shift in stride(from: UInt64(44), through: 0, by: -4) {
            text.append(digit: UInt8(truncatingIfNeeded: (bits >> shift) & 15))
            if shift & 7 == 0 && shift > 0 { text.append(":") }
        }
        return text.text
    }
}
