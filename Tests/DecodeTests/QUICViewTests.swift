import Model
import Testing

@testable import Decode

@Suite struct QUICViewTests {
    /// RFC 9000 §A.1, the ends of each length, and integers that are cut off.
    @Test(
        arguments: [
            ([0xC2, 0x19, 0x7C, 0x5E, 0xFF, 0x14, 0xE8, 0x8C], 151_288_809_941_952_652),
            ([0x9D, 0x7F, 0x3E, 0x7D], 494_878_333),
            ([0x7B, 0xBD], 15_293), ([0x25], 37), ([0x40, 0x25], 37), ([0x3F], 63), ([0x7F, 0xFF], 16_383),
            ([0xBF, 0xFF, 0xFF, 0xFF], 1_073_741_823),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 4_611_686_018_427_387_903), ([], nil), ([0x40], nil),
            ([0x80, 0, 0], nil), ([0xC0, 0, 0, 0, 0, 0, 0], nil),
        ] as [([UInt8], UInt64?)])
    func readsVarints(_ bytes: [UInt8], _ value: UInt64?) {
        var cursor = ByteCursor(bytes.span.bytes)
        let read = cursor.varint()
        #expect(read == value)
        #expect(cursor.position == (value == nil ? 0 : bytes.count))
    }

    static let ids: [UInt8] = [ /* length */3, 0xD1, 0xD2, 0xD3, /* length */ 2, 0x51, 0x52]

    struct Header: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var kind: QUICLongHeaderView.Kind
        var version = QUICVersion.v1
        var packetNumberOffset = 0
        var byteCount: Int
    }

    static let headers = [
        Header(
            testDescription: "Initial with a token, another packet behind it",
            bytes: [0xC0, 0, 0, 0, 1] + ids + [ /* token */
                2, 7, 7, /* length */ 0x40, 5, 1, 2, 3, 4, 5, /* next */ 0xE0,
            ],
            kind: .initial, packetNumberOffset: 17, byteCount: 22),
        Header(
            testDescription: "0-RTT", bytes: [0xD0, 0, 0, 0, 1] + ids + [ /* length */1, 9], kind: .zeroRTT,
            packetNumberOffset: 13, byteCount: 14),
        Header(
            testDescription: "Handshake", bytes: [0xE0, 0, 0, 0, 1] + ids + [ /* length */1, 9], kind: .handshake,
            packetNumberOffset: 13, byteCount: 14),
        Header(
            testDescription: "Retry", bytes: [0xF0, 0, 0, 0, 1] + ids + [7] + [UInt8](repeating: 8, count: 16),
            kind: .retry, byteCount: 29),
        Header(
            testDescription: "Initial of version 2",
            bytes: [0xD0, 0x6B, 0x33, 0x43, 0xCF] + ids + [ /* token */0, /* length */ 1, 9], kind: .initial,
            version: .v2,
            packetNumberOffset: 14, byteCount: 15),
        Header(
            testDescription: "0-RTT of version 2", bytes: [0xE0, 0x6B, 0x33, 0x43, 0xCF] + ids + [1, 9], kind: .zeroRTT,
            version: .v2, packetNumberOffset: 13, byteCount: 14),
        Header(
            testDescription: "Handshake of version 2", bytes: [0xF0, 0x6B, 0x33, 0x43, 0xCF] + ids + [1, 9],
            kind: .handshake, version: .v2, packetNumberOffset: 13, byteCount: 14),
        Header(
            testDescription: "Retry of version 2",
            bytes: [0xC0, 0x6B, 0x33, 0x43, 0xCF] + ids + [UInt8](repeating: 8, count: 16),
            kind: .retry, version: .v2, byteCount: 28),
        Header(
            testDescription: "Version Negotiation, without the fixed bit",
            bytes: [0x80, 0, 0, 0, 0] + ids + [0, 0, 0, 1, 0x6B, 0x33, 0x43, 0xCF, 0x1A, 0x2A],
            kind: .versionNegotiation,
            version: .negotiation, byteCount: 22),
        Header(
            testDescription: "draft 29", bytes: [0xC0, 0xFF, 0, 0, 29] + ids + [0, 9, 9], kind: .unknown,
            version: QUICVersion(rawValue: 0xFF00_001D), byteCount: 15),
    ]

    @Test(arguments: headers) func readsLongHeaders(_ example: Header) throws {
        // A byte before it stands for a packet in the same datagram.
        let view = try QUICLongHeaderView(([0xFF] + example.bytes).span.bytes, from: 1, at: 42)
        #expect(view.kind == example.kind)
        #expect(view.version == example.version)
        #expect(view.destination.description == "d1d2d3" && view.source.description == "5152")
        #expect(view.packetNumberOffset == example.packetNumberOffset)
        #expect(view.byteCount == example.byteCount)
        let count = view.packet.byteCount
        #expect(count == example.byteCount)
        let offered = example.kind == .versionNegotiation ? [QUICVersion.v1, .v2] : []
        #expect(view.offeredVersions(limit: 16) == offered)
        #expect(view.offeredVersions(limit: 1) == Array(offered.prefix(1)))
    }

    /// Whatever is cut off is said to be cut off, or there is enough without it.
    @Test(arguments: headers) func readsNoShortLength(_ example: Header) {
        for length in 0..<example.byteCount {
            let bytes = Array(example.bytes[..<length])
            do throws(DecodeError) {
                let view = try QUICLongHeaderView(bytes.span.bytes, from: 0, at: 42)
                // Of these the end is nowhere but at that of the datagram.
                let isOpenEnded = [.retry, .versionNegotiation, .unknown].contains(view.kind)
                #expect(isOpenEnded && length >= 12, "\(length)")
            } catch .truncated(let layer, let at, let needs, let has) {
                #expect(layer == .quic && at == 42 && needs > has && has <= length, "\(length)")
            } catch {
                Issue.record("\(error)")
            }
        }
    }

    @Test func refusesWhatCannotBe() {
        let examples: [([UInt8], DecodeError)] = [
            ([0x40, 0, 0, 0, 1] + Self.ids, .invalid(.quic, at: 0, field: .headerForm, value: 0x40)),
            ([0xC0, 0, 0, 0, 1, 21, 0], .invalid(.quic, at: 5, field: .connectionIDLength, value: 21)),
            ([0xC0, 0, 0, 0, 1, 0, 255], .invalid(.quic, at: 6, field: .connectionIDLength, value: 255)),
            ([0xE0, 0, 0, 0, 1, 0, 0, 3, 1, 1], .truncated(.quic, at: 0, needs: 11, has: 10)),
            (
                [0xE0, 0, 0, 0, 1, 0, 0, 0xFF, 255, 255, 255, 255, 255, 255, 255],
                .truncated(.quic, at: 0, needs: 65_550, has: 15)
            ),
        ]
        for (bytes, error) in examples {
            #expect(throws: error) { _ = try QUICLongHeaderView(bytes.span.bytes, from: 0, at: 0) }
        }
    }

    @Test func theStartOfACutHeaderIsRead() {
        let bytes: [UInt8] = [0xC0, 0, 0, 0, 1] + Self.ids + [0x7F]
        guard let start = QUICLongHeaderView.Start(bytes.span.bytes) else {
            Issue.record("not read")
            return
        }
        #expect(start.isInitial && start.version == .v1)
        #expect(start.destination.description == "d1d2d3" && start.source.description == "5152")
        for length in 0..<12 {
            let isRead = QUICLongHeaderView.Start(Array(bytes[..<length]).span.bytes) != nil
            #expect(!isRead, "\(length)")
        }
    }

    @Test func shortHeadersHoldTheReceiversID() {
        let bytes: [UInt8] = [0x4F, 1, 2, 3, 4] + [UInt8](repeating: 0, count: 20)
        func destination(_ count: Int) -> String? {
            QUICShortHeader.destination(of: bytes.span.bytes, byteCount: count)?.description
        }
        func begins(_ bytes: [UInt8]) -> Bool { QUICShortHeader.hasFixedBit(bytes.span.bytes) }
        func mayBegin(_ bytes: [UInt8]) -> Bool { QUICShortHeader.mayBegin(bytes.span.bytes) }
        #expect(destination(4) == "01020304" && destination(5) == nil && destination(21) == nil)
        #expect(begins(bytes))
        for first: [UInt8] in [[], [0x0F], [0xC0], [0x80]] { #expect(!begins(first)) }
        for first: [UInt8] in [[], [0xC0], [0x80]] { #expect(!mayBegin(first)) }
        #expect(mayBegin([0x0F]) && mayBegin([0x40]))
    }

    static let frames: [UInt8] =
        [ /* PADDING */0, 0, /* PING */ 1] + [ /* ACK */2, 9, 0, 1, 2, 3, 4] + [ /* ACK with ECN counts */
            3, 0x41, 0, 0, 0, 5, 1, 2, 3,
        ]
        + [ /* CRYPTO */6, 0x40, 100, 3, 7, 8, 9] + [ /* CONNECTION_CLOSE */
            0x1C, 0x41, 0x78, 6, 4, 0x62, 0x1B, 0x22, 0x64,
        ]
        + [ /* of the application */0x1D, 5, 0]

    @Test func walksFrames() {
        var walk = QUICFrames(Self.frames.span.bytes)
        var found: [QUICFrames.Frame] = []
        while let frame = walk.next() { found.append(frame) }
        #expect(
            found == [
                .ping, .ack(largest: 9), .ack(largest: 256), .crypto(offset: 100, bytes: 23..<26),
                .close(code: 0x178, isApplication: false, frameType: 6, phrase: #"b\027\"d"#),
                .close(code: 5, isApplication: true, frameType: nil, phrase: nil),
            ])
        #expect(walk.isBroken == false)
    }

    /// A prefix gives the frames that are whole in it, and no others.
    @Test(arguments: 0..<frames.count) func walksEveryPrefix(_ length: Int) {
        let bytes = Array(Self.frames[..<length])
        var walk = QUICFrames(bytes.span.bytes)
        var count = 0
        while walk.next() != nil { count += 1 }
        let ends = [3, 10, 19, 26, 35, 38]
        #expect(count == ends.filter { $0 <= length }.count)
        #expect(walk.isBroken == !([0, 1, 2] + ends).contains(length))
    }

    /// STREAM has no place in an Initial packet, an ACK cannot acknowledge more than was sent, and ranges end with the
    /// packet however many are claimed.
    @Test(
        arguments: [
            [0x08, 0, 0], [0x1E], [2, 1, 0, 0, 2], [2, 9, 0, 0xFF, 255, 255, 255, 255, 255, 255, 255, 0, 1, 1],
            [6, 0, 0xFF, 255, 255, 255, 255, 255, 255, 255], [0x40], [0x7F, 0xFF],
        ] as [[UInt8]])
    func endsAtWhatHasNoPlaceThere(_ bytes: [UInt8]) {
        var walk = QUICFrames(([1] + bytes).span.bytes)
        let first = walk.next()
        let second = walk.next()
        #expect(first == .ping && second == nil)
        #expect(walk.isBroken == true)
    }

    @Test func readsTransportParameters() {
        let bytes: [UInt8] =
            [ /* max_idle_timeout */1, 2, 0x53, 0x88] + [ /* again */1, 1, 9] + [ /* reserved */27, 3, 1, 2, 3]
            + [ /* max_udp_payload_size */3, 2, 0x45, 0xC0] + [4, 1, 10, 8, 1, 11, 9, 1, 12]
            + [ /* disable_active_migration */12, 0]
        var expected = QUICTransportParameters()
        expected.maxIdleTimeout = .milliseconds(5000)
        expected.maxUDPPayloadSize = 1472
        expected.initialMaxData = 10
        expected.initialMaxBidirectionalStreams = 11
        expected.initialMaxUnidirectionalStreams = 12
        expected.disablesActiveMigration = true
        #expect(TransportParametersView(bytes.span.bytes).values == expected)
        for length in 0..<bytes.count { _ = TransportParametersView(Array(bytes[..<length]).span.bytes).values }
        #expect(TransportParametersView([1, 1, 0].span.bytes).values == QUICTransportParameters())
        let huge: [UInt8] = [1, 8, 255, 255, 255, 255, 255, 255, 255, 255]
        #expect(TransportParametersView(huge.span.bytes).values.maxIdleTimeout == .milliseconds(1 << 40))
    }

    @Test(
        arguments: [
            (0, "0x00000000"), (1, "1"), (0x6B33_43CF, "2"), (0xFF00_001D, "draft-29"), (0x1A2A_3A4A, "0x1a2a3a4a"),
            (0x5130_3433, "0x51303433"), (0xFF00_0000, "0xff000000"),
        ] as [(UInt32, String)])
    func namesVersions(_ number: UInt32, _ name: String) {
        #expect(QUICVersion(rawValue: number).description == name)
    }

    @Test(arguments: 0...20) func keepsConnectionIDs(_ count: Int) {
        let bytes = (0..<count).map { UInt8(0xF0 - $0 * 3) }
        let id = QUICConnectionID(bytes.span.bytes)
        #expect(id.bytes == bytes && Int(id.byteCount) == count && id.isEmpty == (count == 0))
        // The same bytes and one more that is zero are another id.
        #expect(id != QUICConnectionID(([0] + bytes).span.bytes))
    }
}
