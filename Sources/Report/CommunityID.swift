import Crypto
import FoundationEssentials
package import Model

/// Community ID version 1: a hash of a flow's tuple that other tools compute alike
/// (https://github.com/corelight/community-id-spec).
package enum CommunityID {
    /// The identifier of a request with the default seed of 0.
    package static func of(_ lifecycle: Lifecycle) -> String {
        var (source, destination) = (lifecycle.client.endpoint, lifecycle.server.endpoint)
        switch lifecycle.transport {
        case .tcp, .udp: break
        // Echo messages count as a flow between the types of request and reply (RFC 792, RFC 4443 §4).
        case .icmp: (source.port, destination.port) = (8, 0)
        case .icmpv6: (source.port, destination.port) = (128, 129)
        }
        return of(source, destination, protocolNumber: lifecycle.transport.rawValue)
    }

    /// The same for both directions of a flow. What is hashed, big-endian:
    ///
    ///     0      2           2+n           2+2n       +1    +2      +4      +6
    ///     | seed | address 1 | address 2 | protocol | 0 | port 1 | port 2 |     n is 4 or 16
    package static func of(_ source: Endpoint, _ destination: Endpoint, protocolNumber: UInt8) -> String {
        let isInOrder =
            (source.address, source.port) < (destination.address, destination.port)
        let (low, high) = isInOrder ? (source, destination) : (destination, source)
        var bytes: [UInt8] = [0, 0]
        bytes.reserveCapacity(40)
        append(low.address, to: &bytes)
        append(high.address, to: &bytes)
        bytes.append(protocolNumber)
        bytes.append(0)
        for port in [low.port, high.port] {
            bytes.append(UInt8(truncatingIfNeeded: port >> 8))
            bytes.append(UInt8(truncatingIfNeeded: port))
        }
        return "1:" + Data(Insecure.SHA1.hash(data: bytes)).base64EncodedString()
    }

    private static func append(_ address: IPAddress, to bytes: inout [UInt8]) {
        switch address.version {
        case .v4:
            for shift in stride(from: UInt64(24), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: address.low >> shift))
            }
        case .v6:
            for half in [address.high, address.low] {
                for shift in stride(from: UInt64(56), through: 0, by: -8) {
                    bytes.append(UInt8(truncatingIfNeeded: half >> shift))
                }
            }
        }
    }
}
