import Model
import Testing

@testable import Decode

/// DHCPv4 messages, written by hand after RFC 2131 §2 and RFC 2132.
@Suite struct DHCPTests {
    /// The fixed part, with `file` and `sname` as given, then the cookie and `options`.
    static func message(
        _ operation: UInt8 = 2, options: [UInt8], serverName: [UInt8] = [], file: [UInt8] = []
    ) -> [UInt8] {
        func field(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
            bytes + [UInt8](repeating: 0, count: count - bytes.count)
        }
        return [operation, 1, 6, 0, 0xDE, 0xAD, 0xBE, 0xEF, 0, 0, 0, 0]
            + /* ciaddr */ [0, 0, 0, 0] + /* yiaddr */ [192, 0, 2, 9] + /* siaddr */ [0, 0, 0, 0]
            + /* giaddr */ [192, 0, 2, 254] + field([2, 0, 0, 0, 0, 7], 16) + field(serverName, 64) + field(file, 128)
            + [0x63, 0x82, 0x53, 0x63] + options
    }

    private static let options: [UInt8] =
        [53, 1, 5, 54, 4, 192, 0, 2, 1, 0, 51, 4, 0, 0, 0x0E, 0x10, 58, 4, 0, 0, 7, 8, 59, 4, 0, 0, 0x0C, 0x4E]
        + [1, 4, 255, 255, 255, 0, 3, 4, 192, 0, 2, 1, 6, 8, 192, 0, 2, 53, 192, 0, 2, 54, 42, 4, 192, 0, 2, 123]
        + [12, 3, 0x70, 0x63, 0x31, 15, 4, 0x74, 0x65, 0x73, 0x74, 26, 2, 0x05, 0x78]
        // eng.a.test and mail.a.test, the second by a pointer to the first's end (as in RFC 3397 §2).
        + [119, 19, 3, 0x65, 0x6E, 0x67, 1, 0x61, 4, 0x74, 0x65, 0x73, 0x74, 0, 4, 0x6D, 0x61, 0x69, 0x6C, 0xC0, 4]
        // 10.17.0.0/16 and the default route (the octets of RFC 3442's table).
        + [121, 12, 16, 10, 17, 192, 0, 2, 2, 0, 192, 0, 2, 1, 255]

    @Test func readsEveryOption() throws {
        let bytes = Self.message(options: Self.options)
        let view = try DHCPView(bytes.span.bytes, at: 42)
        #expect(
            view.isReply && view.transactionID == 0xDEAD_BEEF && view.clientMAC == MACAddress(bits: 0x0200_0000_0007))
        #expect(view.clientAddress == nil && view.yourAddress == "192.0.2.9" && view.relayAddress == "192.0.2.254")
        let options = view.options
        #expect(options.messageType == .acknowledge && options.server == "192.0.2.1" && options.damage == nil)
        #expect(options.hostname == "pc1")
        let parameters = options.parameters
        #expect(parameters.leaseTime == 3600 && parameters.renewalTime == 1800 && parameters.rebindingTime == 3150)
        #expect(parameters.subnetMask == "255.255.255.0" && parameters.routers == ["192.0.2.1"])
        #expect(parameters.nameServers == ["192.0.2.53", "192.0.2.54"] && parameters.timeServers == ["192.0.2.123"])
        #expect(parameters.domain == "test" && parameters.mtu == 1400)
        #expect(parameters.search == ["eng.a.test", "mail.a.test"])
        #expect(
            parameters.routes == [
                Lease.Route(destination: "10.17.0.0", prefixLength: 16, gateway: "192.0.2.2"),
                Lease.Route(destination: "0.0.0.0", prefixLength: 0, gateway: "192.0.2.1"),
            ])
    }

    /// RFC 2131 §4.1: first `options`, then `file`, then `sname`.
    @Test func optionsOverflowIntoTheOtherFields() throws {
        let bytes = Self.message(
            options: [52, 1, 3, 53, 1, 2, 255], serverName: [15, 1, 0x62, 255], file: [12, 1, 0x61, 255])
        let options = try DHCPView(bytes.span.bytes, at: 0).options
        #expect(options.messageType == .offer && options.hostname == "a" && options.parameters.domain == "b")
        let without = Self.message(
            options: [53, 1, 2, 255], serverName: [15, 1, 0x62, 255], file: [12, 1, 0x61, 255])
        #expect(try DHCPView(without.span.bytes, at: 0).options.hostname == nil)
    }

    @Test(arguments: 0..<240) func refusesEveryShortLength(_ length: Int) {
        let bytes = Array(Self.message(options: []).prefix(length))
        #expect(throws: DecodeError.truncated(.dhcp, at: 42, needs: 240, has: length)) {
            _ = try DHCPView(bytes.span.bytes, at: 42)
        }
    }

    @Test func refusesWhatIsNoDHCP() {
        var bytes = Self.message(options: [])
        bytes[236] = 0
        #expect(throws: DecodeError.self) { _ = try DHCPView(bytes.span.bytes, at: 0) }
        let third = Self.message(3, options: [])
        #expect(throws: DecodeError.invalid(.dhcp, at: 0, field: .version, value: 3)) {
            _ = try DHCPView(third.span.bytes, at: 0)
        }
    }

    @Test func everyCutOptionLeavesTheOthers() throws {
        for length in 0..<Self.options.count {
            let bytes = Self.message(options: Array(Self.options.prefix(length)))
            let options = try DHCPView(bytes.span.bytes, at: 0).options
            #expect((options.messageType != nil) == (length >= 3))
            #expect((options.parameters.routers == ["192.0.2.1"]) == (length >= 40), "\(length)")
        }
    }

    @Test(
        arguments: [
            [53, 0], [53, 2, 1, 1], [53, 1, 9], [1, 3, 1, 2, 3], [3, 0], [3, 5, 1, 2, 3, 4, 5], [6, 3, 1, 2, 3],
            [26, 1, 1],
            [51, 3, 0, 0, 1], [52, 0], [54, 5, 1, 2, 3, 4, 5], [121, 1, 33], [121, 5, 24, 10, 0, 0, 1], [121, 1, 0],
            [119, 1, 5], [119, 2, 0xC0, 0], [119, 2, 0xC0, 9], [58, 200],
        ] as [[UInt8]]) func wrongLengthsAreDamage(_ option: [UInt8]) throws
    {
        let bytes = Self.message(options: option + [12, 1, 0x61, 255])
        let options = try DHCPView(bytes.span.bytes, at: 0).options
        #expect(options.damage != nil)
        // What is read after it stands, when its length leads there.
        #expect(options.hostname == (option == [58, 200] ? nil : "a"))
    }

    @Test func neverTraps() {
        var random = SeededNumbers(seed: 5)
        for _ in 0..<20_000 {
            var bytes = Self.message(options: [52, 1, 3] + Self.options)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                bytes[position] = [0, 1, 4, 52, 119, 121, 0x7F, 0xC0, 0xFF].randomElement(using: &random) ?? 0
            }
            if random.next() % 2 == 0 { bytes.removeLast(Int.random(in: 0...60, using: &random)) }
            guard let view = try? DHCPView(bytes.span.bytes, at: 0) else { continue }
            let options = view.options
            #expect(options.parameters.routes.count <= 8 && options.parameters.search.count <= 8)
            #expect(options.parameters.nameServers.count <= 8)
        }
    }
}
