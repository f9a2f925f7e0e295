import Model
import Testing

@testable import Host

/// Which connects waited for their next hop until they were over.
@Suite struct HeldFinderTests {
    static let start = Timestamp(seconds: 1_000, nanoseconds: 0)
    static let gateway = IPAddress(v4: 0xC000_0201)

    static func tuple(_ port: UInt16 = 0, to address: UInt32 = 0x0808_0808) -> FlowTuple {
        FlowTuple(.tcp, Endpoint(IPAddress(v4: 0xC000_0202), port), Endpoint(IPAddress(v4: address), 443))
    }

    static let waits = KernelEvent.Body.held(nextHop: gateway, interface: "eth0")

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        /// What happens, ten milliseconds apart, all by one thread unless its number is given.
        var events: [(KernelEvent.Body, thread: Int32)]
        /// The source ports of those that are found.
        var found: [UInt16]
    }

    @Test(arguments: [
        Example(
            testDescription: "held, and closed in SYN-SENT",
            events: [(.connecting(socket: 1, tuple()), 7), (waits, 7), (.abandoned(socket: 1, tuple(40_000)), 9)],
            found: [40_000]),
        Example(
            testDescription: "held, its port known before",
            events: [
                (.connecting(socket: 1, tuple()), 7), (.routed(tuple(40_000)), 7), (waits, 7),
                (.abandoned(socket: 1, tuple(40_000)), 7),
            ], found: [40_000]),
        Example(
            testDescription: "held, and answered late: it was sent after all",
            events: [
                (.connecting(socket: 1, tuple()), 7), (waits, 7), (.settled(socket: 1, tuple(40_000)), 7),
                (.abandoned(socket: 1, tuple(40_000)), 7),
            ], found: []),
        Example(
            testDescription: "refused, and never held",
            events: [(.connecting(socket: 1, tuple()), 7), (.abandoned(socket: 1, tuple(40_000)), 7)], found: []),
        Example(
            testDescription: "another thread's packet is held",
            events: [(.connecting(socket: 1, tuple()), 7), (waits, 8), (.abandoned(socket: 1, tuple(40_000)), 7)],
            found: []),
        Example(
            testDescription: "a packet that is held much later is another one",
            events: [(.connecting(socket: 1, tuple()), 7)]
                + [KernelEvent.Body](repeating: .forked(parent: 1), count: 10).map { ($0, 7) }
                + [(waits, 7), (.abandoned(socket: 1, tuple(40_000)), 7)], found: []),
        Example(
            testDescription: "the second packet that is held is not the connect's",
            events: [
                (.connecting(socket: 1, tuple()), 7), (waits, 7), (.settled(socket: 1, tuple(40_000)), 7), (waits, 7),
                (.abandoned(socket: 1, tuple(40_000)), 7),
            ], found: []),
        Example(
            testDescription: "the address is another socket's by now",
            events: [
                (.connecting(socket: 1, tuple()), 7), (waits, 7),
                (.abandoned(socket: 1, tuple(40_000, to: 0x0909_0909)), 7),
            ], found: []),
        Example(
            testDescription: "used again before its end was told",
            events: [
                (.connecting(socket: 1, tuple()), 7), (waits, 7), (.connecting(socket: 1, tuple()), 8),
                (.abandoned(socket: 1, tuple(40_000)), 8),
            ], found: []),
        Example(
            testDescription: "what came of it was lost",
            events: [
                (.connecting(socket: 1, tuple()), 7), (waits, 7), (.lost(3), 0),
                (.abandoned(socket: 1, tuple(40_000)), 7),
            ], found: []),
    ])
    func finds(_ example: Example) {
        var finder = HeldFinder()
        var asked: [Int32] = []
        for (index, event) in example.events.enumerated() {
            let time = Self.start + .milliseconds(10 * index)
            finder.learn(KernelEvent(time: time, pid: 7, thread: event.thread, body: event.0)) { pid, _ in
                asked.append(pid)
                return nil
            }
        }
        let ended = finder.takeEnded()
        #expect(ended.map(\.tuple.source.port) == example.found)
        #expect(ended.allSatisfy { $0.nextHop == Self.gateway && $0.interface == "eth0" && $0.time == Self.start })
        #expect(asked.count <= 1, "who it was is asked once")
        #expect(finder.takeEnded().isEmpty)
    }

    /// What was held, whose sockets are in SYN-SENT then, which of the held ones that ends, and which ports are known after.
    struct Comparison: CustomTestStringConvertible {
        var testDescription: String
        var held: [(source: UInt16, peer: UInt32)]
        var connecting: [(source: UInt16, peer: UInt32)]
        var ended: [UInt32]
        var known: [UInt16]
    }

    @Test(arguments: [
        Comparison(
            testDescription: "all are there", held: [(1, 1), (2, 1)], connecting: [(1, 1), (2, 1)], ended: [],
            known: [1, 2]),
        Comparison(
            testDescription: "one is gone", held: [(1, 1), (2, 2)], connecting: [(2, 2)], ended: [1], known: [2]),
        Comparison(
            testDescription: "another socket to the same peer", held: [(1, 1)], connecting: [(3, 1)], ended: [1],
            known: []),
        Comparison(
            testDescription: "its port is learnt", held: [(0, 1)], connecting: [(3, 1), (4, 2)], ended: [], known: [3]),
        Comparison(
            testDescription: "that socket is another's", held: [(3, 1), (0, 1)], connecting: [(3, 1)], ended: [1],
            known: [3]),
        Comparison(
            testDescription: "which of two is gone is not known", held: [(0, 1), (0, 1)], connecting: [(3, 1)],
            ended: [],
            known: [0, 0]),
        Comparison(
            testDescription: "nobody connects", held: [(0, 1), (5, 2)], connecting: [], ended: [1, 2], known: []),
    ])
    func comparesWithTheKernelsSockets(_ example: Comparison) {
        var finder = HeldFinder()
        for (index, held) in example.held.enumerated() {
            let tuple = Self.tuple(0, to: held.peer)
            let routed = Self.tuple(held.source, to: held.peer)
            let bodies: [KernelEvent.Body] = [.connecting(socket: UInt64(index), tuple), .routed(routed), Self.waits]
            for body in bodies {
                finder.learn(KernelEvent(time: Self.start, pid: 7, thread: 7, body: body)) { _, _ in nil }
            }
        }
        let now = Self.start + .seconds(1)
        finder.compare(with: example.connecting.map { Self.tuple($0.source, to: $0.peer) }, at: now)
        let ended = finder.takeEnded()
        #expect(ended.map { $0.tuple.destination.address } == example.ended.map { IPAddress(v4: $0) })
        #expect(ended.allSatisfy { $0.ended == now })
        #expect(finder.isHolding == !example.known.isEmpty)
        // The rest is over when nobody connects.
        finder.compare(with: [], at: now + .seconds(1))
        #expect(finder.takeEnded().map(\.tuple.source.port).sorted() == example.known.sorted())
        #expect(!finder.isHolding)
    }

    @Test func holdsOnlySoMany() {
        var finder = HeldFinder()
        for socket in 0..<UInt64(HeldFinder.capacity + 10) {
            for body in [KernelEvent.Body.connecting(socket: socket, Self.tuple()), Self.waits] {
                finder.learn(KernelEvent(time: Self.start, pid: 7, thread: 7, body: body)) { _, _ in nil }
            }
        }
        #expect(finder.summary.count == HeldFinder.capacity && finder.summary.evictions == 10)
        finder.expire(at: Self.start + .seconds(151))
        #expect(finder.summary.count == 0)
    }
}
