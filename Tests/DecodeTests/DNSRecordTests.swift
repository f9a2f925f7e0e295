import Model
import Testing

@testable import Decode

@Suite struct DNSRecordTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var type: UInt16
        var recordClass: UInt16 = 1
        var data: [UInt8]
        var expected: DNSRecord.Data
    }

    /// Every record is the answer to `a.example`, whose name stands at byte 12 and whose `example` at byte 14.
    static func message(type: UInt16, recordClass: UInt16 = 1, data: [UInt8]) -> [UInt8] {
        var message = DNSMessageBytes.response(to: "a.example", type: type)
        message.record(pointer(to: 12), type: type, recordClass: recordClass, data: data)
        return message.bytes
    }

    @Test(arguments: [
        Example(
            testDescription: "A", type: 1, data: [192, 0, 2, 1], expected: .address(IPAddress(v4: 0xC000_0201))),
        Example(
            testDescription: "AAAA", type: 28, data: [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            expected: .address(IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 1))),
        Example(
            testDescription: "A, flushing caches as multicast DNS does", type: 1, recordClass: 0x8001,
            data: [192, 0, 2, 1], expected: .address(IPAddress(v4: 0xC000_0201))),
        Example(
            testDescription: "A of class CH is no address", type: 1, recordClass: 3, data: [0, 1, 2, 3],
            expected: .text("\\# 4 00010203")),
        Example(
            testDescription: "CNAME", type: 5, data: [1, 0x62] + pointer(to: 14), expected: .name("b.example")),
        Example(testDescription: "NS", type: 2, data: [2, 0x6E, 0x73, 0], expected: .name("ns")),
        Example(testDescription: "PTR to the root", type: 12, data: [0], expected: .name(".")),
        Example(testDescription: "DNAME", type: 39, data: pointer(to: 14), expected: .text("example")),
        Example(
            testDescription: "MX", type: 15, data: [ /* preference */0, 10] + [2, 0x6D, 0x78] + pointer(to: 14),
            expected: .text("10 mx.example")),
        Example(testDescription: "null MX", type: 15, data: [0, 0, 0], expected: .text("0 .")),
        Example(
            testDescription: "TXT of two strings, one with a quote, a backslash, a space and a line feed", type: 16,
            data: [3, 0x61, 0x22, 0x5C, 3, 0x62, 0x20, 0x0A], expected: .text("\"a\\\"\\\\\" \"b \\010\"")),
        Example(testDescription: "TXT, one empty string", type: 16, data: [0], expected: .text("\"\"")),
        Example(
            testDescription: "TXT of class CH, as version.bind", type: 16, recordClass: 3, data: [1, 0x39],
            expected: .text("\"9\"")),
        Example(
            testDescription: "SOA", type: 6,
            data: [2, 0x6E, 0x73] + pointer(to: 14) + [3, 0x61, 0x2E, 0x62] + pointer(to: 14) + [
                /* serial */ 0x78, 0xB1, 0x43, 0x2D, /* refresh */ 0, 0, 0x1C, 0x20, /* retry */ 0, 0, 3, 0x84,
                /* expire */ 0, 0x12, 0x75, 0, /* minimum */ 0, 0, 0, 60,
            ],
            expected: .text("ns.example a\\.b.example 2024882989 7200 900 1209600 60")),
        Example(
            testDescription: "SRV", type: 33, data: [0, 1, 0, 2, 0x13, 0xC4, 3, 0x73, 0x69, 0x70] + pointer(to: 14),
            expected: .text("1 2 5060 sip.example")),
        Example(
            testDescription: "CAA", type: 257, data: [128, 5] + Array("issue".utf8) + Array("ca.example; a=b".utf8),
            expected: .text("128 issue \"ca.example; a=b\"")),
        Example(
            testDescription: "HTTPS alias", type: 65, data: [0, 0, 1, 0x62, 0], expected: .text("0 b")),
        Example(
            testDescription: "HTTPS with every known parameter", type: 65,
            data: [
                /* priority */ 0, 1, /* root */ 0,
                /* mandatory */ 0, 0, 0, 4, 0, 1, 0, 3,
                /* alpn */ 0, 1, 0, 6, 2, 0x68, 0x33, 2, 0x68, 0x32,
                /* no-default-alpn */ 0, 2, 0, 0,
                /* port */ 0, 3, 0, 2, 0x20, 0xFB,
                /* ipv4hint */ 0, 4, 0, 8, 192, 0, 2, 1, 192, 0, 2, 2,
                /* ech */ 0, 5, 0, 4, 0xFE, 0x0D, 0x00, 0xFF,
                /* ipv6hint */ 0, 6, 0, 16, 0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
                /* dohpath */ 0, 7, 0, 2, 0x2F, 0x71,
                /* key 65280 */ 0xFF, 0, 0, 0,
            ],
            expected: .text(
                "1 . mandatory=alpn,port alpn=\"h3,h2\" no-default-alpn port=8443 ipv4hint=192.0.2.1,192.0.2.2 "
                    + "ech=/g0A/w== ipv6hint=2001:db8::1 dohpath=\"/q\" key65280")),
        Example(
            testDescription: "SVCB, an ALPN identifier with a comma and a backslash", type: 64,
            data: [0, 1, 0, /* alpn */ 0, 1, 0, 5, 4, 0x66, 0x2C, 0x6F, 0x5C],
            expected: .text("1 . alpn=\"f\\\\,o\\\\\\\\\"")),
        Example(
            testDescription: "DS in the generic form", type: 43, data: [0x0A, 0xBC, 13, 2, 0xDE],
            expected: .text("\\# 5 0ABC0D02DE")),
        Example(testDescription: "an unknown type, empty", type: 65280, data: [], expected: .text("\\# 0")),
    ])
    func decodes(_ example: Example) throws {
        let bytes = Self.message(type: example.type, recordClass: example.recordClass, data: example.data)
        let view = try DNSView(bytes.span.bytes, at: 0)
        var answers = view.answers
        guard let record = try answers.next() else {
            Issue.record("no answer")
            return
        }
        #expect(
            try record.decoded()
                == DNSRecord(name: "a.example", type: example.type, ttl: 300, data: example.expected))
        #expect(record.recordClass == example.recordClass)
        #expect(record.data.byteCount == example.data.count)
        if case .address(let address) = example.expected {
            #expect(record.address == address)
        } else {
            #expect(record.address == nil)
        }
        if case .name(let name) = example.expected {
            let target = try record.target()?.text
            #expect(target == name)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var type: UInt16
        var data: [UInt8]
        /// `nil`: the record's length, at the start of its data.
        var error: DecodeError?
    }

    /// Header 12, question 11 + 4, owner 2, fixed fields 10.
    static let dataStart = 39

    @Test(arguments: [
        Refusal(testDescription: "A of 3 bytes", type: 1, data: [1, 2, 3]),
        Refusal(testDescription: "A of 5 bytes", type: 1, data: [1, 2, 3, 4, 5]),
        Refusal(testDescription: "AAAA of 4 bytes", type: 28, data: [1, 2, 3, 4]),
        Refusal(testDescription: "CNAME with a byte behind the name", type: 5, data: [0xC0, 12, 0]),
        Refusal(
            testDescription: "CNAME without its name", type: 5, data: [],
            error: .truncated(.dns, at: dataStart, needs: 1, has: 0)),
        Refusal(
            testDescription: "CNAME to itself", type: 5, data: pointer(to: dataStart),
            error: .invalid(.dns, at: dataStart, field: .compressionPointer, value: dataStart)),
        Refusal(testDescription: "MX of 2 bytes", type: 15, data: [0, 10]),
        Refusal(testDescription: "MX with a byte behind", type: 15, data: [0, 10, 0, 0]),
        Refusal(testDescription: "TXT without a string", type: 16, data: []),
        Refusal(testDescription: "TXT whose string leads out", type: 16, data: [2, 0x61]),
        Refusal(testDescription: "SOA without numbers", type: 6, data: [0, 0]),
        Refusal(testDescription: "SOA with 3 bytes too few", type: 6, data: [UInt8](repeating: 0, count: 19)),
        Refusal(testDescription: "SRV of 6 bytes", type: 33, data: [0, 0, 0, 0, 0, 53]),
        Refusal(testDescription: "CAA of 1 byte", type: 257, data: [0]),
        Refusal(testDescription: "CAA whose tag leads out", type: 257, data: [0, 3, 0x61, 0x62]),
        Refusal(testDescription: "HTTPS of 2 bytes", type: 65, data: [0, 1]),
        Refusal(testDescription: "HTTPS with half a parameter", type: 65, data: [0, 1, 0, 0, 1, 0]),
        Refusal(testDescription: "HTTPS parameter that leads out", type: 65, data: [0, 1, 0, 0, 1, 0, 9, 1]),
        Refusal(testDescription: "HTTPS port of 1 byte", type: 65, data: [0, 1, 0, 0, 3, 0, 1, 9]),
        Refusal(testDescription: "HTTPS empty ALPN identifier", type: 65, data: [0, 1, 0, 0, 1, 0, 1, 0]),
        Refusal(
            testDescription: "HTTPS ALPN identifier that leads out", type: 65, data: [0, 1, 0, 0, 1, 0, 2, 5, 0x68]),
        Refusal(testDescription: "HTTPS IPv6 hint of 4 bytes", type: 65, data: [0, 1, 0, 0, 6, 0, 4, 1, 2, 3, 4]),
    ])
    func refuses(_ refusal: Refusal) throws {
        let bytes = Self.message(type: refusal.type, data: refusal.data)
        let expected =
            refusal.error
            ?? .invalid(.dns, at: Self.dataStart, field: .recordLength, value: refusal.data.count)
        #expect(throws: expected) {
            let view = try DNSView(bytes.span.bytes, at: 0)
            var answers = view.answers
            _ = try answers.next()?.decoded()
        }
        // One bad record costs itself and nothing else.
        let view = try DNSView(bytes.span.bytes, at: 0)
        let decoded = view.decodedAnswers(limit: 64)
        #expect(decoded.records.isEmpty && decoded.leftOut == 1)
    }

    /// A record's length that leads out of the message: the message may be cut, which only the frame can tell.
    @Test(arguments: 1...14)
    func refusesEveryCutRecord(_ missing: Int) throws {
        let bytes = Array(Self.message(type: 1, data: [192, 0, 2, 1]).dropLast(missing))
        let view = try DNSView(bytes.span.bytes, at: 0)
        var answers = view.answers
        let expected: DecodeError =
            missing <= 4
            ? .truncated(.dns, at: 39, needs: 4, has: 4 - missing)
            : .truncated(.dns, at: 29, needs: 10, has: 14 - missing)
        do {
            _ = try answers.next()?.ttl
            Issue.record("passed")
        } catch {
            #expect(error == expected)
        }
    }

    @Test func readsTheBindingAsValues() throws {
        let bytes = Self.message(
            type: 65,
            data: [ /* priority */0, 1, 1, 0x62] + pointer(to: 14) + [
                /* mandatory */ 0, 0, 0, 2, 0, 1,
                /* alpn */ 0, 1, 0, 6, 2, 0x68, 0x33, 2, 0x68, 0x32,
                /* no-default-alpn */ 0, 2, 0, 0,
                /* port */ 0, 3, 0, 2, 0x20, 0xFB,
                /* ipv4hint */ 0, 4, 0, 4, 192, 0, 2, 1,
                /* ech */ 0, 5, 0, 1, 0,
                /* ipv6hint */ 0, 6, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
            ])
        let view = try DNSView(bytes.span.bytes, at: 0)
        var answers = view.answers
        guard let binding = try answers.next()?.serviceBinding() else {
            Issue.record("no binding")
            return
        }
        #expect(binding.priority == 1 && binding.target == "b.example")
        #expect(binding.mandatory == [1] && binding.applicationProtocols == ["h3", "h2"])
        #expect(binding.noDefaultApplicationProtocol && binding.port == 8443 && binding.hasEncryptedClientHello)
        #expect(binding.ipv4Hints == [IPAddress(v4: 0xC000_0201)])
        #expect(binding.ipv6Hints == [IPAddress(v6High: 0, low: 1)])
    }

    /// Too much for its type's text: strings, octets, a key, addresses.
    static let oversized: [(type: UInt16, data: [UInt8])] = [
        (16, (0..<200).flatMap { _ in [255] + [UInt8](repeating: 1, count: 255) }),
        (65280, [UInt8](repeating: 0xAB, count: 60000)),
        (65, [0, 1, 0, 0, 5, 0xC3, 0x50] + [UInt8](repeating: 0xAB, count: 50000)),
        (65, [0, 1, 0, 0, 6, 0xC3, 0x50] + [UInt8](repeating: 0xAB, count: 50000)),
    ]

    @Test(arguments: oversized.indices)
    func textIsBounded(_ index: Int) throws {
        let bytes = Self.message(type: Self.oversized[index].type, data: Self.oversized[index].data)
        let view = try DNSView(bytes.span.bytes, at: 0)
        guard case .text(let text) = view.decodedAnswers(limit: 1).records.first?.data else {
            Issue.record("no text")
            return
        }
        #expect(text.utf8.count <= DNSRecordView.textCapacity + 3)
        #expect(text.hasSuffix("..."))
    }
}
