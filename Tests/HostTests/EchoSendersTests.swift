import Model
import Testing

@testable import Host

@Suite struct EchoSendersTests {
    private static let peer = IPAddress(v4: 0xC000_0201)
    private static let ping = Process(pid: 7, name: "ping")
    private static let other = Process(pid: 8, name: "fping")

    private static func tuple(_ peer: IPAddress, _ transport: TransportProtocol = .icmp) -> FlowTuple {
        FlowTuple(transport, Endpoint(.anyIPv4, 0), Endpoint(peer, 0))
    }

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        /// Microseconds after the request's first packet.
        var sent: [(process: Process, microseconds: Int64)]
        var tuple = EchoSendersTests.tuple(EchoSendersTests.peer)
        var found: [Int32]
    }

    @Test(arguments: [
        Example(testDescription: "just before", sent: [(ping, -80)], found: [7]),
        Example(testDescription: "twice by one", sent: [(ping, -80), (ping, -40)], found: [7]),
        Example(testDescription: "by two", sent: [(ping, -80), (other, -400)], found: [7, 8]),
        Example(testDescription: "long before", sent: [(ping, -5000)], found: []),
        Example(testDescription: "after", sent: [(ping, 200)], found: []),
        Example(testDescription: "of two the one before", sent: [(ping, -80), (other, 200)], found: [7]),
        Example(testDescription: "to another peer", sent: [(ping, -80)], tuple: tuple(.anyIPv4), found: []),
        Example(testDescription: "by another protocol", sent: [(ping, -80)], tuple: tuple(peer, .icmpv6), found: []),
    ])
    func senders(_ example: Example) {
        let first = Timestamp(seconds: 100, nanoseconds: 0)
        var senders = EchoSenders()
        for (process, microseconds) in example.sent {
            senders.note(
                Self.tuple(Self.peer), process, at: first + TimeSpan(nanoseconds: microseconds * 1000))
        }
        #expect(senders.senders(of: example.tuple, at: first).map(\.pid) == example.found)
    }

    @Test func theOldestGoFirst() {
        let first = Timestamp(seconds: 100, nanoseconds: 0)
        var senders = EchoSenders()
        senders.note(Self.tuple(Self.peer), Self.ping, at: first)
        for _ in 0..<1023 { senders.note(Self.tuple(.anyIPv4), Self.other, at: first) }
        #expect(senders.senders(of: Self.tuple(Self.peer), at: first).map(\.pid) == [7])
        senders.note(Self.tuple(.anyIPv4), Self.other, at: first)
        #expect(senders.senders(of: Self.tuple(Self.peer), at: first).isEmpty)
    }
}
