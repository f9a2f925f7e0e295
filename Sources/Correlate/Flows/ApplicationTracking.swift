import Decode
import Model

// From the first bytes of a client to the follower of its application, and from what followers find to the records.

extension Correlator {
    /// Decides by the client's first bytes who reads the connection.
    ///
    /// - Returns: how many of the bytes were taken.
    mutating func recognise(
        _ bytes: RawSpan, _ direction: Int, _ slot: Int, _ stream: Stream, _ time: Timestamp
    ) -> Int {
        // The client's bytes decide; an answer waits for them.
        guard direction == 0 else { return 0 }
        if stream.head.isEmpty {
            let signature = ApplicationSignature(bytes)
            guard signature == .undecided else {
                return begin(signature, slot, stream) ? read(bytes, slot, stream, time) : 0
            }
        }
        stream.head.append(bytes)
        let signature = unsafe ApplicationSignature(stream.head.span.bytes)
        guard signature != .undecided else { return bytes.byteCount }
        let head = stream.head
        stream.head = []
        guard begin(signature, slot, stream) else { return 0 }
        _ = unsafe read(head.span.bytes, slot, stream, time)
        return bytes.byteCount
    }

    private mutating func read(_ bytes: RawSpan, _ slot: Int, _ stream: Stream, _ time: Timestamp) -> Int {
        guard let follower = stream.follower else { return 0 }
        return follow(slot, stream) { follower.read(bytes, from: 0, at: time, &$0) }
    }

    /// `false` when nobody reads what begins like this.
    private mutating func begin(_ signature: ApplicationSignature, _ slot: Int, _ stream: Stream) -> Bool {
        switch signature {
        case .tls: stream.application = .tls(TLSFollower(certificates: certificates))
        case .http: stream.application = .http(HTTPFollower())
        case .other, .undecided:
            stopReading(slot)
            return false
        }
        return true
    }

    /// Counts and joins what a follower found.
    mutating func note(_ news: FollowerNews, _ slot: Int, _ stream: Stream) {
        if news.messages > 0 {
            switch stream.application {
            case .recognising: break
            case .tls: decoder.countMessages(.tls, news.messages)
            case .http: decoder.countMessages(.http, news.messages)
            }
        }
        if let name = news.name, settings.keepsRecords {
            switch stream.application {
            case .recognising: break
            case .tls: attachments.demand(&flows.cold[slot]).join(name, .clientHello)
            case .http: attachments.demand(&flows.cold[slot]).join(name, .hostField)
            }
        }
        if news.isTurn { noteChange(slot) }
    }
}

extension Attachment {
    /// Adds a name that the client itself used; it is surer than any answer, unless it is the same.
    func join(_ name: String, _ how: NameJoin.How) {
        if let index = names.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) {
            names.insert(names.remove(at: index), at: 0)
            if names[0].how == .recentAnswer || names[0].how == .expiredAnswer { names[0].how = how }
        } else {
            names.insert(NameJoin(name: name, how: how), at: 0)
        }
    }
}
