import Decode
import Testing

@testable import Correlate

/// JA3 and JA4 against the examples that their authors publish.
@Suite struct TLSFingerprintTests {
    struct Hello {
        var version: UInt16 = 0x0303
        var suites: [UInt16] = []
        /// Types in order, with data.
        var extensions: [(UInt16, [UInt8])] = []

        var bytes: [UInt8] {
            let all = extensions.flatMap { Wire.bytes16($0.0) + vector16($0.1) }
            let body =
                Wire.bytes16(version) + [UInt8](repeating: 0xAA, count: 32) + [0]
                + vector16(suites.flatMap(Wire.bytes16)) + [1, 0] + (extensions.isEmpty ? [] : vector16(all))
            return [1, 0] + vector16(body)
        }
    }

    private static func vector16(_ bytes: [UInt8]) -> [UInt8] { Wire.bytes16(UInt16(bytes.count)) + bytes }
    private static func list(_ numbers: [UInt16]) -> [UInt8] { vector16(numbers.flatMap(Wire.bytes16)) }
    private static func alpn(_ names: [[UInt8]]) -> (UInt16, [UInt8]) {
        (16, vector16(names.flatMap { [UInt8($0.count)] + $0 }))
    }

    private func ja3(_ hello: Hello) -> (text: String, hash: String)? {
        guard let view = ClientHelloView(message: hello.bytes.span.bytes), view.isWhole else { return nil }
        let text = TLSFingerprints.ja3Text(view, TLSHelloLists(view))
        return (String(decoding: text, as: UTF8.self), TLSFingerprints.ja3(text))
    }

    private func ja4(_ hello: Hello, over carrier: TLSFingerprints.Carrier = .tcp) -> String? {
        guard let view = ClientHelloView(message: hello.bytes.span.bytes), view.isWhole else { return nil }
        return TLSFingerprints.ja4(view, TLSHelloLists(view), over: carrier)
    }

    @Test func ja3OfTheReadme() throws {
        let full = Hello(
            version: 769, suites: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
            extensions: [(0, []), (10, Self.list([23, 24, 25])), (11, [1, 0])])
        let first = try #require(ja3(full))
        #expect(first.text == "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0")
        #expect(first.hash == "ada70206e40642a3e4461f35503241d5")
        let bare = Hello(version: 769, suites: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99])
        let second = try #require(ja3(bare))
        #expect(second.text == "769,4-5-10-9-100-98-3-6-19-18-99,,,")
        #expect(second.hash == "de350869b8c85de67a350c8d186f11e6")
    }

    @Test func ja3LeavesReservedValuesOut() throws {
        let hello = Hello(
            version: 771, suites: [0x0A0A, 4865],
            extensions: [(0x1A1A, []), (10, Self.list([0x2A2A, 29])), (0xFAFA, [0])])
        #expect(try #require(ja3(hello)).text == "771,4865,10,29,")
    }

    /// The example of the specification: suites and extensions as a browser sent them.
    private static var example: Hello {
        let suites: [UInt16] = [
            0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C, 0x009D,
            0x002F, 0x0035,
        ]
        let types: [UInt16] = [
            0x001B, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002D, 0x000D, 0x0005, 0x0023, 0x0012, 0x002B, 0xFF01,
            0x000B, 0x000A, 0x0015,
        ]
        let signatures: [UInt16] = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]
        var hello = Hello(suites: [0x4A4A] + suites)
        hello.extensions = types.map { type in
            switch type {
            case 0x000D: (type, list(signatures))
            case 0x0010: alpn([Array("h2".utf8), Array("http/1.1".utf8)])
            case 0x002B: (type, [6] + [0x6A6A, 0x0304, 0x0303].flatMap(Wire.bytes16))
            default: (type, [])
            }
        }
        hello.extensions.insert((0x3A3A, []), at: 0)
        hello.extensions.append((0xDADA, [0]))
        return hello
    }

    @Test func ja4OfTheSpecification() {
        #expect(ja4(Self.example) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
        #expect(ja4(Self.example, over: .quic) == "q13d1516h2_8daaf6152771_e5627efa2ab1")
    }

    @Test func ja4WithoutSignatureAlgorithms() {
        var hello = Self.example
        // An extension without a list in it: its type counts, and no underscore follows.
        hello.extensions = hello.extensions.map { $0.0 == 0x000D ? ($0.0, []) : $0 }
        #expect(ja4(hello) == "t13d1516h2_8daaf6152771_6d807ffa2a79")
    }

    @Test func ja4OfNothing() {
        #expect(ja4(Hello()) == "t12i000000_000000000000_000000000000")
        #expect(ja4(Hello(version: 0x0300, extensions: [(0, []), Self.alpn([])])) == "s3".ja4("d000200"))
    }

    @Test(
        arguments: [
            ([0xAB], "ab"), ([0xAB, 0xCD], "ad"), ([0x30, 0xAB], "3b"), ([0x30, 0x31, 0xAB, 0xCD], "3d"),
            ([0x30, 0xAB, 0xCD, 0x31], "01"), (Array("http/1.1".utf8), "h1"), (Array("h".utf8), "hh"), ([], "00"),
            (Array("/h".utf8), "28"), (Array("~".utf8), "7e"),
        ] as [([UInt8], String)])
    func ja4ProtocolsOfTheSpecification(_ name: [UInt8], _ expected: String) {
        let hello = Hello(extensions: [Self.alpn([name, Array("zz".utf8)])])
        #expect(ja4(hello) == "12".ja4("i0001\(expected)"))
    }

    @Test func ja4PassesOverAReservedProtocol() {
        let hello = Hello(extensions: [Self.alpn([[0x0A, 0x0A], Array("h2".utf8)])])
        #expect(ja4(hello) == "12".ja4("i0001h2"))
    }

    @Test(
        arguments: [(0x0304, "13"), (0x0303, "12"), (0x0302, "11"), (0x0301, "10"), (0x0305, "00")]
            as [(UInt16, String)])
    func ja4Versions(_ version: UInt16, _ expected: String) {
        let hello = Hello(extensions: [(0, []), (43, [4] + Wire.bytes16(0x0300) + Wire.bytes16(version))])
        #expect(ja4(hello)?.prefix(4) == "t\(expected)d")
    }

    @Test func ja4CountsUpTo99() {
        let hello = Hello(
            suites: (0..<120).map { 0x2000 + $0 }, extensions: (0..<101).map { (0x3000 + $0, []) })
        #expect(ja4(hello)?.prefix(10) == "t12i999900")
    }
}

extension String {
    /// The fingerprint of a hello without suites, and without extensions but server name and ALPN.
    fileprivate func ja4(_ rest: String) -> String {
        "t\(self)\(rest)_000000000000_000000000000"
    }
}
