import Decode
import Model

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

extension Trace {
    /// Frames of every kind that the correlator follows, between few addresses and ports, so that they meet: valid
    /// but senseless, at times that jump, also backwards.
    mutating func addSoup(_ count: Int, _ random: inout SeededGenerator) {
        var time = 0.0
        for _ in 0..<count {
            time += [0, 0.5, 3, 900, 6_000, 20_000, -2_000].randomElement(using: &random) ?? 0
            addRandomFrame(time, &random)
        }
    }

    private mutating func addRandomFrame(_ time: Double, _ random: inout SeededGenerator) {
        let isIPv6 = Bool.random(using: &random)
        func address(_ random: inout SeededGenerator) -> IPAddress {
            let number = UInt64.random(in: 1...3, using: &random)
            return isIPv6 ? IPAddress(v6High: 0x2001_0DB8 << 32, low: number) : IPAddress(v4: UInt32(number))
        }
        let source = address(&random)
        let destination = address(&random)
        let ports = (UInt16.random(in: 52...54, using: &random), UInt16.random(in: 52...54, using: &random))
        let interface = UInt16.random(in: 0...1, using: &random)
        let payload = [UInt8](repeating: 9, count: Int.random(in: 0...40, using: &random))
        let echo = Wire.icmp(isIPv6 ? 128 : 8, 0, rest: UInt32.random(in: 0...2, using: &random) << 16, payload)
        let icmp: UInt8 = isIPv6 ? 58 : 1
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1:
            tcp(
                time, Endpoint(source, ports.0), Endpoint(destination, ports.1),
                TCPFlags(rawValue: UInt8.random(in: 0...31, using: &random)),
                UInt32.random(in: 0...200, using: &random) &- 100, payload, on: interface)
        case 2, 3:
            let name = "host\(Int.random(in: 0...2, using: &random)).example"
            let type: UInt16 = Bool.random(using: &random) ? 1 : 28
            let id = UInt16.random(in: 0...2, using: &random)
            let message =
                Bool.random(using: &random)
                ? WireDNS.query(id, name, type)
                : WireDNS.response(id, name, type, [.alias("x.example"), .address(address(&random))])
            udp(time, Endpoint(source, ports.0), Endpoint(destination, ports.1), message, on: interface)
        case 4: packet(time, source, destination, icmp, echo, on: interface)
        case 5:
            let quoted = Wire.ip(destination, source, 17, Wire.udp(ports.0, ports.1, payload))
            packet(time, source, destination, icmp, Wire.icmp(isIPv6 ? 1 : 3, 1, rest: 0, quoted), on: interface)
        case 6:
            if isIPv6 {
                let type: UInt8 = Bool.random(using: &random) ? 135 : 136
                packet(time, source, destination, 58, Wire.ndp(type, target: address(&random), option: .zero))
            } else {
                arp(time, UInt16.random(in: 1...2, using: &random), source, target: destination)
            }
        default: udp(time, Endpoint(source, ports.0), Endpoint(destination, ports.1), payload, on: interface)
        }
    }
}
