import Testing

@testable import Decode

@Suite struct TLSHelloTests {
    typealias Bytes = TLSHelloBytes

    static let client = Bytes.clientHello([
        /* reserved */ [0x1A, 0x1A, 0, 0],
        Bytes.serverName(Array("www.Example.org".utf8)),
        Bytes.alpn([[0x0A, 0x0A], Array("h2".utf8), Array("http/1.1".utf8)]),
        Bytes.offeredVersions([0x7A7A, 0x0304, 0x0303]),
        /* encrypted_client_hello */ [0xFE, 0x0D, 0, 1, 0],
    ])

    @Test func readsAClientHello() {
        guard let hello = ClientHelloView(Self.client.span.bytes) else {
            Issue.record("not recognised")
            return
        }
        #expect(hello.isCut == false)
        #expect(hello.legacyVersion == 0x0303)
        #expect(hello.serverName == "www.Example.org")
        #expect(hello.applicationProtocols == ["h2", "http/1.1"])
        #expect(hello.supportedVersions == [0x0304, 0x0303])
        #expect(hello.offersEncryptedClientHello == true)
        let isServer = ServerHelloView(Self.client.span.bytes) != nil
        #expect(!isServer)
    }

    @Test func withoutExtensionsTheVersionIsTheOldOne() {
        for bytes in [Bytes.clientHello(nil), Bytes.clientHello([]), Bytes.clientHello(nil, sessionID: [])] {
            guard let hello = ClientHelloView(bytes.span.bytes) else {
                Issue.record("not recognised")
                return
            }
            #expect(hello.isCut == false)
            #expect(hello.serverName == nil)
            #expect(hello.applicationProtocols.isEmpty == true)
            #expect(hello.supportedVersions == [0x0303])
            #expect(hello.offersEncryptedClientHello == false)
        }
    }

    /// A prefix never says anything that the whole does not say.
    @Test(arguments: 0...client.count)
    func everyPrefixIsRightOrSilent(_ length: Int) {
        let bytes = Array(Self.client[..<length])
        guard let hello = ClientHelloView(bytes.span.bytes) else {
            #expect(length < 6)
            return
        }
        #expect(length >= 6)
        #expect(hello.isCut == (length < Self.client.count))
        #expect([nil, 0x0303].contains(hello.legacyVersion))
        #expect([nil, "www.Example.org"].contains(hello.serverName))
        #expect([[], ["h2", "http/1.1"]].contains(hello.applicationProtocols))
        #expect([[], [0x0304, 0x0303]].contains(hello.supportedVersions))
        if length == Self.client.count - 5 { #expect(hello.supportedVersions.isEmpty == false) }
    }

    @Test(
        arguments: [
            ("a final dot is left out", Array("a.example.".utf8), "a.example"),
            ("octets that do not print", [0x61, 0x1B, 0x5C, 0xFF], "a\\027\\\\\\255"),
            ("empty", [], nil), ("only a dot", [0x2E], nil),
            ("longer than a name", [UInt8](repeating: 0x61, count: 256), nil),
        ] as [(String, [UInt8], String?)])
    func serverNames(_ name: String, _ wire: [UInt8], _ expected: String?) {
        let bytes = Bytes.clientHello([Bytes.serverName(wire)])
        #expect(ClientHelloView(bytes.span.bytes)?.serverName == expected, "\(name)")
    }

    @Test func anotherNameTypeIsNoHost() {
        let bytes = Bytes.clientHello([Bytes.serverName([0x61], type: 1)])
        #expect(ClientHelloView(bytes.span.bytes)?.serverName == nil)
    }

    @Test func listsAreBounded() {
        let bytes = Bytes.clientHello([
            Bytes.alpn([[UInt8]](repeating: [0x68, 0x33], count: 100)),
            Bytes.offeredVersions([UInt16](repeating: 0x0303, count: 100)),
        ])
        #expect(ClientHelloView(bytes.span.bytes)?.applicationProtocols.count == 32)
        #expect(ClientHelloView(bytes.span.bytes)?.supportedVersions.count == 32)
    }

    @Test(
        arguments: [
            ("TLS 1.3", Bytes.serverHello([[0, 43, 0, 2, 3, 4], [0, 51, 0, 1, 0]]), 0x0304, false, nil),
            ("TLS 1.2 with ALPN", Bytes.serverHello([Bytes.alpn([[0x68, 0x32]])]), 0x0303, false, "h2"),
            ("TLS 1.0 without extensions", Bytes.serverHello(version: 0x0301, nil), 0x0301, false, nil),
            (
                "HelloRetryRequest",
                Bytes.serverHello(
                    random: [
                        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
                        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
                    ], [[0, 43, 0, 2, 3, 4]]), 0x0304, true, nil
            ),
        ] as [(String, [UInt8], UInt16, Bool, String?)])
    func readsServerHellos(_ name: String, _ bytes: [UInt8], _ version: UInt16, _ retry: Bool, _ alpn: String?) {
        guard let hello = ServerHelloView(bytes.span.bytes) else {
            Issue.record("\(name) not recognised")
            return
        }
        #expect(hello.version == version && hello.isHelloRetryRequest == retry, "\(name)")
        #expect(hello.applicationProtocol == alpn && hello.cipherSuite == 0x1301, "\(name)")
        #expect(hello.isCut == false)
        // What follows in the same record, as before TLS 1.3, changes nothing.
        for length in 0..<bytes.count {
            let prefix = Array(bytes[..<length])
            guard let hello = ServerHelloView(prefix.span.bytes) else { continue }
            #expect([nil, version].contains(hello.version), "\(name)")
            #expect(hello.isCut == true)
        }
    }

    @Test(
        arguments: [
            ("length too small", [22, 3, 1, 0, 8, 1, 0, 0, 4, 3, 3, 0, 0]),
            ("version 2", [22, 3, 1, 0, 8, 1, 0, 1, 4, 2, 3, 0, 0]),
            ("another message", [22, 3, 1, 0, 8, 11, 0, 1, 4, 3, 3, 0, 0]),
            ("another record", [23, 3, 1, 0, 8, 1, 0, 1, 4, 3, 3, 0, 0]),
        ] as [(String, [UInt8])])
    func isNoClientHello(_ name: String, _ bytes: [UInt8]) {
        let found = ClientHelloView(bytes.span.bytes) != nil
        #expect(!found, "\(name)")
    }

    static func exhaust(_ bytes: [UInt8]) {
        if let hello = ClientHelloView(bytes.span.bytes) {
            let texts = [hello.serverName ?? ""] + hello.applicationProtocols
            #expect(texts.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
            _ = (hello.supportedVersions, hello.offersEncryptedClientHello, hello.isCut, hello.legacyVersion)
        }
        if let hello = ServerHelloView(bytes.span.bytes) {
            _ = (hello.version, hello.isHelloRetryRequest, hello.cipherSuite, hello.applicationProtocol, hello.isCut)
        }
        var records = TLSRecords(bytes.span.bytes)
        var count = 0
        while let record = records.next() {
            count += 1
            _ = (record.alert, record.handshakeType, record.isCut)
        }
        #expect(count <= bytes.count / 5)
    }

    @Test func everyByteAtEveryTellingValue() {
        for whole in [Self.client, Bytes.serverHello([[0, 43, 0, 2, 3, 4]])] {
            for index in whole.indices {
                for value: UInt8 in [0, 1, 2, 0x7F, 0x80, 0xFF] {
                    var bytes = whole
                    bytes[index] = value
                    Self.exhaust(bytes)
                }
            }
        }
    }

    @Test(arguments: [UInt64(11), 12])
    func mutations(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<3000 {
            var bytes = Bool.random(using: &random) ? Self.client : Bytes.serverHello([[0, 43, 0, 2, 3, 4]])
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random) / 2)
            Self.exhaust(bytes)
        }
    }
}
