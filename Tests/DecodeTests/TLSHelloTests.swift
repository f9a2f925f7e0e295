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
        guard let hello = ClientHelloView(message: Self.client.span.bytes) else {
            Issue.record("not recognised")
            return
        }
        #expect(hello.isWhole == true)
        #expect(hello.legacyVersion == 0x0303)
        #expect(hello.serverName == "www.Example.org")
        #expect(hello.applicationProtocols == ["h2", "http/1.1"])
        #expect(hello.supportedVersions == [0x7A7A, 0x0304, 0x0303])
        #expect(hello.offersEncryptedClientHello == true)
        let isServer = ServerHelloView(message: Self.client.span.bytes) != nil
        #expect(!isServer)
    }

    @Test func withoutExtensionsTheVersionIsTheOldOne() {
        for bytes in [Bytes.clientHello(nil), Bytes.clientHello([]), Bytes.clientHello(nil, sessionID: [])] {
            guard let hello = ClientHelloView(message: bytes.span.bytes) else {
                Issue.record("not recognised")
                return
            }
            #expect(hello.isWhole == true)
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
        guard let hello = ClientHelloView(message: bytes.span.bytes) else {
            #expect(length == 0)
            return
        }
        #expect(hello.isWhole == (length == Self.client.count))
        #expect([nil, 0x0303].contains(hello.legacyVersion))
        #expect([nil, "www.Example.org"].contains(hello.serverName))
        #expect([[], ["h2", "http/1.1"]].contains(hello.applicationProtocols))
        #expect([[], [0x7A7A, 0x0304, 0x0303]].contains(hello.supportedVersions))
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
        #expect(ClientHelloView(message: bytes.span.bytes)?.serverName == expected, "\(name)")
    }

    @Test func anotherNameTypeIsNoHost() {
        let bytes = Bytes.clientHello([Bytes.serverName([0x61], type: 1)])
        #expect(ClientHelloView(message: bytes.span.bytes)?.serverName == nil)
    }

    @Test func theListOfNamesIsBounded() {
        let bytes = Bytes.clientHello([Bytes.alpn([[UInt8]](repeating: [0x68, 0x33], count: 100))])
        #expect(ClientHelloView(message: bytes.span.bytes)?.applicationProtocols.count == 32)
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
        guard let hello = ServerHelloView(message: bytes.span.bytes) else {
            Issue.record("\(name) not recognised")
            return
        }
        #expect(hello.version == version && hello.isHelloRetryRequest == retry, "\(name)")
        #expect(hello.applicationProtocol == alpn && hello.cipherSuite == 0x1301, "\(name)")
        #expect(hello.isWhole == true)
        // What follows in the same record, as before TLS 1.3, changes nothing.
        for length in 0..<bytes.count {
            let prefix = Array(bytes[..<length])
            guard let hello = ServerHelloView(message: prefix.span.bytes) else { continue }
            #expect([nil, version].contains(hello.version), "\(name)")
            #expect(hello.isWhole == false)
        }
    }

    @Test(
        arguments: [
            ("length too small", [22, 3, 1, 0, 8, 1, 0, 0, 4, 3, 3, 0, 0]),
            ("version 2", [22, 3, 1, 0, 8, 1, 0, 1, 4, 2, 3, 0, 0]),
            ("another message", [22, 3, 1, 0, 8, 11, 0, 1, 4, 3, 3, 0, 0]),
            ("another record", [23, 3, 1, 0, 8, 1, 0, 1, 4, 3, 3, 0, 0]), ("no byte of the message", [22, 3, 1, 0, 8]),
        ] as [(String, [UInt8])])
    func noClientHelloBegins(_ name: String, _ bytes: [UInt8]) {
        #expect(!Self.begins(bytes), "\(name)")
        #expect(Self.begins([22, 3, 1, 0, 8, 1]))
        #expect(Self.begins([22, 3, 1, 0, 8, 1, 0, 1, 4, 3, 3, 0, 0]))
    }

    @Test func readsEveryOffer() {
        let bytes = Bytes.clientHello([
            /* supported_groups: reserved, x25519, secp256r1 */ [0, 10, 0, 8, 0, 6, 0x2A, 0x2A, 0, 29, 0, 23],
            /* ec_point_formats */ [0, 11, 0, 3, 2, 0, 1],
            /* signature_algorithms */ [0, 13, 0, 6, 0, 4, 4, 3, 8, 4],
            /* status_request */ [0, 5, 0, 5, 1, 0, 0, 0, 0],
            /* session_ticket */ [0, 35, 0, 3, 7, 7, 7],
            /* psk_key_exchange_modes */ [0, 45, 0, 2, 1, 1],
            /* early_data */ [0, 42, 0, 0],
            /* key_share: reserved with one byte, x25519 with two */
            [0, 51, 0, 13, 0, 11, 0x2A, 0x2A, 0, 1, 0, 0, 29, 0, 2, 9, 9],
            /* pre_shared_key */ [0, 41, 0, 1, 0],
        ])
        guard let hello = ClientHelloView(message: bytes.span.bytes) else {
            Issue.record("not recognised")
            return
        }
        #expect(hello.isWhole == true)
        #expect(hello.sessionID == [UInt8](repeating: 5, count: 32))
        #expect(hello.cipherSuites == [0x1301, 0x1302])
        #expect(hello.offersCompression == false)
        #expect(hello.extensions == [10, 11, 13, 5, 35, 45, 42, 51, 41])
        #expect(hello.supportedGroups == [0x2A2A, 29, 23])
        #expect(hello.pointFormats == [0, 1])
        #expect(hello.signatureAlgorithms == [0x0403, 0x0804])
        #expect(hello.keyShareGroups == [0x2A2A, 29])
        #expect(hello.sessionTicketLength == 3)
        #expect(hello.preSharedKeyModes == [1])
        #expect(hello.asksForCertificateStatus == true)
        #expect(hello.offersEarlyData == true)
        #expect(hello.offersPreSharedKey == true)
        #expect(hello.hasServerName == false)
    }

    @Test func readsWhatTheServerAccepts() {
        let bytes = Bytes.serverHello([
            [0, 43, 0, 2, 3, 4], /* key_share */ [0, 51, 0, 6, 0x11, 0xEC, 0, 2, 9, 9],
            /* pre_shared_key */ [0, 41, 0, 2, 0, 0],
        ])
        guard let hello = ServerHelloView(message: bytes.span.bytes) else {
            Issue.record("not recognised")
            return
        }
        #expect(hello.keyShareGroup == 0x11EC)
        #expect(hello.acceptsPreSharedKey == true)
        #expect(hello.sessionID == [UInt8](repeating: 5, count: 32))
        #expect(hello.extensions == [43, 51, 41])
        #expect(hello.sendsSessionTicket == false)
    }

    @Test(
        arguments: [
            ("h2", Array("h2".utf8), "h", "2"), ("one octet", [0xAB], "\u{AB}", "\u{AB}"),
        ] as [(String, [UInt8], Unicode.Scalar, Unicode.Scalar)])
    func endsOfTheFirstProtocol(_ name: String, _ wire: [UInt8], _ first: Unicode.Scalar, _ last: Unicode.Scalar) {
        let bytes = Bytes.clientHello([Bytes.alpn([[0x1A, 0x1A], wire, [0x78]])])
        let ends = ClientHelloView(message: bytes.span.bytes)?.endsOfFirstProtocol
        #expect(ends?.first == UInt8(first.value) && ends?.last == UInt8(last.value), "\(name)")
    }

    @Test(
        arguments: [
            ("a list that says more than its extension", [0, 10, 0, 4, 0, 6, 0, 29]),
            ("an extension that says more than there is", [0, 10, 0, 9, 0, 2, 0, 29]),
            ("half an extension", [0, 10, 0]),
        ] as [(String, [UInt8])])
    func aListThatLiesSaysNothing(_ name: String, _ wire: [UInt8]) {
        let bytes = Bytes.clientHello([wire])
        #expect(ClientHelloView(message: bytes.span.bytes)?.supportedGroups == [], "\(name)")
        #expect(ClientHelloView(message: bytes.span.bytes)?.isWhole == (wire.count == 8 && wire[3] == 4), "\(name)")
    }

    static func begins(_ bytes: [UInt8]) -> Bool { ClientHelloView.begins(bytes.span.bytes) }

    static func exhaust(_ bytes: [UInt8]) {
        if let hello = ClientHelloView(message: bytes.span.bytes) {
            let texts = [hello.serverName ?? ""] + hello.applicationProtocols
            #expect(texts.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
            _ = (hello.supportedVersions, hello.offersEncryptedClientHello, hello.isWhole, hello.legacyVersion)
            _ = (hello.sessionID, hello.cipherSuites, hello.offersCompression, hello.extensions, hello.pointFormats)
            _ = (hello.supportedGroups, hello.signatureAlgorithms, hello.keyShareGroups, hello.preSharedKeyModes)
            _ = (hello.endsOfFirstProtocol, hello.sessionTicketLength, hello.offersEarlyData)
        }
        if let hello = ServerHelloView(message: bytes.span.bytes) {
            _ = (hello.version, hello.isHelloRetryRequest, hello.cipherSuite, hello.applicationProtocol, hello.isWhole)
            _ = (hello.keyShareGroup, hello.sessionID, hello.extensions, hello.acceptsPreSharedKey)
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
