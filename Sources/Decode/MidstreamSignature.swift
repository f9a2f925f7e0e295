extension ApplicationSignature {
    /// What a segment from the middle of a connection begins, where its bytes leave no doubt of it; `other` for all else,
    /// and for a beginning of which too little is here. A body may hold the same bytes, so who asks has to know which
    /// side sent the segment.
    ///
    /// | | sent by |
    /// |---|---|
    /// | a request line of HTTP/1 and a field behind it | the client |
    /// | the preface of HTTP/2 | the client |
    /// | a ClientHello, down to its cipher suites | the client |
    /// | a ServerHello, whole | the server |
    /// | a message of DNS, whole, on its port | its question's or its answer's side |
    package init(midstream segment: RawSpan, fromClient: Bool, isDNSPort: Bool) {
        guard segment.byteCount > 0 else {
            self = .other
            return
        }
        switch segment.uint8(at: 0) {
        case 0x16:
            self =
                (fromClient ? ClientHelloView.isUnmistakable(segment) : ServerHelloView.isUnmistakable(segment))
                ? .tls : .other
        case UInt8(ascii: "A")...UInt8(ascii: "Z") where fromClient:
            if HTTPRequestView.isUnmistakable(segment) {
                self = .http
            } else {
                self = ApplicationSignature(segment, isDNSPort: false) == .http2 ? .http2 : .other
            }
        default: self = isDNSPort && DNSView.isUnmistakable(segment, isResponse: !fromClient) ? .dns : .other
        }
    }

    /// Whether bytes that should be the first of an answer are: those of a connection that was joined in the middle may
    /// still belong to something before it.
    package func mayContinue(with bytes: RawSpan, fromClient: Bool) -> Bool {
        switch self {
        case .http: HTTPStatusView(bytes) != nil && !fromClient
        case .tls: TLSRecordView(bytes) != nil
        case .dns: DNSView.isUnmistakable(bytes, isResponse: !fromClient)
        case .http2, .other, .undecided: false
        }
    }
}

extension HTTPRequestView {
    /// A whole request line, and behind it a whole field or the end of the head: text about HTTP seldom goes on like that.
    static func isUnmistakable(_ segment: RawSpan) -> Bool {
        guard let request = HTTPRequestView(segment), let line = request.fields,
            let end = segment.firstOffset(of: 0x0A, from: line)
        else { return false }
        var position = line
        while position < end, isToken(segment.uint8(at: position)) { position += 1 }
        if position > line { return segment.uint8(at: position) == UInt8(ascii: ":") }
        return end == line || end == line + 1 && segment.uint8(at: line) == 0x0D
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^")...UInt8(ascii: "`"),
            UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension ClientHelloView {
    /// A record that begins with a ClientHello: all of it, or where it goes on in the next segment, its cipher suites.
    static func isUnmistakable(_ segment: RawSpan) -> Bool {
        guard let record = TLSRecordView(segment), record.handshakeType == TLSMessageType.clientHello,
            let hello = ClientHelloView(message: record.fragment)
        else { return false }
        return hello.isWhole || record.isCut && !hello.cipherSuites.isEmpty
    }
}

extension ServerHelloView {
    /// A record that begins with a ServerHello, all of it.
    static func isUnmistakable(_ segment: RawSpan) -> Bool {
        guard let record = TLSRecordView(segment), record.handshakeType == TLSMessageType.serverHello else {
            return false
        }
        return ServerHelloView(message: record.fragment)?.isWhole == true
    }
}

extension DNSView {
    /// A length, and a message of one question in which every record is where its counts and that length say (RFC 1035
    /// §4.2.2).
    static func isUnmistakable(_ segment: RawSpan, isResponse: Bool) -> Bool {
        guard segment.byteCount >= 2 + headerLength else { return false }
        let length = Int(segment.uint16(at: 0))
        guard segment.byteCount >= 2 + length,
            let message = try? DNSView(segment.extracting(droppingFirst: 2).extracting(first: length), at: 0)
        else { return false }
        return message.isResponse == isResponse && message.questionCount == 1 && message.fills(length)
    }

    /// Its one question and its records can be read, and end at `length`.
    private func fills(_ length: Int) -> Bool {
        guard var end = question?.end else { return false }
        var walk = records
        while true {
            do throws(DecodeError) {
                guard let record = try walk.next() else { return end == length }
                end = record.end
            } catch {
                return false
            }
        }
    }
}
