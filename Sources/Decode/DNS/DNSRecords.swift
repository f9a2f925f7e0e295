package import Model

/// The records of a message, walked once from front to back (RFC 1035 §4.1.3).
///
/// Every record takes at least 11 bytes and every step moves forwards, so the walk ends with the message whatever
/// its counts claim. It allocates nothing.
package struct DNSRecords: ~Escapable {
    private let message: RawSpan
    private let offset: Int
    private var position: Int
    private var questions: Int
    /// Records met so far, and the counts at which each section ends.
    private var index = 0
    private let answersEnd: Int
    private let authorityEnd: Int
    private var end: Int

    @_lifetime(copy message)
    init(
        in message: RawSpan, at position: Int, offset: Int, questions: Int, answers: Int, authority: Int,
        additional: Int
    ) {
        self.message = message
        self.offset = offset
        self.position = position
        self.questions = questions
        answersEnd = answers
        authorityEnd = answers + authority
        end = answers + authority + additional
    }

    /// The next record, or `nil` behind the last; after an error there is no next one.
    ///
    /// - Throws: ``DecodeError`` when the message ends inside the record, or its owner is not a name.
    @_lifetime(copy self)
    package mutating func next() throws(DecodeError) -> DNSRecordView? {
        guard index < end else { return nil }
        do throws(DecodeError) {
            if questions > 0 { try skipQuestions() }
            let section: DNSRecordView.Section =
                index < answersEnd ? .answer : index < authorityEnd ? .authority : .additional
            let record = try DNSRecordView(in: message, at: position, offset: offset, section: section)
            position = record.end
            index += 1
            return record
        } catch {
            end = 0
            throw error
        }
    }

    @_lifetime(self: copy self)
    private mutating func skipQuestions() throws(DecodeError) {
        while questions > 0 {
            position = try DNSName.end(in: message, at: position, offset: offset) + 4
            questions -= 1
        }
    }
}

/// One resource record, read in place (RFC 1035 §4.1.3). Offsets behind the owner's name, in bytes:
///
///     0      2       4     8          10
///     | TYPE | CLASS | TTL | RDLENGTH | RDATA …
///
/// `init` checks that all of it is there; what RDATA holds is checked when it is asked for.
package struct DNSRecordView: ~Escapable {
    let message: RawSpan
    let offset: Int
    private let owner: UInt32
    private let behindOwner: UInt32
    package let section: Section

    private var fixed: Int { Int(behindOwner) }

    package enum Section: UInt8, Sendable { case answer, authority, additional }

    @_lifetime(copy message)
    @inline(__always)
    init(in message: RawSpan, at start: Int, offset: Int, section: Section) throws(DecodeError) {
        let fixed = try DNSName.end(in: message, at: start, offset: offset)
        guard fixed + 10 <= message.byteCount else {
            throw .truncated(.dns, at: offset + fixed, needs: 10, has: message.byteCount - fixed)
        }
        let length = Int(message.uint16(at: fixed + 8))
        guard length <= message.byteCount - fixed - 10 else {
            throw .truncated(.dns, at: offset + fixed + 10, needs: length, has: message.byteCount - fixed - 10)
        }
        self.message = message
        self.offset = offset
        owner = UInt32(truncatingIfNeeded: start)
        behindOwner = UInt32(truncatingIfNeeded: fixed)
        self.section = section
    }

    package var type: UInt16 { message.uint16(at: fixed) }
    /// 1 IN; for OPT the sender's UDP payload size. In multicast DNS the top bit flushes caches (RFC 6762 §10.2).
    package var recordClass: UInt16 { message.uint16(at: fixed + 2) }
    /// Seconds; a value with the top bit set counts as 0 (RFC 2181 §8).
    package var ttl: UInt32 { rawTTL > 0x7FFF_FFFF ? 0 : rawTTL }
    var rawTTL: UInt32 { message.uint32(at: fixed + 4) }

    var dataStart: Int { fixed + 10 }
    var end: Int { fixed + 10 + Int(message.uint16(at: fixed + 8)) }

    /// RDATA as it stands; names in it may point elsewhere in the message.
    package var data: RawSpan { @_lifetime(copy self) get { message.extracting(dataStart..<end) } }

    var isInternet: Bool { recordClass & 0x7FFF == 1 }

    /// The owner's name.
    ///
    /// - Throws: ``DecodeError`` when its pointers lead nowhere; the walk does not follow them.
    package var name: DNSName {
        @_lifetime(copy self)
        get throws(DecodeError) { try DNSName(in: message, at: Int(owner), offset: offset) }
    }

    /// Where the owner's name stands: behind its pointer where it is nothing else.
    var ownerOffset: Int {
        let start = Int(owner)
        return message.uint8(at: start) >= 0xC0 ? Int(message.uint16(at: start) & 0x3FFF) : start
    }

    /// The address of an A or AAAA record of the Internet class; `nil` for every other record, and for one whose
    /// data has the wrong length. No allocation.
    package var address: IPAddress? {
        guard isInternet else { return nil }
        switch (type, end - dataStart) {
        case (1, 4): return IPAddress(v4: message.uint32(at: dataStart))
        case (28, 16):
            return IPAddress(v6High: message.uint64(at: dataStart), low: message.uint64(at: dataStart + 8))
        default: return nil
        }
    }

    /// The name that RDATA consists of: that of a CNAME, NS, PTR or DNAME record; `nil` for every other type. No
    /// allocation.
    ///
    /// - Throws: ``DecodeError`` when the data is not exactly one name.
    @_lifetime(copy self)
    package func target() throws(DecodeError) -> DNSName? {
        switch type {
        case 2, 5, 12, 39:
            let name = try DNSName(in: message, at: dataStart, offset: offset)
            guard name.end == end else { throw wrongLength() }
            return name
        default: return nil
        }
    }

    /// The record does not hold what its type has: too little, or more.
    func wrongLength() -> DecodeError {
        .invalid(.dns, at: offset + dataStart, field: .recordLength, value: end - dataStart)
    }
}
