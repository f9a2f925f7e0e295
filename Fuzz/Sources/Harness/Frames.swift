import Model

/// One frame of an input, as the correlator gets it.
struct Frame {
    var bytes: [UInt8]
    var info: FrameInfo
}

/// Writes well-formed frames around what an input says. Checksums stay zero: nobody verifies them.
enum Frames {
    static func ethernet(_ type: UInt16, _ payload: [UInt8], isReply: Bool) -> [UInt8] {
        let (client, server): ([UInt8], [UInt8]) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2])
        return (isReply ? client + server : server + client) + big(type) + payload
    }

    static func ipv4(
        _ transport: UInt8, _ payload: [UInt8], isReply: Bool, fragment: UInt16 = 0x4000, id: UInt16 = 1
    ) -> [UInt8] {
        let (client, server): ([UInt8], [UInt8]) = ([192, 0, 2, 1], [198, 51, 100, 2])
        let length = big(UInt16(truncatingIfNeeded: 20 + payload.count))
        return ethernet(
            0x0800,
            [0x45, 0] + length + big(id) + big(fragment) + [64, transport, 0, 0]
                + (isReply ? server + client : client + server) + payload, isReply: isReply)
    }

    static func ipv6(_ transport: UInt8, _ payload: [UInt8], isReply: Bool) -> [UInt8] {
        let network: [UInt8] = [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let (client, server) = (network + [1], network + [2])
        return ethernet(
            0x86DD,
            [0x60, 0, 0, 0] + big(UInt16(truncatingIfNeeded: payload.count)) + [transport, 64]
                + (isReply ? server + client : client + server) + payload, isReply: isReply)
    }

    /// A segment between the hosts of a tuple.
    static func between(_ tuple: FlowTuple, _ segment: [UInt8], hopLimit: UInt8, id: UInt16) -> [UInt8] {
        let (source, destination) = (octets(tuple.source.address), octets(tuple.destination.address))
        let transport = tuple.transport.rawValue
        let length = UInt16(truncatingIfNeeded: segment.count)
        guard tuple.source.address.version == .v4 else {
            return ethernet(
                0x86DD, [0x60, 0, 0, 0] + big(length) + [transport, hopLimit] + source + destination + segment,
                isReply: false)
        }
        let header = [0x45, 0] + big(length + 20) + big(id) + [0x40, 0, hopLimit, transport, 0, 0]
        return ethernet(0x0800, header + source + destination + segment, isReply: false)
    }

    private static func octets(_ address: IPAddress) -> [UInt8] {
        func big64(_ value: UInt64) -> [UInt8] {
            big(UInt32(truncatingIfNeeded: value >> 32)) + big(UInt32(truncatingIfNeeded: value))
        }
        return address.version == .v4
            ? big(UInt32(truncatingIfNeeded: address.low)) : big64(address.high) + big64(address.low)
    }

    static func udp(_ source: UInt16, _ destination: UInt16, _ payload: [UInt8]) -> [UInt8] {
        big(source) + big(destination) + big(UInt16(truncatingIfNeeded: 8 + payload.count)) + [0, 0] + payload
    }

    static func tcp(
        _ source: UInt16, _ destination: UInt16, _ flags: UInt8, _ sequence: UInt32, _ acknowledgment: UInt32,
        options: [UInt8] = [], _ payload: [UInt8] = []
    ) -> [UInt8] {
        big(source) + big(destination) + big(sequence) + big(acknowledgment)
            + [UInt8(5 + options.count / 4) << 4, flags, 1, 0, 0, 0, 0, 0] + options + payload
    }

    static func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    static func big(_ value: UInt32) -> [UInt8] {
        big(UInt16(value >> 16)) + big(UInt16(truncatingIfNeeded: value))
    }
}
