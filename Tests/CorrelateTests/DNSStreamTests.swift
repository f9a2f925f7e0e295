import Correlate
import Decode
import Model
import Testing

/// DNS over TCP: messages with their length before them, in any number and cut anywhere (RFC 7766).
@Suite struct DNSStreamTests {
    private static func framed(_ message: [UInt8]) -> [UInt8] { Wire.bytes16(UInt16(message.count)) + message }

    private static func query(_ id: UInt16) -> [UInt8] { framed(WireDNS.query(id, "n\(id).example", 1)) }

    private static func answer(_ id: UInt16) -> [UInt8] {
        framed(WireDNS.response(id, "n\(id).example", 1, [.address("10.9.9.9")]))
    }

    /// Three questions at once, of which the second is answered first, then one more.
    private static let conversation = Conversation(
        [
            (">", query(1) + query(2) + query(3)), ("<", answer(2) + answer(1)), ("<", answer(3)), (">", query(4)),
            ("<", answer(4)),
        ], close: .byClient)

    private static let cuttings: [Conversation.Cutting] =
        (1..<90).map { .at($0) } + [.whole, .pieces(of: 1), .pieces(of: 5), .twice(9), .overlapping(6), .reversed(7)]

    @Test(arguments: [UInt16(53), 5353, 8053])
    func severalQuestionsOnOneConnection(_ port: UInt16) throws {
        var conversation = Self.conversation
        conversation.server.port = port
        for cutting in Self.cuttings {
            let outcome = conversation.trace(cutting).replay()
            #expect(
                outcome.lookups.map(\.name) == ["n2.example", "n1.example", "n3.example", "n4.example"], "\(cutting)")
            #expect(
                outcome.lookups.allSatisfy { $0.transport == .tcp && $0.status == .answered && $0.roundTrip != nil })
            #expect(outcome.requests.map(\.application.kind) == [.dns])
            #expect(outcome.summary.layers.first { $0.layer == .dns }?.decoded == 8)
        }
    }

    @Test func aQuestionWithoutAnAnswer() throws {
        var conversation = Conversation([(">", Self.query(1))], close: .byServer)
        conversation.server.port = 53
        #expect(conversation.trace().replay().lookups.map(\.status) == [.noAnswer])
    }

    @Test func afterADamagedMessageTheNextIsRead() throws {
        var conversation = Conversation([
            (">", Self.query(1)), ("<", Self.framed([0, 1, 2, 3])), ("<", Self.answer(1)),
        ])
        conversation.server.port = 53
        let outcome = conversation.trace().replay()
        #expect(outcome.lookups.map(\.status) == [.answered])
        #expect(outcome.summary.layers.first { $0.layer == .dns }?.malformed == 1)
    }

    @Test func aLossWithinAMessageDoesNotHideTheNext() throws {
        var conversation = Conversation([
            (">", Self.query(1) + Self.query(2)), ("<", Self.answer(1) + Self.answer(2)),
        ])
        conversation.server.port = 53
        // Of 10 bytes each: the third of the client's segments, in its first message, is not there.
        let outcome = conversation.trace(.pieces(of: 10), lost: [2]).replay()
        #expect(outcome.lookups.contains { $0.name == "n2.example" && $0.roundTrip != nil })
    }

    /// What looks like a length and is not DNS, on a port where anything may be.
    @Test(arguments: [
        [UInt8](repeating: 0, count: 40), [0, 20] + [UInt8](repeating: 7, count: 20),
        [0, 29, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0x41, count: 17),
    ])
    func otherBytesAreNoDNS(_ bytes: [UInt8]) throws {
        let request = try Conversation([(">", bytes), ("<", bytes)]).trace().request()
        #expect(request.application == ApplicationFacts() && request.lookups.isEmpty)
    }
}
