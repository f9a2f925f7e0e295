import Decode
import Model

// What the first bytes of a connection say: TLS by its records, HTTP/1 by its start lines. Everything is read from
// single segments, from their first byte on; what a segment does not show whole stays unknown.

extension Correlator {
    /// Segments of one direction that are looked at; handshakes take fewer.
    private static let watchLimit: UInt64 = 32

    @inline(never)
    mutating func readFirstBytes(_ slot: Int, _ direction: Int, _ packet: Packet, _ frame: RawSpan) {
        let payload = packet.payload(in: frame)
        if flows.hot[slot].segments[direction] > Self.watchLimit {
            flows.hot[slot].marks.remove(Flow.watches(direction))
        }
        guard settings.keepsRecords else { return countFirstBytes(payload, slot, direction, packet) }
        switch attachments[flows.cold[slot].attachment]?.application.kind {
        case nil: recognise(payload, slot, direction, packet)
        case .tls: readTLS(payload, slot, direction, packet.time)
        case .http: if direction == 1 { readStatus(payload, slot, packet) }
        case .dns, .echo, .dhcp, .vxlan, .geneve: stopWatching(slot)
        }
    }

    /// Recognises as ``recognise`` does, where nobody wants to know more than that it was there.
    private mutating func countFirstBytes(_ payload: RawSpan, _ slot: Int, _ direction: Int, _ packet: Packet) {
        let isFirst = isFirst(packet, slot, direction)
        if direction == 1 {
            let status = flows.hot[slot].marks.contains(.watchesClient) ? nil : HTTPStatusView(payload)
            if status != nil { decoder.countMessage(.http) }
            if status.map({ !$0.isInterim }) ?? isFirst { flows.hot[slot].marks.remove(.watchesServer) }
        } else if !isFirst {
            return
        } else if ClientHelloView.begins(payload) {
            decoder.countMessage(.tls)
            stopWatching(slot)
        } else if HTTPRequestView(payload) != nil {
            decoder.countMessage(.http)
            flows.hot[slot].marks.remove(.watchesClient)
        } else {
            stopWatching(slot)
        }
    }

    private mutating func stopWatching(_ slot: Int) {
        flows.hot[slot].marks.subtract([.watchesClient, .watchesServer])
    }

    /// Whether the segment has the direction's first payload byte. One that has not may have overtaken it.
    private func isFirst(_ packet: Packet, _ slot: Int, _ direction: Int) -> Bool {
        packet.sequenceNumber &+ (packet.flags.contains(.syn) ? 1 : 0) == flows.cold[slot].base[direction]
    }

    private mutating func recognise(_ payload: RawSpan, _ slot: Int, _ direction: Int, _ packet: Packet) {
        guard isFirst(packet, slot, direction) else { return }
        // A server that speaks first speaks neither; and the client's first bytes decide.
        guard direction == 0 else {
            flows.hot[slot].marks.remove(.watchesServer)
            return
        }
        if let record = TLSRecordView(payload), let hello = ClientHelloView(message: record.fragment) {
            var facts = TLSFacts()
            facts.clientHello = packet.time
            facts.offer = TLSOffer(hello, over: .tcp)
            let attachment = attachments.demand(&flows.cold[slot])
            attachment.application.kind = .tls
            attachment.application.tls = facts
            if let name = facts.serverName { attachment.join(name, .clientHello) }
            decoder.countMessage(.tls)
        } else if let request = HTTPRequestView(payload) {
            var facts = HTTPFacts()
            facts.method = request.method
            facts.host = request.host
            facts.path = request.path
            facts.requested = packet.time
            let attachment = attachments.demand(&flows.cold[slot])
            attachment.application.kind = .http
            attachment.application.http = facts
            // A request to a proxy names somebody else.
            if let host = facts.host, request.isForOrigin, IPAddress(host) == nil { attachment.join(host, .hostField) }
            flows.hot[slot].marks.remove(.watchesClient)
            decoder.countMessage(.http)
        } else {
            stopWatching(slot)
        }
    }

    private mutating func readStatus(_ payload: RawSpan, _ slot: Int, _ packet: Packet) {
        guard let status = HTTPStatusView(payload) else {
            if isFirst(packet, slot, 1) { flows.hot[slot].marks.remove(.watchesServer) }
            return
        }
        decoder.countMessage(.http)
        guard !status.isInterim else { return }
        let attachment = attachments.demand(&flows.cold[slot])
        attachment.application.http?.status = status.status
        attachment.application.http?.responded = packet.time
        flows.hot[slot].marks.remove(.watchesServer)
        noteChange(slot)
    }

    /// Follows the handshake by the records at the start of each segment.
    ///
    /// It is over, for TLS 1.3, when the client sends its flight after the ServerHello; for older versions when both
    /// sides have changed to encryption (RFC 8446 §2, RFC 5246 §7.3).
    private mutating func readTLS(_ payload: RawSpan, _ slot: Int, _ direction: Int, _ time: Timestamp) {
        guard var facts = attachments[flows.cold[slot].attachment]?.application.tls else { return }
        if direction == 1, facts.serverHello == nil, let record = TLSRecordView(payload),
            record.contentType == .handshake, let hello = ServerHelloView(message: record.fragment)
        {
            facts.read(hello, at: time)
        }
        let own = direction == 0 ? FlowDetail.Turns.clientCiphers : .serverCiphers
        var records = TLSRecords(payload)
        while let record = records.next() {
            if let alert = record.alert {
                facts.note(
                    TLSAlertReport(
                        time: time, from: direction == 0 ? .client : .server, level: alert.level,
                        description: alert.description))
            }
            let isEncrypted = record.contentType == .changeCipherSpec || record.contentType == .applicationData
            // In TLS 1.3 a change of cipher before the ServerHello is there for old middleboxes alone.
            if isEncrypted, facts.serverHello != nil { flows.cold[slot].turns.insert(own) }
        }
        let ciphers: FlowDetail.Turns =
            facts.version == TLSNames.version13 ? .clientCiphers : [.clientCiphers, .serverCiphers]
        if facts.finished == nil, facts.serverHello != nil, flows.cold[slot].turns.isSuperset(of: ciphers) {
            facts.finished = time
        }
        attachments[flows.cold[slot].attachment]?.application.tls = facts
        // After the handshake alerts are encrypted; before, one fatal alert ends it.
        if facts.finished != nil || facts.endingAlert != nil {
            stopWatching(slot)
            noteChange(slot)
        }
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
