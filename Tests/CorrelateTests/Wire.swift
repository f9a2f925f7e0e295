import Decode
import Model

/// Writes the frames of the tests below, layer by layer; checksums are left at zero, which nobody verifies.
enum Wire {
    /// A frame from `source` to `destination` with MACs made from their addresses.
    static func ethernet(
        _ source: MACAddress, _ destination: MACAddress, type: UInt16, vlan: [UInt16] = [], _ payload: [UInt8]
    ) -> [UInt8] {
        let tags = vlan.flatMap { bytes16(0x8100) + bytes16($0) }
        return octets(destination) + octets(source) + tags + bytes16(type) + payload
    }

    static func ip(
        _ source: IPAddress, _ destination: IPAddress, _ transport: UInt8, ttl: UInt8 = 64, _ payload: [UInt8]
    ) -> [UInt8] {
        switch source.version {
        case .v4:
            let length = bytes16(UInt16(20 + payload.count))
            return [0x45, 0] + length + /* id, DF */ [0, 1, 0x40, 0, ttl, transport, 0, 0] + octets(source)
                + octets(destination) + payload
        case .v6:
            return [0x60, 0, 0, 0] + bytes16(UInt16(payload.count)) + [transport, ttl] + octets(source)
                + octets(destination) + payload
        }
    }

    static func tcp(
        _ source: UInt16, _ destination: UInt16, _ flags: TCPFlags, sequence: UInt32, acknowledgment: UInt32 = 0,
        window: UInt16 = 500, options: [UInt8] = [], _ payload: [UInt8] = []
    ) -> [UInt8] {
        let padded = options + [UInt8](repeating: 0, count: (4 - options.count % 4) % 4)
        let offset = UInt8((20 + padded.count) / 4) << 4
        return bytes16(source) + bytes16(destination) + bytes32(sequence) + bytes32(acknowledgment)
            + [offset, flags.rawValue] + bytes16(window) + [0, 0, 0, 0] + padded + payload
    }

    static func udp(_ source: UInt16, _ destination: UInt16, _ payload: [UInt8]) -> [UInt8] {
        bytes16(source) + bytes16(destination) + bytes16(UInt16(8 + payload.count)) + [0, 0] + payload
    }

    static func icmp(_ type: UInt8, _ code: UInt8, rest: UInt32, _ body: [UInt8] = []) -> [UInt8] {
        [type, code, 0, 0] + bytes32(rest) + body
    }

    static func arp(
        _ operation: UInt16, _ senderMAC: MACAddress, _ sender: IPAddress, target: IPAddress,
        targetMAC: MACAddress = .zero
    ) -> [UInt8] {
        [0, 1, 8, 0, 6, 4] + bytes16(operation) + octets(senderMAC) + octets(sender) + octets(targetMAC)
            + octets(target)
    }

    /// A neighbour solicitation (135) or advertisement (136) with one link-layer address option.
    static func ndp(_ type: UInt8, flags: UInt8 = 0, target: IPAddress, option mac: MACAddress?) -> [UInt8] {
        let option = mac.map { [type == 135 ? 1 : 2, 1] + octets($0) } ?? []
        return [type, 0, 0, 0, flags, 0, 0, 0] + octets(target) + option
    }

    static func bytes16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    static func bytes32(_ value: UInt32) -> [UInt8] {
        bytes16(UInt16(value >> 16)) + bytes16(UInt16(truncatingIfNeeded: value))
    }
    static func octets(_ mac: MACAddress) -> [UInt8] {
        bytes16(UInt16(mac.bits >> 32)) + bytes32(UInt32(truncatingIfNeeded: mac.bits))
    }
    static func octets(_ address: IPAddress) -> [UInt8] {
        let low = (0..<8).map { UInt8(truncatingIfNeeded: address.low >> UInt64(56 - 8 * $0)) }
        let high = (0..<8).map { UInt8(truncatingIfNeeded: address.high >> UInt64(56 - 8 * $0)) }
        return address.version == .v4 ? Array(low.suffix(4)) : high + low
    }
}

extension IPAddress: ExpressibleByStringLiteral {
    /// Tests write addresses as text.
    package init(stringLiteral text: String) { self = IPAddress(text) ?? .anyIPv4 }
}
