import Decode
import Model
import Testing

@testable import Correlate

/// Both directions of handshakes, in every portioning.
@Suite struct TLSFollowerTests {
    /// What one side sends next.
    typealias Flight = (direction: Int, bytes: [UInt8])

    private static func time(_ milliseconds: Int) -> Timestamp {
        Timestamp(nanoseconds: Int64(milliseconds) * 1_000_000)
    }

    /// The facts after these flights, a millisecond apart, each in portions of at most `size` bytes.
    private func facts(_ flights: [Flight], size: Int = .max) -> TLSFacts {
        let follower = TLSFollower(certificates: CertificateCache(capacity: 8))
        for (index, flight) in flights.enumerated() {
            var rest = flight.bytes[...]
            while !rest.isEmpty {
                feed(follower, Array(rest.prefix(size)), flight.direction, Self.time(index))
                rest = rest.dropFirst(size)
            }
        }
        return told(follower)
    }

    private func feed(_ follower: TLSFollower, _ bytes: [UInt8], _ direction: Int, _ time: Timestamp) {
        var news = FollowerNews()
        let taken = follower.read(bytes.span.bytes, from: direction, at: time, &news)
        #expect(taken == bytes.count)
    }

    private func told(_ follower: TLSFollower) -> TLSFacts {
        var application = ApplicationFacts()
        follower.tell(&application)
        return application.tls ?? TLSFacts()
    }

    private typealias Wire = WireTLS

    private static let certificate = Wire.message(
        11, CertificateTests.message([CertificateTests.modern, CertificateTests.old]))
    /// secp256r1, and a signature of two bytes.
    private static let keyExchange = Wire.message(12, [3, 0, 23, 1, 9, 4, 3, 0, 2, 8, 8])

    /// ECDHE, all of the server's messages in one record.
    private static let full12: [Flight] = [
        (0, Wire.clientHello("a.example")),
        (
            1,
            Wire.record(
                22,
                Wire.serverHelloMessage(version: 0x0303, suite: 0xC02B) + certificate + Wire.message(22, [1, 0, 0, 0])
                    + keyExchange + Wire.message(13, [0, 0, 0]) + Wire.message(14, []))
        ),
        (
            0,
            Wire.record(22, Wire.message(11, [0, 0, 0]) + Wire.message(16, [1, 9])) + Wire.changeCipherSpec
                + Wire.encryptedHandshake(40)
        ),
        (
            1,
            Wire.record(22, Wire.message(4, [0, 0, 0, 0, 0, 0])) + Wire.changeCipherSpec + Wire.encryptedHandshake(40)
        ),
    ]

    @Test(arguments: [1, 2, 3, 5, 7, 64, 500, .max])
    func aFullHandshakeOfTLS12(_ size: Int) {
        let facts = facts(Self.full12, size: size)
        #expect(facts.clientHello == Self.time(0) && facts.serverHello == Self.time(1))
        #expect(facts.finished == Self.time(3))
        #expect(facts.serverName == "a.example" && facts.version == 0x0303 && facts.cipherSuite == 0xC02B)
        #expect(facts.group == 23 && facts.isResumed == nil && facts.hasCertificateStatus && facts.issuesTicket)
        #expect(facts.certificates?.count == 2 && facts.certificateTime == Self.time(1))
        #expect(facts.certificates?.certificates.first?.names.first == "a.example")
        #expect(facts.asksForClientCertificate && facts.clientCertificates == TLSCertificateChain())
        #expect(facts == self.facts(Self.full12))
    }

    /// The middle of the handshake cut at every byte.
    @Test func everyCut() {
        let whole = facts(Self.full12)
        for (index, flight) in Self.full12.enumerated() {
            for cut in 1..<flight.bytes.count {
                let follower = TLSFollower(certificates: CertificateCache(capacity: 8))
                for (other, flight) in Self.full12.enumerated() {
                    let time = Self.time(other)
                    if other == index {
                        feed(follower, Array(flight.bytes[..<cut]), flight.direction, time)
                        feed(follower, Array(flight.bytes[cut...]), flight.direction, time)
                    } else {
                        feed(follower, flight.bytes, flight.direction, time)
                    }
                }
                #expect(told(follower) == whole, "flight \(index) cut at \(cut)")
                #expect(follower.isDone && follower.heldBytes == 0)
            }
        }
    }

    /// Every message in a record of its own, and each of those cut into records of one byte.
    @Test func messagesInManyRecords() {
        let hello = Wire.message(in: Wire.clientHello("a.example"))
        let server = Wire.serverHelloMessage(version: 0x0303, suite: 0xC02B) + Self.certificate + Self.keyExchange
        let flights: [Flight] = [
            (0, hello.flatMap { Wire.record(22, [$0]) }), (1, server.flatMap { Wire.record(22, [$0]) }),
        ]
        let facts = facts(flights, size: 3)
        #expect(facts.serverName == "a.example" && facts.offer.ja4 != nil && facts.group == 23)
        #expect(facts.certificates?.count == 2)
    }

    @Test(arguments: [1, 6, .max])
    func aHelloRetryRequest(_ size: Int) {
        let facts = facts(
            [
                (0, Wire.clientHello("a.example")),
                (1, Wire.record(22, Wire.retryMessage(group: 24)) + Wire.changeCipherSpec),
                (0, Wire.changeCipherSpec + Wire.clientHello("a.example")),
                (1, Wire.serverHello(version: 0x0304) + Wire.applicationData(900)),
                (0, Wire.applicationData(53)),
            ], size: size)
        #expect(facts.helloRetryRequest == Self.time(1) && facts.serverHello == Self.time(3))
        #expect(facts.version == 0x0304 && facts.finished == Self.time(4) && facts.group == 24)
    }

    @Test func earlyDataIsNotTheEndOfTheHandshake() {
        let facts = facts([
            (0, Wire.clientHello("a.example", more: Wire.extensions([(42, []), (41, [0])]))),
            (0, Wire.changeCipherSpec + Wire.applicationData(100)),
            (1, Wire.serverHello(version: 0x0304, more: Wire.extensions([(41, [0, 0])])) + Wire.applicationData(90)),
            // EndOfEarlyData, then Finished.
            (0, Wire.applicationData(21) + Wire.applicationData(53)),
        ])
        #expect(facts.offer.hasEarlyData && facts.isResumed == true && facts.finished == Self.time(3))
        #expect(facts.offer.resumption == .preSharedKey && facts.encryptedAlert == nil)
    }

    @Test(
        arguments: [
            ("by ticket", [(35, [7, 7])], [UInt8](repeating: 5, count: 32), TLSOffer.Resumption.ticket, true),
            ("by session ID", [], [UInt8](repeating: 5, count: 32), .sessionID, true),
            ("by ticket, without an ID", [(35, [7, 7])], [], .ticket, true),
            ("asks for a ticket", [(35, [])], [], nil, nil),
        ] as [(String, [(UInt16, [UInt8])], [UInt8], TLSOffer.Resumption?, Bool?)])
    func resumptionInTLS12(
        _ name: String, _ extensions: [(UInt16, [UInt8])], _ session: [UInt8], _ means: TLSOffer.Resumption?,
        _ resumed: Bool?
    ) {
        let hello = Wire.clientHello("a.example", session: session, more: Wire.extensions(extensions))
        let accepted: [Flight] = [
            (0, hello),
            (
                1,
                Wire.record(22, Wire.serverHelloMessage(version: 0x0303, suite: 0xC02B, session: session))
                    + Wire.changeCipherSpec + Wire.encryptedHandshake(40)
            ),
            (0, Wire.changeCipherSpec + Wire.encryptedHandshake(40)),
        ]
        let facts = facts(accepted)
        #expect(facts.offer.resumption == means && facts.isResumed == resumed, "\(name)")
        #expect(facts.finished == Self.time(2), "\(name)")
        let refused = self.facts([
            (0, hello),
            (
                1,
                Wire.record(22, Wire.serverHelloMessage(version: 0x0303, suite: 0xC02B, session: [1, 2]))
                    + Wire.record(22, Self.certificate + Wire.message(14, []))
            ),
        ])
        #expect(refused.offer.resumption == means && refused.isResumed == resumed.map { _ in false }, "\(name)")
    }

    @Test func alerts() {
        let facts = facts(
            [
                (0, Wire.clientHello("a.example")), (1, Wire.record(21, [1, 112])),
                (1, Wire.serverHello(version: 0x0303)), (0, Wire.record(21, [2, 48])), (0, Wire.record(21, [2, 40])),
            ], size: 1)
        #expect(facts.alerts.map(\.name) == ["unrecognized_name", "unknown_ca"] && facts.alertCount == 2)
        #expect(facts.alerts.map(\.from) == [.server, .client] && facts.alerts.map(\.level) == [1, 2])
        #expect(facts.endingAlert?.name == "unknown_ca")
    }

    @Test func anAlertThatCannotBeRead() {
        let facts = facts([
            (0, Wire.clientHello("a.example")), (1, Wire.serverHello(version: 0x0304) + Wire.applicationData(900)),
            (0, Wire.changeCipherSpec + Wire.applicationData(19)),
        ])
        #expect(facts.finished == nil)
        #expect(facts.encryptedAlert == TLSFacts.EncryptedAlert(time: Self.time(2), from: .client))
    }

    /// A Certificate with an empty list is longer than an alert and shorter than a Finished.
    @Test(arguments: [(UInt16(0x1301), 25), (0x1305, 17)])
    func aClientWithoutTheCertificateThatItIsAskedFor(_ suite: UInt16, _ length: Int) {
        let facts = facts([
            (0, Wire.clientHello("a.example")),
            (
                1,
                Wire.record(22, Wire.serverHelloMessage(version: 0x0304, suite: suite)) + Wire.applicationData(900)
            ), (0, Wire.changeCipherSpec + Wire.applicationData(length)), (0, Wire.applicationData(53)),
        ])
        #expect(facts.encryptedAlert == nil && facts.finished == Self.time(3))
    }

    @Test func whatIsThereOfAHelloThatIsCut() {
        let hello = Wire.clientHello("a.example", more: Wire.extensions([(0x1234, [UInt8](repeating: 0, count: 900))]))
        let follower = TLSFollower(certificates: CertificateCache(capacity: 8))
        feed(follower, Array(hello[..<200]), 0, Self.time(0))
        #expect(told(follower).serverName == "a.example" && told(follower).offer.ja4 == nil)
        var news = FollowerNews()
        follower.lose(UInt64(hello.count - 200), from: 0, at: Self.time(1), &news)
        #expect(follower.heldBytes == 0)
        // The server's side is read all the same, and the client's from the next record on.
        feed(follower, Wire.serverHello(version: 0x0304) + Wire.applicationData(90), 1, Self.time(2))
        feed(follower, Wire.changeCipherSpec + Wire.applicationData(53), 0, Self.time(3))
        let facts = told(follower)
        #expect(facts.serverName == "a.example" && facts.version == 0x0304 && facts.finished == Self.time(3))
        #expect(facts.isPartlyUnseen)
    }

    @Test func withoutTheServersSide() {
        let facts = facts([
            (0, Wire.clientHello("a.example")), (0, Wire.changeCipherSpec + Wire.encryptedHandshake(40)),
            (0, Wire.applicationData(100)),
        ])
        #expect(facts.serverHello == nil && facts.finished == nil && facts.isPartlyUnseen)
    }

    @Test func memoryIsBounded() {
        let follower = TLSFollower(certificates: CertificateCache(capacity: 8))
        feed(follower, Wire.clientHello("a.example"), 0, Self.time(0))
        // A message that says it has 16 MB, then one of 60 KB that never ends.
        for claimed: [UInt8] in [[11, 0xFF, 0xFF, 0xFF], [11, 0, 0xEA, 0x60]] {
            feed(follower, Wire.record(22, claimed), 1, Self.time(1))
            for _ in 0..<40 {
                feed(follower, Wire.record(22, [UInt8](repeating: 7, count: 16000)), 1, Self.time(2))
                #expect(follower.heldBytes <= TLSMessageStream.messageCapacity)
            }
        }
        #expect(follower.isDone && told(follower).serverName == "a.example")
    }

    @Test(arguments: [UInt64(5), 6, 7])
    func mutations(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let follower = TLSFollower(certificates: CertificateCache(capacity: 8))
            for (index, flight) in Self.full12.enumerated() {
                var bytes = flight.bytes
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                while !bytes.isEmpty {
                    let count = min(bytes.count, Int.random(in: 1...200, using: &random))
                    feed(follower, Array(bytes.prefix(count)), flight.direction, Self.time(index))
                    bytes.removeFirst(count)
                    if Int.random(in: 0..<20, using: &random) == 0 {
                        var news = FollowerNews()
                        follower.lose(
                            UInt64.random(in: 0...UInt64.max, using: &random), from: flight.direction,
                            at: Self.time(index), &news)
                    }
                }
            }
            #expect(follower.heldBytes <= 2 * TLSMessageStream.messageCapacity)
        }
    }
}
