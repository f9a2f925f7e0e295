import Testing

@testable import Decode

@Suite struct DNSNameTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Placed at byte 12 of a message, behind a header.
        var name: [UInt8]
        var text: String
        /// What stands before the name, for pointers into it; the first byte is the message's byte 12.
        var before: [UInt8] = []
        var wireLength: Int
        var isCompressed = false
    }

    @Test(arguments: [
        Example(testDescription: "the root", name: [0], text: ".", wireLength: 1),
        Example(
            testDescription: "two labels, case kept", name: [3, 0x57, 0x77, 0x57, 2, 0x64, 0x45, 0], text: "WwW.dE",
            wireLength: 8),
        Example(
            testDescription: "a dot and a backslash inside a label", name: [3, 0x61, 0x2E, 0x5C, 0], text: "a\\.\\\\",
            wireLength: 5),
        Example(
            testDescription: "escape, space, delete and a high byte",
            name: [4, 0x1B, 0x20, 0x7F, 0xFF, 0], text: "\\027\\032\\127\\255", wireLength: 6),
        Example(
            testDescription: "a NUL inside a label", name: [2, 0x00, 0x61, 0], text: "\\000a", wireLength: 4),
        Example(
            testDescription: "only a pointer", name: [0xC0, 0x0C], text: "ab.c", before: [2, 0x61, 0x62, 1, 0x63, 0],
            wireLength: 6, isCompressed: true),
        Example(
            testDescription: "a label, then a pointer into the middle", name: [1, 0x78, 0xC0, 0x0F], text: "x.c",
            before: [2, 0x61, 0x62, 1, 0x63, 0], wireLength: 5, isCompressed: true),
        Example(
            testDescription: "a pointer to a pointer", name: [1, 0x79, 0xC0, 0x0F], text: "y.a",
            before: [1, 0x61, 0, /* 15 */ 0xC0, 0x0C], wireLength: 5, isCompressed: true),
    ])
    func reads(_ example: Example) throws {
        let bytes = DNSMessageBytes().bytes + example.before + example.name + [0xEE]
        let name = try DNSName(in: bytes.span.bytes, at: 12 + example.before.count, offset: 42)
        #expect(name.text == example.text)
        #expect(name.wireLength == example.wireLength)
        #expect(name.isCompressed == example.isCompressed)
        #expect(name.end == bytes.count - 1)
        #expect(name.isRoot == (example.text == "."))
        let wireCount = name.wire?.byteCount
        #expect(wireCount == (example.isCompressed ? nil : example.wireLength))
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Bytes from byte 12 of the message on; the name begins `at` bytes into them.
        var bytes: [UInt8]
        var at = 0
        var error: DecodeError
    }

    @Test(arguments: [
        Refusal(
            testDescription: "nothing there", bytes: [], error: .truncated(.dns, at: 112, needs: 1, has: 0)),
        Refusal(
            testDescription: "no root", bytes: [1, 0x61], error: .truncated(.dns, at: 112, needs: 3, has: 2)),
        Refusal(
            testDescription: "label cut", bytes: [5, 0x61], error: .truncated(.dns, at: 112, needs: 7, has: 2)),
        Refusal(
            testDescription: "pointer cut", bytes: [1, 0x61, 0xC0],
            error: .truncated(.dns, at: 114, needs: 2, has: 1)),
        Refusal(
            testDescription: "label type 0x40", bytes: [1, 0x61, 0x40, 0],
            error: .invalid(.dns, at: 114, field: .nameLabel, value: 0x40)),
        Refusal(
            testDescription: "label type 0x80", bytes: [0x80, 0],
            error: .invalid(.dns, at: 112, field: .nameLabel, value: 0x80)),
        Refusal(
            testDescription: "a pointer to itself", bytes: [0xC0, 0x0C],
            error: .invalid(.dns, at: 112, field: .compressionPointer, value: 12)),
        Refusal(
            testDescription: "a pointer to the start of its own name", bytes: [1, 0x61, 0xC0, 0x0C],
            error: .invalid(.dns, at: 114, field: .compressionPointer, value: 12)),
        Refusal(
            testDescription: "a pointer forwards", bytes: [0xC0, 0x0E, 0],
            error: .invalid(.dns, at: 112, field: .compressionPointer, value: 14)),
        Refusal(
            testDescription: "a pointer beyond the message", bytes: [0xFF, 0xFF],
            error: .invalid(.dns, at: 112, field: .compressionPointer, value: 0x3FFF)),
        Refusal(
            testDescription: "a pointer into the header", bytes: [0xC0, 0x0B],
            error: .invalid(.dns, at: 112, field: .compressionPointer, value: 11)),
        Refusal(
            testDescription: "two pointers at each other", bytes: [0xC0, 0x0E, 0xC0, 0x0C], at: 2,
            error: .invalid(.dns, at: 112, field: .compressionPointer, value: 14)),
        Refusal(
            testDescription: "a loop through a label", bytes: [1, 0x61, 0xC0, 0x0C, 1, 0x62, 0xC0, 0x0C], at: 4,
            error: .invalid(.dns, at: 114, field: .compressionPointer, value: 12)),
    ])
    func refuses(_ refusal: Refusal) {
        let bytes = DNSMessageBytes().bytes + refusal.bytes
        #expect(throws: refusal.error) {
            _ = try DNSName(in: bytes.span.bytes, at: 12 + refusal.at, offset: 100).end
        }
    }

    /// Three labels of 63 octets and one of 61: 64 × 3 + 62 + 1 octets.
    static let longest: [UInt8] =
        [63, 63, 63, 61].flatMap { [UInt8($0)] + [UInt8](repeating: 0x61, count: $0) } + [0]

    @Test func takes255OctetsAndNoMore() throws {
        let longest = DNSMessageBytes().bytes + Self.longest
        let name = try DNSName(in: longest.span.bytes, at: 12, offset: 0)
        #expect(name.wireLength == 255)
        #expect(name.text.utf8.count == 253)
        let longer = DNSMessageBytes().bytes + [1, 0x62] + Self.longest
        #expect(throws: DecodeError.invalid(.dns, at: 0, field: .nameLength, value: 257)) {
            _ = try DNSName(in: longer.span.bytes, at: 12, offset: -12).end
        }
        let oneMore = DNSMessageBytes().bytes + Self.longest[..<192] + [62] + [UInt8](repeating: 0x61, count: 62) + [0]
        #expect(throws: DecodeError.invalid(.dns, at: 12, field: .nameLength, value: 256)) {
            _ = try DNSName(in: oneMore.span.bytes, at: 12, offset: 0).end
        }
        // The same by way of a pointer, which only the whole chain shows.
        let pointing = DNSMessageBytes().bytes + Self.longest + [1, 0x62, 0xC0, 0x0C]
        #expect(throws: DecodeError.invalid(.dns, at: 267, field: .nameLength, value: 257)) {
            _ = try DNSName(in: pointing.span.bytes, at: 12 + 255, offset: 0).end
        }
        // A walk over records sees only the run itself, and refuses it as well.
        #expect(throws: DecodeError.self) {
            _ = try DNSName.end(in: longer.span.bytes, at: 12, offset: 0)
        }
        #expect(try DNSName.end(in: longest.span.bytes, at: 12, offset: 0) == 12 + 255)
    }

    @Test func everyOctetEscapedStaysWhole() throws {
        let bytes = Self.longest.map { $0 == 0x61 ? 0xFF : $0 }
        let name = try DNSName(wire: bytes.span.bytes)
        #expect(name.text == [63, 63, 63, 61].map { String(repeating: "\\255", count: $0) }.joined(separator: "."))
    }

    @Test func takes127LabelsAndFollows127Pointers() throws {
        let labels = [UInt8]([[UInt8]](repeating: [1, 0x61], count: 127).joined()) + [0]
        let name = try DNSName(wire: labels.span.bytes)
        #expect(name.wireLength == 255)

        /// The root at byte 12, then pointers, each to the one before.
        func chain(_ count: Int) -> [UInt8] {
            DNSMessageBytes().bytes + [0]
                + (0..<count).flatMap { pointer(to: $0 == 0 ? 12 : 13 + 2 * ($0 - 1)) }
        }
        let most = chain(127)
        let last = try DNSName(in: most.span.bytes, at: most.count - 2, offset: 0)
        #expect(last.wireLength == 1)
        let more = chain(128)
        #expect(throws: DecodeError.invalid(.dns, at: 13, field: .compressionPointer, value: 12)) {
            _ = try DNSName(in: more.span.bytes, at: more.count - 2, offset: 0).end
        }
    }

    @Test(arguments: [
        ("www.Example.ORG", "WWW.eXample.org", true),
        ("a", "A", true), (".", ".", true),
        ("abcdefg", "ABCDEFG", true), ("abcdefgh", "ABCDEFGH", true), ("abcdefghi.z", "ABCDEFGHI.Z", true),
        ("www.example.org", "www.example.net", false), ("ab.c", "a.bc", false), ("a", "b", false),
        ("a", ".", false), ("abcdefgh", "abcdefgi", false),
        // These differ by 0x20 as the letters do, and are none: @ and `, [ and {, and bytes above 0x7F.
        ("@", "`", false), ("[", "{", false), ("\u{C4}", "\u{E4}", false),
    ])
    func comparesAndHashesWhateverTheCase(_ left: String, _ right: String, _ same: Bool) throws {
        let leftBytes = wireName(left)
        let rightBytes = wireName(right)
        let leftName = try DNSName(wire: leftBytes.span.bytes)
        let rightName = try DNSName(wire: rightBytes.span.bytes)
        let matches = leftName.matches(rightName)
        #expect(matches == same)
        #expect((leftName.hash(seed: 7) == rightName.hash(seed: 7)) == same)

        // The same names inside a message, written out and compressed at every label.
        var message = DNSMessageBytes().bytes + leftBytes
        let prefix = rightBytes.dropLast()
        message += rightBytes
        var pointed: [Int] = []
        var cut = 0
        while cut < prefix.count {
            pointed.append(message.count)
            message += rightBytes[..<cut] + pointer(to: 12 + leftBytes.count + cut)
            cut += Int(rightBytes[cut]) + 1
        }
        let inMessage = try DNSName(in: message.span.bytes, at: 12, offset: 0)
        #expect(inMessage.hash(seed: 7) == leftName.hash(seed: 7))
        for start in pointed {
            let compressed = try DNSName(in: message.span.bytes, at: start, offset: 0)
            #expect(compressed.isCompressed == true)
            #expect(compressed.hash(seed: 7) == rightName.hash(seed: 7))
            let matches = [
                compressed.matches(inMessage), inMessage.matches(compressed), !compressed.matches(rightName),
            ]
            #expect(matches == [same, same, false])
        }
    }

    @Test func theSeedChangesTheHash() throws {
        let bytes = wireName("www.example.org")
        let name = try DNSName(wire: bytes.span.bytes)
        #expect(name.hash(seed: 1) != name.hash(seed: 2))
        #expect(name.hash(seed: 1) == name.hash(seed: 1))
    }

    @Test func aNameOfItsOwnHasNoPointers() {
        let bytes: [UInt8] = [1, 0x61, 0, 0xC0, 0x00]
        #expect(throws: DecodeError.invalid(.dns, at: 0, field: .compressionPointer, value: 0)) {
            _ = try DNSName(wire: bytes.span.bytes.extracting(droppingFirst: 3)).end
        }
    }
}
