import Model
import Testing

@Suite struct ValueTests {
    @Test(
        arguments: [
            (0x5254_0012_3456, "52:54:00:12:34:56"), (0, "00:00:00:00:00:00"), (0xFFFF_FFFF_FFFF, "ff:ff:ff:ff:ff:ff"),
            (0xABCD_0102_0304_0506, "01:02:03:04:05:06"),
        ] as [(UInt64, String)])
    func macPrints(_ bits: UInt64, _ text: String) { #expect(MACAddress(bits: bits).description == text) }

    @Test func macKnowsGroups() {
        #expect(MACAddress(bits: 0x0100_5E00_00FB).isGroup)
        #expect(MACAddress.broadcast.isGroup)
        #expect(!MACAddress(bits: 0x5254_0012_3456).isGroup)
    }

    @Test func vlanTagsKeepFourOutermostFirst() {
        var tags = VLANTags.none
        #expect(tags.isEmpty && tags.identifiers.isEmpty)
        for identifier in [UInt16(0xF064), 0, 4095, 1, 7] { tags.append(identifier) }
        #expect(tags.identifiers == [0x064, 0, 4095, 1])
        #expect(tags.count == VLANTags.capacity)
    }

    @Test func vlanZeroIsATag() {
        var tags = VLANTags.none
        tags.append(0)
        #expect(!tags.isEmpty && tags.identifiers == [0])
    }

    @Test func timestampSaturates() {
        #expect(Timestamp(seconds: .max, nanoseconds: 0) == .distantFuture)
        #expect(Timestamp(seconds: .min, nanoseconds: 0) == .distantPast)
        #expect(Timestamp(seconds: 9_223_372_036, nanoseconds: 999_999_999) == .distantFuture)
        #expect(Timestamp(seconds: -1, nanoseconds: 5).nanoseconds == -999_999_995)
        let day = TimeSpan.seconds(86400)
        #expect(Timestamp.distantFuture + day == .distantFuture)
        #expect(Timestamp.distantPast - day == .distantPast)
        #expect(Timestamp.distantPast + TimeSpan(nanoseconds: -1) == .distantPast)
        #expect(Timestamp.distantFuture - TimeSpan(nanoseconds: .min) == .distantFuture)
        #expect((Timestamp.distantFuture - .distantPast).nanoseconds == .max)
        #expect((Timestamp.distantPast - .distantFuture).nanoseconds == .min)
    }

    @Test func requestIdentifiersReadBack() throws {
        for bits in [UInt64(0), 1, 31, 32, RequestID.mask, .max, 0x0123_4567_89AB_CDEF] {
            let id = RequestID(bits: bits)
            #expect(id.description.utf8.count == 12)
            #expect(RequestID(id.description) == id)
            #expect(RequestID(id.description.uppercased()) == id)
        }
        #expect(RequestID(bits: 0).description == "000000000000")
        #expect(RequestID(bits: RequestID.mask).description == "zzzzzzzzzzzz")
    }

    @Test(arguments: [
        "", "00000000000", "0000000000000", "00000000000i", "00000000000u", "0000000000é", "00000000000-",
    ])
    func refusesIdentifier(_ text: String) { #expect(RequestID(text) == nil) }

    @Test func identifierDependsOnEveryPart() throws {
        let (near, far) = (Endpoint(IPAddress(v4: 1), 2), Endpoint(IPAddress(v6High: 3, low: 4), 5))
        let first = Timestamp(nanoseconds: 7)
        let id = RequestID(client: near, server: far, transport: .tcp, first: first)
        let others = [
            RequestID(client: far, server: near, transport: .tcp, first: first),
            RequestID(client: near, server: far, transport: .udp, first: first),
            RequestID(client: near, server: far, transport: .tcp, first: Timestamp(nanoseconds: 8)),
            RequestID(client: Endpoint(near.address, 3), server: far, transport: .tcp, first: first),
            RequestID(client: Endpoint(IPAddress(v6High: 0, low: 1), 2), server: far, transport: .tcp, first: first),
        ]
        #expect(Set(others + [id]).count == 6)
        #expect(id == RequestID(client: near, server: far, transport: .tcp, first: first))
    }

    @Test func endpointsPrint() throws {
        #expect(Endpoint(IPAddress(v4: 0xC000_0201), 80).description == "192.0.2.1:80")
        #expect(Endpoint(IPAddress(v6High: 0, low: 1), 443).description == "[::1]:443")
    }

    @Test(
        arguments: [
            (57, 7), (64, 0), (1, 63), (65, 63), (128, 0), (120, 8), (129, 126), (255, 0), (0, nil),
        ] as [(UInt8, Int?)])
    func suggestsHops(_ ttl: UInt8, _ hops: Int?) {
        var side = Side(endpoint: Endpoint(.anyIPv4, 0))
        side.ttl = ttl
        #expect(side.suggestedHops == hops)
    }

    @Test(
        arguments: [
            (3, 3, IPAddress.Version.v4, "port_unreachable", true), (3, 4, .v4, "fragmentation_needed", false),
            (11, 0, .v4, "ttl_exceeded", true), (5, 1, .v4, "redirect", false), (3, 200, .v4, "type_3_code_200", true),
            (1, 4, .v6, "port_unreachable", true), (2, 0, .v6, "packet_too_big", false),
            (255, 255, .v6, "type_255_code_255", false),
        ] as [(UInt8, UInt8, IPAddress.Version, String, Bool)])
    func namesICMPErrors(_ type: UInt8, _ code: UInt8, _ version: IPAddress.Version, _ name: String, _ isFatal: Bool) {
        let from = version == .v4 ? IPAddress.anyIPv4 : .anyIPv6
        let report = ICMPErrorReport(time: .distantPast, from: from, to: from, type: type, code: code)
        #expect(report.name == name)
        #expect(report.isFatal == isFatal)
    }

    @Test func namesOfNumbersCoverTheWholeRange() {
        #expect(
            DNSNames.type(65280) == "TYPE65280" && DNSNames.rcode(24) == "RCODE24" && DNSNames.rcode(3) == "NXDOMAIN")
        #expect(TLSNames.version(0x0304) == "TLS 1.3" && TLSNames.version(0x000A) == "0x000A")
        #expect(TLSNames.version(0x7F1C) == "0x7F1C")
        #expect((0...255).allSatisfy { !TLSNames.alert(UInt8($0)).isEmpty })
    }
}
