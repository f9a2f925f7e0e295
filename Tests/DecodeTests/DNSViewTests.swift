import Model
import Testing

@testable import Decode

@Suite struct DNSViewTests {
    /// A query for www.example.org AAAA with EDNS.
    static let query: [UInt8] = [
        /* id */ 0x12, 0x34, /* RD, AD */ 0x01, 0x20, /* counts */ 0, 1, 0, 0, 0, 0, 0, 1,
        /* www.example.org */ 3, 0x77, 0x77, 0x77, 7, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 3, 0x6F, 0x72, 0x67, 0,
        /* AAAA */ 0, 28, /* IN */ 0, 1,
        /* root */ 0, /* OPT */ 0, 41, /* 1232 bytes */ 0x04, 0xD0, /* version 0, DO */ 0, 0, 0x80, 0, /* empty */ 0, 0,
    ]

    @Test func readsAQuery() throws {
        let view = try DNSView(Self.query.span.bytes, at: 42)
        #expect(view.id == 0x1234)
        #expect([view.isResponse, view.isAuthoritative, view.isTruncated, view.recursionAvailable].allSatisfy { !$0 })
        #expect(view.recursionDesired && view.isAuthenticData && !view.checkingDisabled)
        #expect(view.opcode == 0 && view.headerRCODE == 0)
        #expect([view.questionCount, view.answerCount, view.authorityCount, view.additionalCount] == [1, 0, 0, 1])
        guard let question = view.question else { throw Missing() }
        let name = question.name.text
        #expect(name == "www.example.org")
        #expect(question.type == 28 && question.recordClass == 1)
        #expect(
            try view.edns()
                == EDNS(udpPayloadSize: 1232, dnssecOK: true))
    }

    struct Missing: Error {}

    @Test(arguments: [
        (UInt16(0x8000), "QR"), (0x0400, "AA"), (0x0200, "TC"), (0x0100, "RD"), (0x0080, "RA"), (0x0020, "AD"),
        (0x0010, "CD"),
    ])
    func readsEveryFlagAlone(_ bit: UInt16, _ name: String) throws {
        for flags in [bit, ~bit] {
            let bytes = DNSMessageBytes(flags: flags).bytes
            let view = try DNSView(bytes.span.bytes, at: 0)
            let values = [
                "QR": view.isResponse, "AA": view.isAuthoritative, "TC": view.isTruncated, "RD": view.recursionDesired,
                "RA": view.recursionAvailable, "AD": view.isAuthenticData, "CD": view.checkingDisabled,
            ]
            for (other, value) in values { #expect(value == ((other == name) == (flags == bit))) }
            #expect(view.opcode == (flags == bit ? 0 : 15))
            #expect(view.headerRCODE == (flags == bit ? 0 : 15))
        }
    }

    @Test(arguments: 0..<12)
    func refusesEveryShortHeader(_ length: Int) {
        let bytes = [UInt8](repeating: 0xFF, count: length)
        #expect(throws: DecodeError.truncated(.dns, at: 42, needs: 12, has: length)) {
            _ = try DNSView(bytes.span.bytes, at: 42).id
        }
    }

    @Test(arguments: 12..<33)
    func refusesEveryShortQuestion(_ length: Int) {
        let bytes = Array(Self.query[..<length])
        let error = #expect(throws: DecodeError.self) { _ = try DNSView(bytes.span.bytes, at: 42).id }
        guard case .truncated(.dns, _, let needs, let has) = error else {
            Issue.record("not truncated: \(String(describing: error))")
            return
        }
        #expect(needs > has && has >= 0)
    }

    @Test(arguments: 33..<44)
    func aCutRecordLeavesTheQuestionReadable(_ length: Int) throws {
        let bytes = Array(Self.query[..<length])
        let view = try DNSView(bytes.span.bytes, at: 42)
        let type = view.question?.type
        #expect(type == 28)
        #expect(throws: DecodeError.self) { _ = try DNSView(bytes.span.bytes, at: 42).edns() }
        #expect(view.responseCode(try? view.edns()) == 0)
    }

    @Test func noQuestionIsNoError() throws {
        var message = DNSMessageBytes(answers: 1)
        message.record(wireName("host.local"), type: 1, recordClass: 0x8001, ttl: 120, data: [192, 0, 2, 9])
        let view = try DNSView(message.bytes.span.bytes, at: 0)
        let hasQuestion = view.question != nil
        #expect(!hasQuestion)
        var answers = view.answers
        let address = try answers.next()?.address
        #expect(address == IPAddress("192.0.2.9"))
    }

    @Test func walksSeveralQuestionsAndThenTheRecords() throws {
        var message = DNSMessageBytes(flags: 0x8400, questions: 3, answers: 1)
        message.question(wireName("one.local"), type: 1, recordClass: 0x8001)
        message.question([3, 0x74, 0x77, 0x6F] + pointer(to: 16), type: 28)
        message.question([0], type: 255)
        message.record(pointer(to: 12), type: 1, data: [192, 0, 2, 1])
        let view = try DNSView(message.bytes.span.bytes, at: 0)
        var questions = view.questions
        var seen: [String] = []
        while let question = try questions.next() {
            seen.append("\(question.name.text) \(question.type) \(question.recordClass)")
        }
        #expect(seen == ["one.local 1 32769", "two.local 28 1", ". 255 1"])
        var records = view.records
        guard let record = try records.next() else { throw Missing() }
        let owner = try record.name.text
        #expect(owner == "one.local")
        #expect(record.address == IPAddress("192.0.2.1"))
        let more = try records.next() != nil
        #expect(!more)
    }

    @Test func anErrorEndsTheWalk() throws {
        var message = DNSMessageBytes.response(to: "a.example", answers: 3)
        message.record(pointer(to: 12), type: 1, data: [192, 0, 2, 1])
        message.bytes += [0x40]
        message.record([0], type: 1, data: [192, 0, 2, 2])
        let view = try DNSView(message.bytes.span.bytes, at: 100)
        var answers = view.answers
        let ttl = try answers.next()?.ttl
        #expect(ttl == 300)
        let at = 100 + message.bytes.count - 16
        do {
            _ = try answers.next()?.ttl
            Issue.record("the label of type 0x40 passed")
        } catch {
            #expect(error == .invalid(.dns, at: at, field: .nameLabel, value: 0x40))
        }
        let more = try answers.next() != nil
        #expect(!more)
        let decoded = view.decodedAnswers(limit: 64)
        #expect(decoded.records.count == 1 && decoded.leftOut == 2)
    }

    @Test func tellsSectionsApart() throws {
        var message = DNSMessageBytes(questions: 1, answers: 1, authority: 1, additional: 1)
        message.question(wireName("a.example"))
        message.record(pointer(to: 12), type: 1, data: [192, 0, 2, 1])
        message.record(pointer(to: 14), type: 2, data: [2, 0x6E, 0x73] + pointer(to: 14))
        message.record([0], type: 41, recordClass: 4096, ttl: 0, data: [])
        let view = try DNSView(message.bytes.span.bytes, at: 0)
        var records = view.records
        var sections: [DNSRecordView.Section] = []
        while let record = try records.next() { sections.append(record.section) }
        #expect(sections == [.answer, .authority, .additional])
        var answers = view.answers
        var count = 0
        while try answers.next() != nil { count += 1 }
        #expect(count == 1)
    }

    @Test(arguments: [
        (UInt32(0x0100_0000), UInt16(0x8000), UInt16(16)), (0xFF00_8000, 0x800F, 0xFFF), (0, 0x8003, 3),
    ])
    func joinsBothPartsOfTheResponseCode(_ ttl: UInt32, _ flags: UInt16, _ code: UInt16) throws {
        var message = DNSMessageBytes(flags: flags, additional: 1)
        message.record([0], type: 41, recordClass: 1232, ttl: ttl, data: [])
        let view = try DNSView(message.bytes.span.bytes, at: 0)
        #expect(view.responseCode(try? view.edns()) == code)
    }

    @Test func keepsOptionCodesAndExtendedErrors() throws {
        var message = DNSMessageBytes(flags: 0x8182, additional: 1)
        let options: [UInt8] = [
            /* cookie */ 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8,
            /* extended error 22, "no" */ 0, 15, 0, 4, 0, 22, 0x6E, 0x6F,
            /* extended error without a number */ 0, 15, 0, 1, 9,
            /* extended error 6 */ 0, 15, 0, 2, 0, 6,
        ]
        message.record([0], type: 41, recordClass: 1232, ttl: 0, data: options)
        let edns = try DNSView(message.bytes.span.bytes, at: 0).edns()
        #expect(edns?.options == [10, 15, 15, 15])
        #expect(edns?.extendedErrors == [ExtendedDNSError(code: 22, text: "no"), ExtendedDNSError(code: 6)])

        for length in 1..<options.count where ![12, 20, 25].contains(length) {
            var cut = DNSMessageBytes(additional: 1)
            cut.record([0], type: 41, data: Array(options[..<length]))
            #expect(throws: DecodeError.invalid(.dns, at: 23, field: .recordLength, value: length)) {
                _ = try DNSView(cut.bytes.span.bytes, at: 0).edns()
            }
        }
    }

    @Test func optionsAreBounded() throws {
        var message = DNSMessageBytes(additional: 1)
        message.record([0], type: 41, data: [UInt8]([[UInt8]](repeating: [0, 15, 0, 2, 0, 3], count: 5000).joined()))
        let edns = try DNSView(message.bytes.span.bytes, at: 0).edns()
        #expect(edns?.options.count == EDNS.optionCapacity)
        #expect(edns?.extendedErrors.count == EDNS.optionCapacity)
    }

    @Test(arguments: [(UInt32(900), UInt32(60), UInt32(60)), (30, 60, 30), (0x8000_0000, 60, 0)])
    func theNegativeTTLIsTheLesserOne(_ ttl: UInt32, _ minimum: UInt32, _ expected: UInt32) throws {
        var message = DNSMessageBytes(flags: 0x8183, questions: 1, authority: 1)
        message.question(wireName("no.example"))
        let names = [1, 0x6D] + pointer(to: 15) + [1, 0x68] + pointer(to: 15)
        let numbers = [UInt8](repeating: 9, count: 16)
        let last = DNSMessageBytes.bigEndian(0) + DNSMessageBytes.bigEndian(UInt16(minimum))
        message.record(pointer(to: 15), type: 6, ttl: ttl, data: names + numbers + last)
        let view = try DNSView(message.bytes.span.bytes, at: 0)
        #expect(try view.negativeTTL() == expected)
    }

    @Test func countsThatLieEndWithTheMessage() throws {
        let message = DNSMessageBytes(questions: 0, answers: 0xFFFF, authority: 0xFFFF, additional: 0xFFFF)
        // Records of the least size, as many as 64 KiB hold.
        let bytes = message.bytes + [UInt8](repeating: 0, count: 65535 - 12)
        let view = try DNSView(bytes.span.bytes, at: 0)
        var records = view.records
        var count = 0
        do {
            while try records.next() != nil { count += 1 }
            Issue.record("the walk has to end by an error")
        } catch {
            #expect(count == (65535 - 12) / 11)
        }
        let decoded = view.decodedAnswers(limit: 64)
        #expect(decoded.records.count == 64)
        #expect(decoded.leftOut == 0xFFFF - 64)
    }
}
