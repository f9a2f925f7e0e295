import Model
import Testing

@testable import Correlate

@Suite struct QUICConnectionTests {
    static let client: Endpoint = Endpoint("10.0.0.1", 40000)
    static let server: Endpoint = Endpoint("10.0.0.2", 443)
    static let quic = WireQUIC()
    /// The hellos of RFC 9001 §A: example.com, `alpn`, TLS 1.3.
    static let clientHello = Array(QUICVectors.clientFrames.dropFirst(4))
    static let serverHello = Array(QUICVectors.serverFrames.dropFirst(9))

    static func udp(_ trace: inout Trace, _ time: Double, _ party: Party, _ bytes: [UInt8], client: Endpoint = client) {
        if party == .client { trace.udp(time, client, server, bytes) } else { trace.udp(time, server, client, bytes) }
    }

    /// A handshake: RTT 20 ms, over for the client at 25 ms.
    static func handshake(_ quic: WireQUIC = quic, client: Endpoint = client, at start: Double = 0) -> Trace {
        var trace = Trace()
        add(quic, client, start, to: &trace)
        return trace
    }

    static func add(_ quic: WireQUIC, _ client: Endpoint, _ start: Double, to trace: inout Trace) {
        let hello = WireQUIC.crypto(clientHello)
        udp(&trace, start, .client, quic.initial(from: .client, number: 0, hello, length: 1200), client: client)
        let answer = quic.initial(
            from: .server, number: 0, [ /* ACK */2, 0, 0, 0, 0] + WireQUIC.crypto(serverHello))
        udp(&trace, start + 20, .server, answer + quic.handshake(from: .server), client: client)
        udp(&trace, start + 24, .client, quic.handshake(from: .client), client: client)
        udp(&trace, start + 25, .client, quic.oneRTT(from: .client), client: client)
        udp(&trace, start + 45, .server, quic.oneRTT(from: .server), client: client)
    }

    @Test func readsAHandshake() throws {
        let request = try Self.handshake().request()
        let facts = try #require(request.application.quic)
        #expect(request.application.kind == .quic)
        #expect(request.application.tls?.serverName == "example.com")
        #expect(request.application.tls?.version == 0x0304)
        #expect(facts.version == .v1 && facts.unreadInitials == 0 && facts.retry == nil)
        #expect(facts.originalDestinationConnectionID?.description == "0102030405060708")
        #expect(facts.clientConnectionID?.description == "c1c2c3c4c5")
        #expect(facts.serverConnectionID?.description == "515253545556")
        #expect(facts.roundTrip == .milliseconds(20))
        #expect(facts.finished == Trace.time(25))
        #expect(facts.transportParameters?.maxIdleTimeout == .milliseconds(30_000))
        #expect(request.serverName == "example.com")
        #expect(request.status(of: .connect) == .ok && request.status(of: .secure) == .ok)
        #expect(request.status(of: .exchange) == .ok && request.outcome == .ok)
        let secure = request.stage(.secure)
        #expect(secure.start == Trace.time(0) && secure.duration == .milliseconds(25))
    }

    /// Chromium does so on purpose: a hello in many frames, out of order, over two packets, the second one first.
    @Test(arguments: 0..<20) func readsAScatteredHello(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var pieces: [[UInt8]] = []
        var position = 0
        while position < Self.clientHello.count {
            let end = min(Self.clientHello.count, position + Int.random(in: 1...40, using: &random))
            pieces.append(
                WireQUIC.crypto(Self.clientHello[position..<end], at: position) + (position % 2 == 0 ? [1] : [0, 0]))
            position = end
        }
        pieces.append(contentsOf: pieces.prefix(2))
        pieces.shuffle(using: &random)
        let half = pieces.count / 2
        var trace = Trace()
        for (number, part) in [pieces[half...], pieces[..<half]].enumerated() {
            let bytes = Self.quic.initial(from: .client, number: UInt8(1 - number), part.flatMap { $0 }, length: 1200)
            Self.udp(&trace, Double(number), .client, bytes)
        }
        let request = try trace.request()
        #expect(request.application.tls?.serverName == "example.com")
        #expect(request.application.tls?.offer.ja4?.hasPrefix("q13d") == true)
        #expect(request.application.tls?.clientHello == Trace.time(0))
    }

    @Test func anotherPortIsTheSameRequest() throws {
        var trace = Self.handshake()
        let moved = Endpoint("10.0.0.1", 50000)
        // The fixed bit may be off by then (RFC 9287).
        Self.udp(&trace, 1000, .client, Self.quic.oneRTT(from: .client, flags: 0x1F), client: moved)
        Self.udp(&trace, 1020, .server, Self.quic.oneRTT(from: .server), client: moved)
        // Still under way to the old port.
        Self.udp(&trace, 1021, .server, Self.quic.oneRTT(from: .server))
        let again = Endpoint("10.0.9.9", 50001)
        Self.udp(&trace, 2000, .client, Self.quic.oneRTT(from: .client), client: again)
        let request = try trace.request()
        #expect(request.client.endpoint == Self.client)
        #expect(
            request.application.quic?.addressChanges == [
                QUICAddressChange(time: Trace.time(1000), party: .client, from: Self.client, to: moved),
                QUICAddressChange(time: Trace.time(2000), party: .client, from: moved, to: again),
            ])
        #expect(request.client.segments == 5 && request.server.segments == 4)
        #expect(request.last == Trace.time(2000))
    }

    /// Each of these is somebody else's datagram, and a request of its own.
    @Test func nobodyElseMovesAConnection() {
        let moved = Endpoint("10.0.0.1", 50000)
        var wrongServer = Self.handshake()
        wrongServer.udp(1000, moved, Endpoint("10.0.0.3", 443), Self.quic.oneRTT(from: .client))
        var wrongPort = Self.handshake()
        wrongPort.udp(1000, moved, Endpoint("10.0.0.2", 444), Self.quic.oneRTT(from: .client))
        var wrongID = Self.handshake()
        var other = Self.quic
        other.serverID[5] ^= 1
        Self.udp(&wrongID, 1000, .client, other.oneRTT(from: .client), client: moved)
        var long = Self.handshake()
        Self.udp(&long, 1000, .client, Self.quic.handshake(from: .client), client: moved)
        var short = Self.handshake()
        Self.udp(&short, 1000, .client, Array(Self.quic.oneRTT(from: .client).prefix(20)), client: moved)
        // Before the handshake is over nobody may move.
        var early = Trace()
        early.frames = Array(Self.handshake().frames.prefix(3))
        Self.udp(&early, 1000, .client, Self.quic.oneRTT(from: .client), client: moved)
        for (name, trace) in [
            "server": wrongServer, "port": wrongPort, "id": wrongID, "long": long, "short": short, "early": early,
        ] {
            let requests = trace.replay().requests
            #expect(requests.count == 2, "\(name)")
            #expect(requests.allSatisfy { $0.application.quic?.addressChanges.isEmpty != false }, "\(name)")
        }
    }

    /// Ids that are too short could be guessed; two connections of one id at one server cannot be told apart.
    @Test func idsThatProveNothingMoveNothing() {
        var guessed = Self.quic
        guessed.serverID = [1, 2, 3]
        var trace = Self.handshake(guessed)
        Self.udp(&trace, 1000, .client, guessed.oneRTT(from: .client), client: Endpoint("10.0.0.1", 50000))
        #expect(trace.replay().requests.count == 2)

        var shared = Self.handshake()
        Self.add(Self.quic, Endpoint("10.0.0.7", 40000), 100, to: &shared)
        Self.udp(&shared, 1000, .client, Self.quic.oneRTT(from: .client), client: Endpoint("10.0.0.1", 50000))
        #expect(shared.replay().requests.count == 3)
    }

    @Test func aConnectionIsFollowedToEightAddresses() throws {
        var trace = Self.handshake()
        for index in 0..<10 {
            let moved = Endpoint("10.0.0.1", UInt16(50000 + index))
            Self.udp(&trace, Double(1000 + index), .client, Self.quic.oneRTT(from: .client), client: moved)
        }
        let requests = trace.replay().requests
        #expect(requests.count == 3)
        #expect(requests.contains { $0.application.quic?.addressChanges.count == 8 })
    }

    /// Silence ends a connection that moved as any other, and its ids and paths with it.
    @Test func silenceEndsAMovedConnection() {
        var trace = Self.handshake()
        let moved = Endpoint("10.0.0.1", 50000)
        Self.udp(&trace, 1000, .client, Self.quic.oneRTT(from: .client), client: moved)
        Self.udp(&trace, 70_000, .client, Self.quic.oneRTT(from: .client), client: moved)
        Self.udp(&trace, 140_000, .client, Self.quic.oneRTT(from: .client), client: Endpoint("10.0.0.1", 50001))
        let outcome = trace.replay()
        #expect(outcome.requests.count == 3)
        for table in outcome.summary.tables where table.name.hasPrefix("quic") {
            #expect(table.count == 0, "\(table.name)")
        }
    }

    @Test func aCloseFailsTheHandshake() throws {
        var trace = Trace()
        let hello = WireQUIC.crypto(Self.clientHello)
        Self.udp(&trace, 0, .client, Self.quic.initial(from: .client, number: 0, hello, length: 1200))
        let close: [UInt8] = [0x1C, 0x41, 0x28, 6, 3, 0x1B, 0x5B, 0x61]
        Self.udp(&trace, 9, .server, Self.quic.initial(from: .server, number: 0, close))
        let request = try trace.request()
        #expect(request.failure == StageFailure(stage: .secure, reason: "handshake_failure"))
        #expect(request.stage(.secure).duration == .milliseconds(9))
        #expect(request.application.quic?.close?.reasonPhrase == #"\027[a"#)
        #expect(request.application.quic?.close?.from == .server)
        #expect(request.application.tls?.alerts.map(\.name) == ["handshake_failure"])
    }

    @Test func silenceAndErrorsFailAsOfAnyRequest() throws {
        var trace = Trace()
        let packet = Self.quic.initial(from: .client, number: 0, WireQUIC.crypto(Self.clientHello), length: 1200)
        for time in [0, 1000, 3000] { Self.udp(&trace, Double(time), .client, packet) }
        let silent = try trace.request()
        #expect(silent.failure == StageFailure(stage: .connect, reason: "no_answer"))
        #expect(silent.application.tls?.serverName == "example.com")
    }

    /// Garbage of the right shape: it is recognised, costs a few decryptions, and says nothing of a handshake.
    @Test func garbageIsGivenUp() throws {
        var trace = Trace()
        var packet = Self.quic.initial(from: .client, number: 0, WireQUIC.crypto(Self.clientHello), length: 1200)
        packet[600] ^= 1
        for time in 0..<40 { Self.udp(&trace, Double(time), .client, packet) }
        let outcome = trace.replay()
        let request = try #require(outcome.requests.first)
        #expect(request.application.quic?.unreadInitials == UInt32(QUICHandshake.failureLimit))
        #expect(request.application.tls == nil && outcome.requests.count == 1)
        let table = try #require(outcome.summary.tables.first { $0.name == "quic_handshakes" })
        #expect(table.count == 0 && table.peak == 1)
    }

    @Test func handshakesAreFewAtOnceAndASecond() throws {
        func replay(_ change: (inout CorrelatorSettings) -> Void) throws -> (named: Int, refused: UInt64) {
            var trace = Trace()
            change(&trace.settings)
            let packet = Self.quic.initial(from: .client, number: 0, WireQUIC.crypto(Self.clientHello), length: 1200)
            for index in 0..<40 {
                Self.udp(
                    &trace, Double(index) / 100, .client, packet, client: Endpoint("10.0.0.1", UInt16(1000 + index)))
            }
            let outcome = trace.replay()
            let table = try #require(outcome.summary.tables.first { $0.name == "quic_handshakes" })
            #expect(table.count == 0)
            return (outcome.requests.filter { $0.application.tls != nil }.count, table.evictions)
        }
        #expect(try replay { $0.quicHandshakesPerSecond = 100 } == (10, 30))
        // The oldest are let go after their hello was read.
        #expect(try replay { $0.quicHandshakeCapacity = 4 } == (40, 36))
    }

    /// Long headers alone are counted, so that without records nothing need be decrypted for it.
    @Test func countsPacketsWithLongHeaders() {
        var trace = Self.handshake()
        Self.udp(&trace, 1000, .client, Self.quic.oneRTT(from: .client), client: Endpoint("10.0.0.1", 50000))
        let summary = trace.replay().summary
        #expect(summary.requests == 1)
        #expect(summary.layers.first { $0.layer == .quic }?.decoded == 4)
    }

    /// Changed datagrams in any order neither trap nor grow, and leave nothing behind.
    @Test(arguments: 0..<30) func survivesMutations(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var trace = Trace()
        let frames = Self.handshake().frames + Self.handshake(WireQUIC(version: .v2), at: 100).frames
        for index in 0..<60 {
            guard var frame = frames.randomElement(using: &random) else { continue }
            frame.time = Trace.time(Double(index * 3))
            // Ports and payload, or what the QUIC header says.
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let end = min(frame.bytes.count, Bool.random(using: &random) ? 90 : frame.bytes.count)
                frame.bytes[Int.random(in: 34..<end, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            frame.bytes[38] = 0
            frame.bytes[39] = 0
            trace.frames.append(frame)
        }
        let outcome = trace.replay()
        for table in outcome.summary.tables where table.name.hasPrefix("quic") {
            #expect(table.count == 0, "\(table.name)")
        }
    }
}
