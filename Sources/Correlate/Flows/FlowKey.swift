import Decode
import Model

/// The tuple of a request in canonical order, the lower endpoint first, and which way round the packet was.
struct FlowKey {
    let lowHigh: UInt64
    let lowLow: UInt64
    let highHigh: UInt64
    let highLow: UInt64
    let lowPort: UInt16
    let highPort: UInt16
    let protocolNumber: UInt8
    let version: UInt8
    let sourceIsHigh: Bool

    @inline(__always)
    init(
        source: IPAddress, _ sourcePort: UInt16, destination: IPAddress, _ destinationPort: UInt16,
        protocolNumber: UInt8
    ) {
        let sourceIsHigh =
            source.high != destination.high
            ? source.high > destination.high
            : source.low != destination.low ? source.low > destination.low : sourcePort > destinationPort
        self.sourceIsHigh = sourceIsHigh
        lowHigh = sourceIsHigh ? destination.high : source.high
        lowLow = sourceIsHigh ? destination.low : source.low
        highHigh = sourceIsHigh ? source.high : destination.high
        highLow = sourceIsHigh ? source.low : destination.low
        lowPort = sourceIsHigh ? destinationPort : sourcePort
        highPort = sourceIsHigh ? sourcePort : destinationPort
        self.protocolNumber = protocolNumber
        version = source.version.rawValue
    }

    /// The key of a quoted packet, as its own frame would have had it.
    init(_ quotation: ICMPErrorReport.Quotation) {
        let isEcho =
            quotation.protocolNumber == TransportProtocol.icmp.rawValue
            || quotation.protocolNumber == TransportProtocol.icmpv6.rawValue
        self.init(
            source: quotation.source.address, quotation.source.port, destination: quotation.destination.address,
            isEcho ? quotation.source.port : quotation.destination.port, protocolNumber: quotation.protocolNumber)
    }

    @inline(__always)
    func hash(_ hash: SeededHash) -> UInt32 {
        let ports = UInt64(lowPort) << 48 | UInt64(highPort) << 32 | UInt64(protocolNumber) << 8 | UInt64(version)
        let addresses = hash(lowHigh ^ (highHigh &<< 1), lowLow) ^ hash(highLow, ports)
        return UInt32(truncatingIfNeeded: SeededHash.mix(addresses, 0x9FB2_1C65_1E98_DF25))
    }

    @inline(__always)
    func matches(_ flow: Flow) -> Bool {
        lowLow == flow.lowLow && highLow == flow.highLow && lowPort == flow.lowPort && highPort == flow.highPort
            && lowHigh == flow.lowHigh && highHigh == flow.highHigh && protocolNumber == flow.protocolNumber
            && version == flow.version
    }
}
