import Decode
import Model

/// Reads the Initial packets of one connection until both hellos are known. It lives from the client's first packet
/// to its first Handshake packet, with which it gives up the keys of Initial packets (RFC 9001 §4.9.1).
///
/// What it may cost is bounded: so many packets a side are decrypted, so many may fail, so many keys are derived.
final class QUICHandshake {
    /// The destination connection id of the client's Initial packet that keys are derived from: its first one, and
    /// after a Retry or a Version Negotiation that of its next one.
    private var keyID: QUICConnectionID
    private var keys: [Keys] = []
    private var needsNewKeyID = false
    private var streams = [CryptoStream(), CryptoStream()]
    private var largest: [Int64] = [-1, -1]
    private var decryptionsLeft = [packetLimit, packetLimit]
    private var failuresLeft = failureLimit
    private var derivationsLeft = derivationLimit
    /// When the client sent its latest packets, by number: what the server's first acknowledgment measures.
    private var sent: [(number: UInt64, time: Timestamp)] = []

    /// Initial packets of one side that are decrypted: a ClientHello of today takes two.
    static let packetLimit = 16
    /// Packets that may fail to decrypt: copies of early packets with other keys do, and garbage.
    static let failureLimit = 4
    /// Two sides, two versions, and once more after a Retry and a Version Negotiation.
    static let derivationLimit = 8
    private static let sentCapacity = 8

    private struct Keys {
        let version: QUICVersion
        let party: Party
        let keys: QUICPacketKeys
    }

    init(destination: QUICConnectionID) {
        keyID = destination
    }

    /// Nothing more can come of it.
    var isOver: Bool {
        failuresLeft == 0 || derivationsLeft == 0 && keys.isEmpty
            || (decryptionsLeft[0] == 0 && decryptionsLeft[1] == 0)
    }

    /// One Initial packet.
    func read(
        _ header: borrowing QUICLongHeaderView, from party: Party, at time: Timestamp,
        into facts: inout ApplicationFacts
    ) {
        let side = party == .client ? 0 : 1
        if party == .client, needsNewKeyID {
            keyID = header.destination
            keys = []
            streams = [CryptoStream(), CryptoStream()]
            needsNewKeyID = false
        }
        guard !isOver, decryptionsLeft[side] > 0, let keys = keys(header.version, party) else {
            facts.quic?.unreadInitials &+= 1
            return
        }
        decryptionsLeft[side] -= 1
        let packet = Self.copy(header.packet)
        guard let opened = keys.open(packet, packetNumberAt: header.packetNumberOffset, largest: largest[side]) else {
            failuresLeft -= 1
            facts.quic?.unreadInitials &+= 1
            return
        }
        largest[side] = max(largest[side], Int64(opened.number))
        if party == .client {
            if sent.count < Self.sentCapacity { sent.append((opened.number, time)) }
        } else if facts.quic?.serverConnectionID == nil {
            facts.quic?.serverConnectionID = header.source
            facts.quic?.version = header.version
        }
        walk(opened.payload, party, time, &facts)
        while let message = streams[side].nextMessage() { take(message, party, time, &facts) }
    }

    /// The server asks the client to prove its address: its next packet goes to another connection id, from which the
    /// keys are derived anew (RFC 9000 §17.2.5).
    func retry(_ header: borrowing QUICLongHeaderView, at time: Timestamp, into facts: inout ApplicationFacts) {
        guard facts.quic?.retry == nil, facts.quic?.serverConnectionID == nil, !header.source.isEmpty || !keyID.isEmpty,
            QUICRetryIntegrity.holds(Self.copy(header.packet), version: header.version, original: keyID)
        else { return }
        facts.quic?.retry = time
        needsNewKeyID = true
    }

    /// The server does not speak the client's version (RFC 9000 §6). Only one that echoes the client's ids is heeded,
    /// and none that offers the very version that it declines.
    func negotiate(_ header: borrowing QUICLongHeaderView, at time: Timestamp, into facts: inout ApplicationFacts) {
        guard let quic = facts.quic, quic.versionNegotiation == nil, quic.serverConnectionID == nil,
            header.source == keyID, header.destination == quic.clientConnectionID
        else { return }
        let versions = header.offeredVersions(limit: QUICFacts.versionCapacity)
        guard !versions.isEmpty, !versions.contains(quic.version) else { return }
        facts.quic?.versionNegotiation = time
        facts.quic?.versionsOffered = versions
        // The client begins anew, perhaps by another name.
        facts.quic?.clientConnectionID = nil
        needsNewKeyID = true
        sent = []
        largest = [-1, -1]
    }

    private func keys(_ version: QUICVersion, _ party: Party) -> QUICPacketKeys? {
        if let known = keys.first(where: { $0.version == version && $0.party == party }) { return known.keys }
        guard derivationsLeft > 0, let derived = QUICPacketKeys(version: version, destination: keyID, from: party)
        else {
            return nil
        }
        derivationsLeft -= 1
        keys.append(Keys(version: version, party: party, keys: derived))
        return derived
    }

    private func walk(_ payload: [UInt8], _ party: Party, _ time: Timestamp, _ facts: inout ApplicationFacts) {
        let side = party == .client ? 0 : 1
        var frames = unsafe QUICFrames(payload.span.bytes)
        while let frame = frames.next() {
            switch frame {
            case .ping: break
            case .ack(let largest):
                if party == .server, facts.quic?.roundTrip == nil, let own = sent.first(where: { $0.number == largest })
                {
                    facts.quic?.roundTrip = time - own.time
                }
            case .crypto(let offset, let bytes): streams[side].insert(payload[bytes], at: offset)
            case .close(let code, let isApplication, let frameType, let phrase):
                guard facts.quic?.close == nil else { break }
                var close = QUICClose(time: time, from: party, errorCode: code, isApplication: isApplication)
                close.frameType = frameType
                close.reasonPhrase = phrase
                facts.quic?.close = close
                // Alerts have no records in QUIC; they close the connection (RFC 9001 §4.8).
                if let alert = close.alert {
                    facts.tls?.note(TLSAlertReport(time: time, from: party, level: 2, description: alert))
                }
            }
        }
    }

    /// One handshake message (RFC 8446 §4).
    private func take(_ message: [UInt8], _ party: Party, _ time: Timestamp, _ facts: inout ApplicationFacts) {
        var tls = facts.tls ?? TLSFacts()
        if party == .client {
            guard let hello = ClientHelloView(message: unsafe message.span.bytes) else { return }
            // The first ClientHello is not the last where the server asks for another one.
            tls.clientHello = tls.clientHello ?? facts.quic?.clientInitial ?? time
            tls.offer = TLSOffer(hello, over: .quic)
            if let data = hello.transportParameters {
                facts.quic?.transportParameters = TransportParametersView(data).values
            }
        } else {
            guard let hello = ServerHelloView(message: unsafe message.span.bytes) else { return }
            tls.read(hello, at: time)
        }
        facts.tls = tls
    }

    private static func copy(_ bytes: RawSpan) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }
}
