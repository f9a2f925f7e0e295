import Decode
import Model

/// Follows the handshake of one TLS connection over TCP (RFC 8446 §2, RFC 5246 §7.3), from the bytes of both sides in
/// order, up to the change to encryption. It takes all bytes that it is given.
final class TLSFollower: ApplicationFollower {
    private(set) var facts = TLSFacts()
    /// The rest is encrypted, or ended by an alert, or no TLS.
    private(set) var isDone = false

    private var client = Half()
    private var server = Half()
    private var state = TLSHandshakeState()
    private var hasBegun = false
    /// The direction whose hello it begins with.
    private let first: Int
    private let certificates: CertificateCache

    /// Bytes of one side that are looked at; handshakes are shorter, chains of certificates and all.
    static let handshakeLimit = 256 << 10

    /// One direction.
    private struct Half {
        var records = TLSRecordStream()
        var messages = TLSMessageStream()
        var bytesRead = 0
        var hasChangedCipher = false
        /// The record under way holds nothing that can be read.
        var isOpaque = false
        /// The first bytes of a record that may be encrypted, until there are enough to tell.
        var trial: [UInt8]?
        /// The first byte of an alert that was cut in two.
        var alertLevel: UInt8?
    }

    /// - Parameter beginsAtServer: the first bytes are a ServerHello; the client's before it were not seen.
    init(certificates: CertificateCache, beginsAtServer: Bool = false) {
        self.certificates = certificates
        facts.isPartlyUnseen = beginsAtServer
        first = beginsAtServer ? 1 : 0
    }

    var heldBytes: Int { client.messages.kept.count + server.messages.kept.count }

    func read(_ bytes: RawSpan, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        guard !isDone else { return bytes.byteCount }
        let hadName = facts.offer.serverName != nil
        if !hasBegun && direction == first {
            hasBegun = true
            // In fewer bytes nothing can be told yet.
            guard direction == 1 || bytes.byteCount <= TLSRecordHead.byteCount || ClientHelloView.begins(bytes) else {
                isDone = true
                return bytes.byteCount
            }
            news.messages = 1
        }
        read(bytes, from: direction == 0 ? .client : .server, at: time)
        if !hadName { news.name = facts.offer.serverName }
        news.isTurn = isDone
        return bytes.byteCount
    }

    func lose(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) {
        guard !isDone else { return }
        facts.isPartlyUnseen = true
        let party = direction == 0 ? Party.client : .server
        var half = take(party)
        if party == .client { readCutOffer(half.messages) }
        half.records.lose(count)
        half.messages.drop()
        put(back: half, party)
    }

    func end(_ direction: Int, _ how: StreamEnd, at time: Timestamp, _ news: inout FollowerNews) {
        guard direction == 0, facts.serverName == nil else { return }
        readCutOffer(client.messages)
        news.name = facts.serverName
    }

    func tell(_ application: inout ApplicationFacts) {
        readCutOffer(client.messages)
        guard facts.clientHello != nil || facts.serverHello != nil else { return }
        application.kind = .tls
        application.tls = facts
        // The client went on as if it had been answered.
        if facts.serverHello == nil && (state.isEncrypted(.client) || state.isEncrypted(.server)) {
            application.tls?.isPartlyUnseen = true
        }
    }

    private func read(_ bytes: RawSpan, from party: Party, at time: Timestamp) {
        var half = take(party)
        var position = 0
        while !isDone, let piece = half.records.next(in: bytes, from: &position) {
            read(piece, bytes, party, &half, time)
            if facts.finished != nil, !facts.isPartlyUnseen, TLSHandshakeState.isFinished(piece.head.length, facts) {
                // To the end of the record that finished it.
                let own = UInt32(truncatingIfNeeded: half.bytesRead + position + half.records.remaining)
                facts.clientHandshakeBytes = party == .client ? own : UInt32(truncatingIfNeeded: client.bytesRead)
                facts.serverHandshakeBytes = party == .server ? own : UInt32(truncatingIfNeeded: server.bytesRead)
            }
        }
        // Neither number can be near overflow: the limit ends it.
        half.bytesRead += min(bytes.byteCount, Self.handshakeLimit)
        if half.bytesRead >= Self.handshakeLimit { isDone = true }
        put(back: half, party)
        if client.records.hasEnded && server.records.hasEnded { isDone = true }
    }

    /// Out of the follower while it is changed, so that it and the facts can be changed at once.
    private func take(_ party: Party) -> Half {
        switch party {
        case .client:
            defer { client = Half() }
            return client
        case .server:
            defer { server = Half() }
            return server
        }
    }

    private func put(back half: Half, _ party: Party) {
        switch party {
        case .client: client = half
        case .server: server = half
        }
    }

    /// What is there of a ClientHello whose end has not come: when it will not come, or somebody asks before.
    private func readCutOffer(_ messages: TLSMessageStream) {
        guard !state.hasReadOffer, let type = messages.kept.first,
            type == TLSMessageType.clientHello, let hello = unsafe ClientHelloView(message: messages.kept.span.bytes)
        else { return }
        facts.offer = TLSOffer(hello, over: .tcp)
    }
}

// Records.
extension TLSFollower {
    private func read(
        _ piece: TLSRecordStream.Piece, _ bytes: RawSpan, _ party: Party, _ half: inout Half, _ time: Timestamp
    ) {
        let content = bytes.extracting(piece.range)
        switch piece.head.contentType {
        case .handshake:
            if facts.clientHello == nil && party == .client { facts.clientHello = time }
            if piece.isFirst {
                half.isOpaque = false
                half.trial = needsTrial(half) ? [] : nil
            }
            let range = decide(piece, content, party, &half, time)
            if !half.isOpaque { readMessages(bytes, range, party, &half, time) }
        case .changeCipherSpec:
            guard piece.isLast else { return }
            half.hasChangedCipher = true
            if party == .server { state.noteChangeOfServer(&facts) }
        case .applicationData:
            if piece.isFirst { state.noteEncrypted(party, length: piece.head.length, &facts, time) }
        case .alert: readAlert(piece, content, party, &half, time)
        case .heartbeat: break
        }
        if facts.finished != nil || facts.encryptedAlert != nil { isDone = true }
    }

    /// Whether a handshake record may be encrypted, or begin in the middle of a message. After a HelloRetryRequest both
    /// sides have changed cipher for the looks of it, and hellos follow all the same (RFC 8446 appendix D.4).
    private func needsTrial(_ half: Half) -> Bool {
        (half.hasChangedCipher || half.records.hasLost) && half.messages.kept.isEmpty
    }

    /// Enough for type, length and version of a hello to be told from noise.
    private static let trialLength = 6

    /// Tells by a record's first bytes whether it can be read.
    ///
    /// - Returns: the part of the piece that is still to be read.
    private func decide(
        _ piece: TLSRecordStream.Piece, _ content: RawSpan, _ party: Party, _ half: inout Half, _ time: Timestamp
    ) -> Range<Int> {
        guard var trial = half.trial else { return piece.range }
        let count = min(Self.trialLength - trial.count, content.byteCount)
        trial.append(content.extracting(0..<count))
        let rest = piece.range.lowerBound + count..<piece.range.upperBound
        half.trial = trial
        guard trial.count == Self.trialLength || piece.isLast else { return rest }
        half.trial = nil
        let isHello =
            switch party {
            case .client: unsafe ClientHelloView(message: trial.span.bytes) != nil
            case .server: unsafe ServerHelloView(message: trial.span.bytes) != nil
            }
        if isHello && trial.count == Self.trialLength {
            unsafe readMessages(trial.span.bytes, 0..<trial.count, party, &half, time)
        } else {
            half.isOpaque = true
            if half.hasChangedCipher { state.noteEncryptedHandshake(party, &facts, time) }
        }
        return rest
    }

    private func readAlert(
        _ piece: TLSRecordStream.Piece, _ content: RawSpan, _ party: Party, _ half: inout Half, _ time: Timestamp
    ) {
        guard piece.head.length == 2 else {
            if piece.isFirst { state.noteEncryptedAlert(party, &facts, time) }
            return
        }
        for offset in 0..<content.byteCount {
            let octet = unsafe content.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            guard let level = half.alertLevel else {
                half.alertLevel = octet
                continue
            }
            half.alertLevel = nil
            guard (1...2).contains(level) else { continue }
            facts.note(TLSAlertReport(time: time, from: party, level: level, description: octet))
            // A warning may be followed by the rest of the handshake.
            if level == 2 && TLSNames.isFatal(octet) { isDone = true }
        }
    }
}

// Messages.
extension TLSFollower {
    private func readMessages(
        _ bytes: RawSpan, _ range: Range<Int>, _ party: Party, _ half: inout Half, _ time: Timestamp
    ) {
        var position = range.lowerBound
        while let found = half.messages.next(in: bytes, from: &position, to: range.upperBound) {
            switch found {
            case .here(let range): read(bytes.extracting(range), party, time)
            case .kept(let message): unsafe read(message.span.bytes, party, time)
            case .passed(let type): state.notePassed(type, from: party, &facts)
            }
        }
    }

    /// One whole message.
    private func read(_ bytes: RawSpan, _ party: Party, _ time: Timestamp) {
        guard let message = TLSHandshakeView(bytes) else { return }
        switch (message.type, party) {
        case (TLSMessageType.clientHello, .client):
            if let hello = ClientHelloView(message: bytes) { state.read(hello, over: .tcp, &facts, time) }
        case (TLSMessageType.serverHello, .server):
            if let hello = ServerHelloView(message: bytes) { state.read(hello, &facts, time) }
        case (TLSMessageType.certificate, _):
            state.notePassed(message.type, from: party, &facts)
            // One message of a side is read: to read all that fit in a segment would cost thousands of hashes.
            switch party {
            case .client: facts.clientCertificates = facts.clientCertificates ?? certificates.chain(message.body)
            case .server: facts.certificates = facts.certificates ?? certificates.chain(message.body)
            }
            facts.certificateTime = facts.certificateTime ?? time
        case (TLSMessageType.serverKeyExchange, .server): readKeyExchange(message.body)
        default: break
        }
    }

    /// `ServerECDHParams` with a named curve (RFC 8422 §5.4): type 3, then the group.
    private func readKeyExchange(_ body: RawSpan) {
        guard let suite = facts.cipherSuite, TLSNames.beginsWithNamedCurve(suite), body.byteCount >= 3 else { return }
        let head = unsafe body.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
        guard head == 3 else { return }
        facts.group = UInt16(bigEndian: unsafe body.unsafeLoadUnaligned(fromByteOffset: 1, as: UInt16.self))
    }
}
