import Model
import Testing

@testable import Decode

/// Valid messages with bytes changed, cut and repeated: whatever they say, reading ends, and within bounds.
@Suite struct DNSHostileInputTests {
    /// Reads all that can be read of a message.
    ///
    /// - Returns: how many records were met.
    @discardableResult
    static func exhaust(_ bytes: [UInt8]) -> Int {
        var count = 0
        do {
            let view = try DNSView(bytes.span.bytes, at: 42)
            _ = (view.question?.name.text, view.question?.name.hash(seed: 1))
            _ = (view.responseCode(try? view.edns()), try? view.negativeTTL())
            let decoded = view.decodedAnswers(limit: 64)
            #expect(decoded.records.count <= 64 && decoded.leftOut >= 0)
            for record in decoded.records {
                let texts = [record.name, record.presentation]
                #expect(texts.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
                #expect(texts.allSatisfy { $0.utf8.count <= DNSRecordView.textCapacity + 3 })
            }
            var questions = view.questions
            while let question = try? questions.next() { _ = question.name.hash(seed: 2) }
            var records = view.records
            while let record = try records.next() {
                count += 1
                _ = (record.address, record.ttl, record.data.byteCount)
                if count <= 64 {
                    _ = (try? record.decoded(), try? record.serviceBinding())
                    if let name = try? record.name { _ = name.matches(name) }
                }
            }
        } catch {
            #expect(!error.description.isEmpty)
        }
        return count
    }

    /// One message with every type that has a form of its own.
    static let message: [UInt8] = {
        var message = DNSMessageBytes(questions: 1, answers: 12, authority: 1, additional: 1)
        message.question(wireName("www.example.org"))
        let owner = pointer(to: 12)
        let parent = pointer(to: 16)
        message.record(owner, type: 5, data: [3, 0x63, 0x64, 0x6E] + parent)
        message.record([3, 0x63, 0x64, 0x6E] + parent, type: 1, data: [192, 0, 2, 1])
        message.record(owner, type: 28, data: [UInt8](repeating: 0x20, count: 16))
        message.record(owner, type: 2, data: [2, 0x6E, 0x73] + parent)
        message.record(owner, type: 12, data: parent)
        message.record(owner, type: 15, data: [0, 10] + parent)
        message.record(owner, type: 16, data: [3, 0x61, 0x62, 0x63, 2, 0x64, 0x65])
        message.record(owner, type: 33, data: [0, 1, 0, 2, 0, 80] + parent)
        message.record(
            owner, type: 65,
            data: [0, 1, 0, 0, 1, 0, 3, 2, 0x68, 0x33, 0, 3, 0, 2, 1, 0xBB, 0, 4, 0, 4, 192, 0, 2, 1, 0, 5, 0, 2, 1, 2])
        message.record(owner, type: 257, data: [0, 5] + Array("issueca".utf8))
        message.record(owner, type: 43, data: [1, 2, 3, 4, 5])
        message.record(owner, type: 39, data: parent)
        message.record(parent, type: 6, data: parent + parent + [UInt8](repeating: 7, count: 20))
        message.record([0], type: 41, recordClass: 1232, ttl: 0x8000, data: [0, 15, 0, 3, 0, 22, 0x61, 0, 10, 0, 1, 9])
        return message.bytes
    }()

    @Test func theMessageItselfIsWhole() throws {
        #expect(Self.exhaust(Self.message) == 14)
        let view = try DNSView(Self.message.span.bytes, at: 0)
        let decoded = view.decodedAnswers(limit: 64)
        #expect(decoded.records.count == 12 && decoded.leftOut == 0)
    }

    @Test func everyLengthOfIt() {
        for length in 0...Self.message.count { Self.exhaust(Array(Self.message[..<length])) }
    }

    @Test func everyByteOfItAtEveryTellingValue() {
        for index in Self.message.indices {
            for value: UInt8 in [0, 1, 0x3F, 0x40, 0x80, 0xC0, 0xFF] {
                var bytes = Self.message
                bytes[index] = value
                Self.exhaust(bytes)
            }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func mutations(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2500 {
            var bytes = Self.message
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2 where index + 1 < bytes.count:
                    bytes[index] = 0xC0
                    bytes[index + 1] = UInt8.random(in: 0...255, using: &random)
                default:
                    let from = Int.random(in: 0..<bytes.count, using: &random)
                    bytes.replaceSubrange(index..<index, with: bytes[from..<min(from + 12, bytes.count)])
                }
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            Self.exhaust(bytes)
        }
    }

    /// 64 KiB of pointers, each to the one before, and records that own them: the dearest message there is.
    @Test func aMessageOfPointersAlone() {
        var message = DNSMessageBytes(answers: 0xFFFF)
        message.record([0], type: 16, data: [0])
        var last = message.bytes.count - 1
        while message.bytes.count < 65500 {
            let owner = message.bytes.count
            message.record(pointer(to: min(last, 0x3FFF)), type: 5, data: pointer(to: min(last, 0x3FFF)))
            last = owner
        }
        let elapsed = ContinuousClock().measure {
            #expect(Self.exhaust(message.bytes) > 4000)
        }
        // Linear work takes well under a millisecond in release; following every chain without a bound, minutes.
        #expect(elapsed < .seconds(5))
    }
}
