package import Model

/// One DNS message, read in place (RFC 1035 §4.1). Fields are big-endian; offsets in bytes:
///
///     0    2       4         6         8           10           12
///     | id | flags | QDCOUNT | ANCOUNT | NSCOUNT   | ARCOUNT    | questions, answers, authority, additional …
///                                        flags: QR | opcode (4) | AA | TC | RD | RA | Z | AD | CD | RCODE (4)
///
/// `init` checks the header and the first question; after that no accessor of either traps or copies. Records are
/// checked one by one as ``records`` and ``answers`` reach them: a message is walked once, forwards, and no name
/// is followed or written out unless asked for.
///
///     let message = try DNSView(udp.payload, at: 42)
///     if let question = message.question { key = question.name.hash(seed: seed) ^ UInt64(question.type) }
///     var answers = message.answers
///     while let record = try answers.next() {
///         if let address = record.address { learn(address, for: record.ttl) }
///     }
package struct DNSView: ~Escapable {
    private let bytes: RawSpan
    private let offset: Int
    /// The first question; `nil` when there is none, as in responses of multicast DNS and of some servers to a
    /// message that they could not read.
    package let question: DNSQuestion?

    static let headerLength = 12
    /// What a length prefix, and a UDP datagram, can hold; bytes beyond are not looked at.
    static let lengthLimit = 65535

    /// - Parameters:
    ///   - bytes: the message, without the length prefix that it has over TCP.
    ///   - offset: of its first byte in the frame, for errors.
    /// - Throws: ``DecodeError`` when the header or the first question is cut, or the question's name is not one.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= Self.headerLength else {
            throw .truncated(.dns, at: offset, needs: Self.headerLength, has: bytes.byteCount)
        }
        let bytes = bytes.extracting(first: Self.lengthLimit)
        self.bytes = bytes
        self.offset = offset
        question =
            bytes.uint16(at: 4) == 0 ? nil : try DNSQuestion(in: bytes, at: Self.headerLength, offset: offset)
    }

    package var id: UInt16 { bytes.uint16(at: 0) }

    private var flags: UInt16 { bytes.uint16(at: 2) }
    package var headerFlags: DNSFlags { DNSFlags(rawValue: flags) }

    package var isResponse: Bool { flags & 0x8000 != 0 }
    /// 0 QUERY, 2 STATUS, 4 NOTIFY, 5 UPDATE (IANA "DNS OpCodes").
    package var opcode: UInt8 { UInt8(truncatingIfNeeded: flags >> 11 & 15) }
    package var isAuthoritative: Bool { flags & 0x0400 != 0 }
    package var isTruncated: Bool { flags & 0x0200 != 0 }
    package var recursionDesired: Bool { flags & 0x0100 != 0 }
    package var recursionAvailable: Bool { flags & 0x0080 != 0 }
    /// AD: the server vouches for the answer (RFC 4035 §3.2.3).
    package var isAuthenticData: Bool { flags & 0x0020 != 0 }
    /// CD: the client validates itself (RFC 4035 §3.2.2).
    package var checkingDisabled: Bool { flags & 0x0010 != 0 }

    /// The header's four bits of the response code. ``responseCode()`` adds those of EDNS.
    package var headerRCODE: UInt8 { UInt8(truncatingIfNeeded: flags & 15) }

    package var questionCount: Int { Int(bytes.uint16(at: 4)) }
    package var answerCount: Int { Int(bytes.uint16(at: 6)) }
    package var authorityCount: Int { Int(bytes.uint16(at: 8)) }
    package var additionalCount: Int { Int(bytes.uint16(at: 10)) }

    /// Every question, the first included.
    package var questions: DNSQuestions {
        @_lifetime(copy self) get { DNSQuestions(in: bytes, count: questionCount, offset: offset) }
    }

    /// The records of the answer section, in order.
    package var answers: DNSRecords {
        @_lifetime(copy self) get { records(authority: 0, additional: 0) }
    }

    /// The records of all three sections, in order; each says which one it is of.
    package var records: DNSRecords {
        @_lifetime(copy self) get { records(authority: authorityCount, additional: additionalCount) }
    }

    @_lifetime(copy self)
    private func records(authority: Int, additional: Int) -> DNSRecords {
        let first = question?.end ?? Self.headerLength
        return DNSRecords(
            in: bytes, at: first, offset: offset, questions: max(0, questionCount - 1), answers: answerCount,
            authority: authority, additional: additional)
    }

    /// The answer section as values, at most `limit` of them.
    ///
    /// A record that cannot be read is left out; where the walk itself cannot go on, the rest is. No text is longer
    /// than ``DNSRecordView/textCapacity``, which bounds the whole.
    ///
    /// - Parameter asked: the text of the first question's name, where it was made already.
    package func decodedAnswers(limit: Int, asked: String? = nil) -> (records: [DNSRecord], leftOut: Int) {
        var decoded: [DNSRecord] = []
        var walk = answers
        // Most answers point to their owner: to the question, or to the name in the answer before. Its text is made once.
        var owner = asked.map { (offset: Self.headerLength, text: $0) }
        var target: (offset: Int, text: String)?
        while decoded.count < limit {
            do throws(DecodeError) {
                guard let record = try walk.next() else { break }
                let offset = record.ownerOffset
                if owner?.offset != offset {
                    owner = target?.offset == offset ? target : (try? record.name.text).map { (offset, $0) }
                }
                guard let owner, let value = try? record.decoded(owner: owner.text) else { continue }
                if case .name(let text) = value.data { target = (record.dataStart, text) }
                decoded.append(value)
            } catch {
                break
            }
        }
        return (decoded, answerCount - decoded.count)
    }

    /// What the message says by EDNS; `nil` when it has no OPT record (RFC 6891 §6.1.1). Walks all sections.
    ///
    /// - Throws: ``DecodeError`` when a record on the way, or the OPT record's options, cannot be read.
    package func edns() throws(DecodeError) -> EDNS? {
        guard additionalCount > 0 else { return nil }
        var walk = records
        while let record = try walk.next() {
            if record.section == .additional, let edns = try EDNS(record) { return edns }
        }
        return nil
    }

    /// The response code with the upper eight bits that EDNS adds (RFC 6891 §6.1.3), when there is EDNS.
    package func responseCode(_ edns: EDNS?) -> UInt16 {
        UInt16(edns?.extendedRCODE ?? 0) << 4 | UInt16(headerRCODE)
    }

    /// How long the absence that this response states may be kept, in seconds: the SOA record's own TTL or its
    /// MINIMUM field, whichever is less (RFC 2308 §5). `nil` without a SOA record in the authority section.
    ///
    /// - Throws: ``DecodeError`` when a record on the way cannot be read.
    package func negativeTTL() throws(DecodeError) -> UInt32? {
        guard authorityCount > 0 else { return nil }
        var walk = records(authority: authorityCount, additional: 0)
        while let record = try walk.next() {
            if record.section == .authority, let minimum = try record.startOfAuthorityMinimum() {
                return min(record.ttl, minimum)
            }
        }
        return nil
    }
}

/// One question, read in place (RFC 1035 §4.1.2): a name, then type and class of two bytes each.
package struct DNSQuestion: ~Escapable {
    /// As asked, letter case kept.
    package let name: DNSName
    package let type: UInt16
    /// 1 IN, 3 CH, 255 ANY. In multicast DNS the top bit asks for a unicast response (RFC 6762 §5.4).
    package let recordClass: UInt16
    /// The offset in the message of what follows.
    var end: Int { name.end + 4 }

    @_lifetime(copy message)
    @inline(__always)
    init(in message: RawSpan, at start: Int, offset: Int) throws(DecodeError) {
        name = try DNSName(in: message, at: start, offset: offset)
        let fixed = name.end
        guard fixed + 4 <= message.byteCount else {
            throw .truncated(.dns, at: offset + fixed, needs: 4, has: message.byteCount - fixed)
        }
        type = message.uint16(at: fixed)
        recordClass = message.uint16(at: fixed + 2)
    }
}

/// The question section, one question after the other.
package struct DNSQuestions: ~Escapable {
    private let message: RawSpan
    private let offset: Int
    private var position = DNSView.headerLength
    private var remaining: Int

    @_lifetime(copy message)
    init(in message: RawSpan, count: Int, offset: Int) {
        self.message = message
        self.offset = offset
        remaining = count
    }

    /// The next question, or `nil` behind the last; after an error there is no next one.
    @_lifetime(copy self)
    package mutating func next() throws(DecodeError) -> DNSQuestion? {
        guard remaining > 0 else { return nil }
        let left = remaining - 1
        remaining = 0
        let question = try DNSQuestion(in: message, at: position, offset: offset)
        remaining = left
        position = question.end
        return question
    }
}
