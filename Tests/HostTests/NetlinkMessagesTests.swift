import CLinux
import Model
import Testing

@testable import Host

@Suite struct NetlinkMessagesTests {
    @Test func buildsTheRequestForLinks() {
        #expect(
            NetlinkRequest.allLinks(sequence: 7) == [
                /* length */ 40, 0, 0, 0, /* RTM_GETLINK */ 18, 0, /* REQUEST ROOT MATCH */ 0x01, 0x03,
                /* sequence */ 7, 0, 0, 0, /* port ID */ 0, 0, 0, 0,
                /* ifinfomsg */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                /* IFLA_EXT_MASK */ 8, 0, 29, 0, /* SKIP_STATS */ 8, 0, 0, 0,
            ])
    }

    @Test func buildsTheRequestForAddresses() {
        #expect(
            NetlinkRequest.allAddresses(sequence: 0x0102_0304) == [
                /* length */ 24, 0, 0, 0, /* RTM_GETADDR */ 22, 0, /* REQUEST ROOT MATCH */ 0x01, 0x03,
                /* sequence */ 4, 3, 2, 1, /* port ID */ 0, 0, 0, 0,
                /* ifaddrmsg */ 0, 0, 0, 0, 0, 0, 0, 0,
            ])
    }

    @Test func padsAttributesToFourBytes() {
        var request = NetlinkRequest(type: RTM_GETADDR, flags: 0, body: UInt8(9))
        request.append(IFLA_MTU, UInt16(0x0201))
        #expect(
            request.finish(sequence: 0).dropFirst(16) == [9, 0, 0, 0, 6, 0, UInt8(IFLA_MTU), 0, 1, 2, 0, 0])
    }

    @Test func readsALinkDump() throws {
        let recording = try Recording("veth")
        let messages = recording.datagrams("links").flatMap { Array(NetlinkMessages($0)) }
        #expect(messages.map { Int($0.type) } == [RTM_NEWLINK, Int(NLMSG_DONE)])
        #expect(messages.allSatisfy { $0.sequence == 1 })
        let link = try #require(LinkMessage(messages[0].payload))
        #expect(link.index == 1)
        #expect(link.name == "lo")
        #expect(link.mtu == 65_536)
        #expect(link.mac == .zero)
        #expect(link.flags & (wb_iff_up | wb_iff_loopback | wb_iff_lower_up) == 0x10009)
    }

    @Test func readsAnAddressDump() throws {
        let recording = try Recording("veth")
        let messages = recording.datagrams("addresses").flatMap { Array(NetlinkMessages($0)) }
        let addresses = messages.compactMap { AddressMessage($0.payload) }
        #expect(addresses.map(\.address) == [IPAddress("127.0.0.1"), IPAddress("::1")])
        #expect(addresses.map(\.prefixLength) == [8, 128])
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var read: Int
        var isMalformed = true
    }

    static let empty: [UInt8] = [16, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    @Test(arguments: [
        Lie(testDescription: "nothing", bytes: [], read: 0, isMalformed: false),
        Lie(testDescription: "two whole messages", bytes: empty + empty, read: 2, isMalformed: false),
        Lie(testDescription: "length 0", bytes: [UInt8](repeating: 0, count: 64), read: 0),
        Lie(testDescription: "length 15", bytes: [15] + empty.dropFirst(), read: 0),
        Lie(testDescription: "length beyond the datagram", bytes: empty + [17] + empty.dropFirst(), read: 1),
        Lie(testDescription: "length of 4 GiB", bytes: [255, 255, 255, 255] + empty.dropFirst(4), read: 0),
        Lie(testDescription: "a header cut after the first message", bytes: empty + empty.dropLast(), read: 1),
        Lie(
            testDescription: "last padding left out", bytes: [17] + empty.dropFirst() + [1], read: 1,
            isMalformed: false),
    ])
    func endsAtALie(_ lie: Lie) {
        var messages = NetlinkMessages(lie.bytes)
        var read = 0
        while messages.next() != nil { read += 1 }
        #expect(read == lie.read)
        #expect(messages.isMalformed == lie.isMalformed)
    }

    @Test(arguments: [
        Lie(testDescription: "length 3", bytes: [3, 0, 1, 0], read: 0),
        Lie(testDescription: "length 0", bytes: [0, 0, 1, 0], read: 0),
        Lie(testDescription: "length beyond the end", bytes: [4, 0, 1, 0, 6, 0, 1, 0, 1], read: 1),
        Lie(testDescription: "empty value", bytes: [4, 0, 1, 0], read: 1),
        Lie(testDescription: "padded value", bytes: [5, 0, 1, 0, 1, 0, 0, 0, 5, 0, 2, 0, 2], read: 2),
    ])
    func attributesEndAtALie(_ lie: Lie) {
        #expect(Array(NetlinkAttributes(KernelBytes(lie.bytes))).count == lie.read)
    }

    @Test func hidesTheFlagBitsOfAnAttributeType() {
        let attributes = Array(NetlinkAttributes(KernelBytes([4, 0, 3, 0xC0])))
        #expect(attributes.map(\.type) == [3])
    }

    /// No length of any recorded datagram may trap, whatever stands in the part that is left.
    @Test func survivesEveryShortLength() throws {
        for line in try Recording("veth").lines {
            for length in 0..<line.bytes.count {
                for message in NetlinkMessages(Array(line.bytes.prefix(length))) {
                    _ = LinkMessage(message.payload)
                    _ = AddressMessage(message.payload)
                }
            }
            // The fixed part and the attributes cut, while the headers still promise them.
            for length in 0..<max(line.bytes.count - 16, 0) {
                let cut = KernelBytes(Array(line.bytes[16..<16 + length]))
                _ = LinkMessage(cut)
                _ = AddressMessage(cut)
            }
        }
    }

    @Test func survivesEveryByteSetToItsExtremes() throws {
        for line in try Recording("veth").lines {
            for index in line.bytes.indices {
                for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                    var bytes = line.bytes
                    bytes[index] = value
                    for message in NetlinkMessages(bytes) {
                        _ = LinkMessage(message.payload)
                        _ = AddressMessage(message.payload)
                    }
                }
            }
        }
    }

    @Test func readsAnAddressMessage() throws {
        func message(_ family: UInt8, flags: UInt8 = 0, index: UInt8 = 2, _ attributes: [UInt8]) -> AddressMessage? {
            AddressMessage(KernelBytes([family, 24, flags, 0, index, 0, 0, 0] + attributes))
        }
        let address: [UInt8] = [8, 0, UInt8(IFA_ADDRESS), 0, 192, 0, 2, 9]
        let local: [UInt8] = [8, 0, UInt8(IFA_LOCAL), 0, 192, 0, 2, 1]
        let flags: [UInt8] = [8, 0, UInt8(IFA_FLAGS), 0, 0x40, 0, 0, 0]

        let pointToPoint = try #require(message(2, address + local))
        #expect(pointToPoint.address == IPAddress("192.0.2.1"))
        #expect(pointToPoint.peer == IPAddress("192.0.2.9"))
        #expect(!pointToPoint.isUnusable)
        #expect(message(2, address)?.address == IPAddress("192.0.2.9"))
        #expect(message(2, flags: 0x40, address)?.isUnusable == true)  // tentative
        #expect(message(2, flags: 0x44, address)?.isUnusable == false)  // optimistic (RFC 4429)
        #expect(message(2, flags: 0x08, address)?.isUnusable == true)  // duplicate found
        #expect(message(2, address + flags)?.isUnusable == true)
        #expect(message(2, []) == nil)
        #expect(message(45, address) == nil)  // AF_MCTP
        #expect(message(2, index: 0, address) == nil)
        #expect(message(10, address) == nil)  // 4 bytes are no IPv6 address
    }
}
