import CLinux
import Glibc
import Model
import Testing

@testable import Host

/// What the kernel is asked about a single tuple, and when.
@Suite struct ConntrackAskingTests {
    let now = Timestamp(seconds: 1_000, nanoseconds: 0)
    static let tuple = ConntrackTests.tuple("10.77.1.2", 40003, "10.77.2.1", 8080)

    @Test func asksForOneTupleByteForByte() {
        let request = NetlinkRequest.connection(Self.tuple, isAnswer: false).finish(sequence: 7)
        let expected: [UInt8] = [
            /* length */ 72, 0, 0, 0, /* IPCTNL_MSG_CT_GET */ 1, 1, /* NLM_F_REQUEST */ 1, 0, /* sequence */ 7, 0, 0, 0,
            /* port ID */ 0, 0, 0, 0, /* AF_INET */ 2, 0, 0, 0,
            /* CTA_TUPLE_ORIG */ 52, 0, 1, 0x80, /* CTA_TUPLE_IP */ 20, 0, 1, 0x80,
            8, 0, 1, 0, 10, 77, 1, 2, 8, 0, 2, 0, 10, 77, 2, 1,
            /* CTA_TUPLE_PROTO */ 28, 0, 2, 0x80, 5, 0, 1, 0, 6, 0, 0, 0,
            6, 0, 2, 0, 0x9C, 0x43, 0, 0, 6, 0, 3, 0, 0x1F, 0x90, 0, 0,
        ]
        #expect(request == expected)
    }

    /// Types and codes of an echo and its answer, which are another tuple to the kernel.
    @Test(arguments: [
        ("192.0.2.1", TransportProtocol.icmp, false, [8, 0]), ("192.0.2.1", .icmp, true, [0, 0]),
        ("2001:db8::1", .icmpv6, false, [128, 0]), ("2001:db8::1", .icmpv6, true, [129, 0]),
    ])
    func asksForAnEcho(_ host: String, _ transport: TransportProtocol, _ isAnswer: Bool, _ typeAndCode: [UInt8]) throws
    {
        let end = Endpoint(try #require(IPAddress(host)), 77)
        let bytes = NetlinkRequest.connection(FlowTuple(transport, end, end), isAnswer: isAnswer).finish(sequence: 1)
        let proto = bytes.suffix(32)
        #expect(proto.prefix(2) == [8, 0] || proto.contains(77))
        #expect([bytes[bytes.count - 12], bytes[bytes.count - 4]] == typeAndCode)
    }

    static func reply(_ kind: String, _ sequence: UInt32) throws -> [NetlinkReception] {
        switch kind {
        case "entry":
            // The third event is of the connection that is asked for.
            let event = try #require(
                try Recording("conntrack").datagrams("event").first { datagram in
                    var messages = NetlinkMessages(datagram)
                    return messages.next().flatMap { ConntrackEntry($0.payload) }?.original == tuple
                })
            return [.datagram(event.answering(sequence))]
        case "another":
            return [.datagram(try #require(try Recording("conntrack").datagrams("event").first).answering(sequence))]
        case "none": return [LinkWatcherTests.refusal(sequence, errno: ENOENT)]
        case "forbidden": return [LinkWatcherTests.refusal(sequence, errno: EPERM)]
        case "lost": return [.lost("overflow")]
        default: return []
        }
    }

    @Test(arguments: [
        (["entry"], "entry", 1), (["none", "entry"], "unknown", 2), (["none", "none"], "none", 2),
        (["another"], "unknown", 1), (["forbidden"], "unknown", 1), (["none", "forbidden"], "unknown", 2),
        (["silence"], "unknown", 1), (["lost"], "unknown", 1),
    ])
    func understandsTheAnswer(_ kinds: [String], _ expected: String, _ requests: Int) throws {
        let script = ScriptedSocket.Script(
            answers: try kinds.enumerated().map { try Self.reply($1, UInt32($0 + 1)) })
        var asker = NetlinkAsker(socket: ScriptedSocket(script: script))
        let answer =
            switch asker.connection(Self.tuple) {
            case .entry(let entry): entry.original == Self.tuple ? "entry" : "another"
            case .none: "none"
            case .unknown: "unknown"
            }
        #expect(answer == expected && script.requests.count == requests)
    }

    /// The tuple from after the rewrite is the reply's, in the other direction.
    @Test func findsWhatLeft() throws {
        let script = ScriptedSocket.Script(answers: [try Self.reply("none", 1), try Self.reply("entry", 2)])
        var asker = NetlinkAsker(socket: ScriptedSocket(script: script))
        let left = ConntrackTests.tuple("10.77.1.1", 40003, "10.77.1.2", 80)
        guard case .entry(let entry) = asker.connection(left) else {
            Issue.record("not found")
            return
        }
        #expect(entry.original == Self.tuple && entry.reply == left.reversed)
    }

    // MARK: - When

    /// A watcher whose table took in two entries and could take no more.
    private func overflown(zone: UInt16 = 0) throws -> ConntrackWatcher<ScriptedSocket> {
        var table = ConntrackTable(capacity: 2)
        let spare = try ConntrackTests.entry(1, zone: zone, translated: false)
        let script = try ConntrackTests.script()
        _ = table.apply(spare, at: now)
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script), table: table)
        _ = try watcher.receive(at: now)
        #expect(!watcher.table.isComplete && watcher.isSynchronised)
        return watcher
    }

    private func question(_ tuple: FlowTuple) -> HostQuestion {
        HostQuestion(tuple: tuple, direction: .forwarded, first: now, needsOwner: false)
    }

    @Test(arguments: [
        ("none", ["tcp 10.77.1.2:40003 → 10.77.2.1:8080 untracked"], 2), ("unknown", [], 2),
        (
            "entry",
            ["snat+dnat tcp 10.77.1.2:40003 → 10.77.2.1:8080 becomes tcp 10.77.1.1:40003 → 10.77.1.2:80"], 1
        ),
    ])
    func asksAtFirstAndAtLast(_ kind: String, _ told: [String], _ asked: Int) throws {
        var messages = NetlinkMessages(
            try #require(
                try Self.reply("entry", 1).compactMap { if case .datagram(let each) = $0 { each } else { nil } }.first))
        let entry = try #require(messages.next().flatMap { ConntrackEntry($0.payload) })
        let answer: ConntrackAnswer = kind == "entry" ? .entry(entry) : kind == "none" ? .none : .unknown
        let watcher = try overflown()
        var questions = ConntrackQuestions()
        questions.take([question(Self.tuple)], at: now)
        var tuples: [FlowTuple] = []
        var facts: [Fact] = []
        for milliseconds in stride(from: 0, through: 300, by: 20) {
            facts += questions.answers(at: now + .milliseconds(milliseconds), watcher) { tuple in
                tuples.append(tuple)
                return answer
            }
        }
        #expect(facts.map(ConntrackTests.words) == told)
        #expect(tuples == [FlowTuple](repeating: Self.tuple, count: asked))
        #expect(questions.summary.count == 0 && questions.summary.evictions == (kind == "unknown" ? 1 : 0))
    }

    /// The kernel answers for one zone only: of another the same tuple may be tracked.
    @Test func nothingIsAskedWhereThereAreZones() throws {
        let watcher = try overflown(zone: 3)
        var questions = ConntrackQuestions()
        questions.take([question(Self.tuple)], at: now)
        for milliseconds in [0, 250] {
            let facts = questions.answers(at: now + .milliseconds(milliseconds), watcher, ask: ConntrackTests.nobody)
            #expect(facts.isEmpty)
        }
        #expect(questions.summary.count == 0 && questions.summary.evictions == 1)
    }

    @Test func aFloodIsNotAskedFor() throws {
        let watcher = try overflown()
        var questions = ConntrackQuestions()
        questions.take(
            (0..<5000).map { question(ConntrackTests.tuple("192.0.2.1", UInt16($0), "192.0.2.2", 80)) }, at: now)
        var asked = 0
        for milliseconds in [0, 250] {
            _ = questions.answers(at: now + .milliseconds(milliseconds), watcher) { _ in
                asked += 1
                return .none
            }
        }
        #expect(asked > 500 && asked < 700)
    }
}
