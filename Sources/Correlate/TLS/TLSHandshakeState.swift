import Decode
import Model

/// Where a handshake stands: events of both sides in, facts out. A pure value, no I/O, no clock.
///
/// TLS 1.3 is over when the client sends its flight after the ServerHello, older versions when both sides have sent
/// their Finished, which are encrypted (RFC 8446 §2, RFC 5246 §7.3). Which comes last depends on resumption.
struct TLSHandshakeState {
    /// A whole ClientHello was read.
    private(set) var hasReadOffer = false
    /// What the client would resume by; random, when it offers TLS 1.3.
    private var clientSession: [UInt8] = []
    /// Messages that only a full handshake has were seen.
    private var isFull = false
    private var clientIsEncrypted = false
    private var serverIsEncrypted = false

    func isEncrypted(_ party: Party) -> Bool { party == .client ? clientIsEncrypted : serverIsEncrypted }

    /// The first ClientHello; the one after a HelloRetryRequest offers the same (RFC 8446 §4.1.2).
    mutating func read(
        _ hello: ClientHelloView, over carrier: TLSFingerprints.Carrier, _ facts: inout TLSFacts, _ time: Timestamp
    ) {
        guard !hasReadOffer else { return }
        hasReadOffer = true
        facts.clientHello = facts.clientHello ?? time
        facts.offer = TLSOffer(hello, over: carrier)
        clientSession = hello.sessionID ?? []
    }

    mutating func read(_ hello: ServerHelloView, _ facts: inout TLSFacts, _ time: Timestamp) {
        guard facts.serverHello == nil else { return }
        facts.read(hello, at: time)
        guard facts.serverHello != nil, facts.version != TLSNames.version13 else {
            return settle(&facts, time)
        }
        // Until TLS 1.2 the client's session ID comes back when its session is resumed (RFC 5246 §7.4.1.3,
        // RFC 5077 §3.4).
        if !clientSession.isEmpty, hello.sessionID == clientSession {
            facts.offer.resumption = facts.offer.resumption ?? .sessionID
            facts.isResumed = true
        } else if !clientSession.isEmpty, facts.offer.resumption != nil {
            facts.isResumed = false
        }
        settle(&facts, time)
    }

    /// A message of which no more is read than its type.
    mutating func notePassed(_ type: UInt8, from party: Party, _ facts: inout TLSFacts) {
        guard party == .server else { return }
        switch type {
        case TLSMessageType.certificate, TLSMessageType.serverHelloDone: noteFull(&facts)
        case TLSMessageType.certificateRequest: facts.asksForClientCertificate = true
        case TLSMessageType.certificateStatus: facts.hasCertificateStatus = true
        case TLSMessageType.newSessionTicket: facts.issuesTicket = true
        default: break
        }
    }

    private mutating func noteFull(_ facts: inout TLSFacts) {
        isFull = true
        if facts.offer.resumption != nil { facts.isResumed = false }
    }

    /// The server changes cipher. Where it does so right after its ServerHello, a session is resumed.
    mutating func noteChangeOfServer(_ facts: inout TLSFacts) {
        guard let version = facts.version, version < TLSNames.version13, !isFull, !facts.isPartlyUnseen,
            facts.offer.resumption != nil
        else { return }
        facts.isResumed = true
    }

    /// A handshake record after the change of cipher: the Finished, until TLS 1.2.
    mutating func noteEncryptedHandshake(_ party: Party, _ facts: inout TLSFacts, _ time: Timestamp) {
        note(party)
        settle(&facts, time)
    }

    /// A record of application data, which in TLS 1.3 carries the rest of the handshake too.
    mutating func noteEncrypted(_ party: Party, length: Int, _ facts: inout TLSFacts, _ time: Timestamp) {
        if party == .client, !clientIsEncrypted {
            // Data sent early cannot be told from the Finished until the server has answered.
            if facts.offer.hasEarlyData && !serverIsEncrypted { return }
            if facts.version == TLSNames.version13, length < Self.shortestFinished {
                // EndOfEarlyData is as short, and a Certificate of a client that was asked for one and has none is shorter.
                if !facts.offer.hasEarlyData, length <= alertLength(facts) { noteEncryptedAlert(party, &facts, time) }
                return
            }
        }
        note(party)
        settle(&facts, time)
    }

    /// Head, the shortest hash, the content type and the shortest tag (RFC 8446 §4.4.4, §5.2): a shorter record cannot
    /// be the client's Finished.
    private static let shortestFinished = 4 + 32 + 1 + 8

    /// Of an alert in TLS 1.3: its two bytes and what every record ends with (RFC 8446 §6). A Certificate without one takes
    /// 6 bytes more (§4.4.2).
    private func alertLength(_ facts: TLSFacts) -> Int { 2 + Self.ending(facts) }

    /// The content type and the tag, which is short with CCM_8 alone (RFC 8446 §5.2, appendix B.4).
    private static func ending(_ facts: TLSFacts) -> Int { 1 + (facts.cipherSuite == 0x1305 ? 8 : 16) }

    /// Whether the record that ended the handshake holds its last message and nothing else. In TLS 1.3 that is told by its
    /// length: a head and a hash (RFC 8446 §4.4.4); a client that shows a certificate begins with a longer one.
    static func isFinished(_ length: Int, _ facts: TLSFacts) -> Bool {
        guard facts.version == TLSNames.version13 else { return true }
        return length == 4 + (facts.cipherSuite == 0x1302 ? 48 : 32) + ending(facts)
    }

    /// An alert that cannot be read.
    mutating func noteEncryptedAlert(_ party: Party, _ facts: inout TLSFacts, _ time: Timestamp) {
        guard facts.finished == nil, facts.encryptedAlert == nil else { return }
        facts.encryptedAlert = TLSFacts.EncryptedAlert(time: time, from: party)
    }

    private mutating func note(_ party: Party) {
        switch party {
        case .client: clientIsEncrypted = true
        case .server: serverIsEncrypted = true
        }
    }

    private func settle(_ facts: inout TLSFacts, _ time: Timestamp) {
        guard facts.finished == nil, facts.encryptedAlert == nil else { return }
        let isOver =
            facts.version == TLSNames.version13 ? clientIsEncrypted : clientIsEncrypted && serverIsEncrypted
        if isOver { facts.finished = time }
    }
}
