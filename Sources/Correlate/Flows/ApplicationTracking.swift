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
            let signature = ApplicationSignature(bytes, isDNSPort: isDNSPort(slot))
            guard signature == .undecided else {
                return begin(signature, 0, slot, stream) ? read(bytes, slot, stream, time) : 0
            }
        }
        stream.head.append(bytes)
        let signature = unsafe ApplicationSignature(stream.head.span.bytes, isDNSPort: isDNSPort(slot))
        guard signature != .undecided else { return bytes.byteCount }
        let head = stream.head
        stream.head = []
        guard begin(signature, 0, slot, stream) else { return 0 }
        var taken = 0
        while taken < head.count {
            let more = unsafe read(head.span.bytes.extracting(droppingFirst: taken), slot, stream, time)
            if more == 0 { break }
            taken += more
        }
        return bytes.byteCount
    }

    private mutating func read(_ bytes: RawSpan, _ slot: Int, _ stream: Stream, _ time: Timestamp) -> Int {
        guard let follower = stream.follower else { return 0 }
        return follow(slot, stream, time) { follower.read(bytes, from: 0, at: time, &$0) }
    }

    /// `false` when nobody reads what begins like this in `direction`.
    @discardableResult
    mutating func begin(
        _ signature: ApplicationSignature, _ direction: Int, _ slot: Int, _ stream: Stream
    ) -> Bool {
        switch signature {
        case .tls:
            stream.application = .tls(TLSFollower(certificates: certificates, beginsAtServer: direction == 1))
        case .http:
            // What a tunnel carries is told after the exchange that opened it.
            let follower = stream.tunnel ?? HTTPFollower(keepsFacts: settings.keepsRecords)
            if stream.tunnel != nil { follower.enterTunnel() }
            stream.application = .http(follower)
        case .dns: stream.application = .dns(DNSFollower())
        case .http2:
            noteHTTP2(slot)
            stopReading(slot)
            return false
        case .other, .undecided:
            stopReading(slot)
            return false
        }
        return true
    }

    /// HTTP/2 without TLS is known by its preface; its frames are not read.
    mutating func noteHTTP2(_ slot: Int) {
        decoder.countMessage(.http)
        if settings.keepsRecords { attachments.demand(&flows.cold[slot]).application.kind = .http2 }
        noteChange(slot)
    }

    /// Whether the connection goes to a port of DNS or mDNS: less has to be seen there to recognise a message.
    func isDNSPort(_ slot: Int) -> Bool {
        let port = flows.hot[slot].server.port
        return port == NamePort.dns || port == NamePort.mdns
    }

    /// Counts and joins what a follower found.
    mutating func note(_ news: FollowerNews, _ slot: Int, _ stream: Stream, at time: Timestamp) {
        if news.messages > 0 {
            switch stream.application {
            case .recognising, .dns: break
            case .tls: decoder.countMessages(.tls, news.messages)
            case .http: decoder.countMessages(.http, news.messages)
            }
        }
        // Inside of a tunnel names are not those of the proxy.
        if let name = news.name, settings.keepsRecords, stream.tunnel == nil {
            switch stream.application {
            case .recognising, .dns: break
            case .tls: attachments.demand(&flows.cold[slot]).join(name, .clientHello)
            case .http: attachments.demand(&flows.cold[slot]).join(name, .hostField)
            }
        }
        for message in news.lookups {
            let origin = DNSOrigin(
                slot: slot, direction: message.direction, transport: .tcp, time: time, offset: 0,
                isCut: message.isCut,
                destinationMAC: mac(flows.cold[slot].mac[1 - message.direction]))
            unsafe observeDNS(message.bytes.span.bytes, origin)
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
