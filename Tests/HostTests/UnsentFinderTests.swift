import Model
import Testing

@testable import Host

/// Which of the things that threads do are attempts of which nothing was sent.
@Suite struct UnsentFinderTests {
    static let start = Timestamp(seconds: 1_000, nanoseconds: 0)

    static func tuple(_ port: UInt16 = 0, _ transport: TransportProtocol = .tcp) -> FlowTuple {
        FlowTuple(transport, Endpoint(.anyIPv4, port), Endpoint(IPAddress(v4: 0x0808_0808), 443))
    }

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        /// What happens, a millisecond apart, all by one thread unless its number is given.
        var events: [(KernelEvent.Body, thread: Int32)]
        /// The errors of each attempt that is found.
        var found: [[Int32]]
    }

    @Test(arguments: [
        Example(
            testDescription: "a connect without any route", events: [(.lookupFailed(tuple(), error: -11), 7)],
            found: [[-11]]),
        Example(
            testDescription: "nothing in the first table, a way in the next",
            events: [
                (.lookupFailed(tuple(), error: -113), 7), (.connecting(socket: 1, tuple()), 7),
                (.routed(tuple(40_000)), 7),
            ],
            found: []),
        Example(
            testDescription: "another thread's way is not this one's",
            events: [(.lookupFailed(tuple(), error: -13), 7), (.connecting(socket: 1, tuple()), 8)], found: [[-13]]),
        Example(
            testDescription: "no port was free",
            events: [(.connecting(socket: 1, tuple()), 7), (.noPort(tuple()), 7)], found: [[]]),
    ])
    func finds(_ example: Example) {
        var finder = UnsentFinder()
        for (index, event) in example.events.enumerated() {
            finder.learn(
                KernelEvent(
                    time: Self.start + .milliseconds(index), pid: 7, thread: event.thread, body: event.0))
        }
        #expect(finder.take(at: Self.start + .milliseconds(200)).map(\.errors) == example.found)
        #expect(finder.take(at: Self.start + .seconds(2)).isEmpty)
    }

    /// A way may be read a moment later than the failed lookup before it: that is waited for.
    @Test func waitsForWhatIsReadLater() {
        var finder = UnsentFinder()
        finder.learn(
            KernelEvent(time: Self.start, pid: 7, thread: 7, body: .lookupFailed(Self.tuple(), error: -11)))
        #expect(finder.take(at: Self.start + .milliseconds(59)).isEmpty)
        #expect(finder.take(at: Self.start + .milliseconds(60)).count == 1)
    }

    @Test func holdsOnlySoMany() {
        var finder = UnsentFinder()
        for thread in 0..<Int32(UnsentFinder.capacity + 10) {
            finder.learn(
                KernelEvent(time: Self.start, pid: 7, thread: thread, body: .lookupFailed(Self.tuple(), error: -11)))
        }
        #expect(finder.summary.count == UnsentFinder.capacity)
        #expect(finder.summary.evictions == 10)
    }

    @Test(arguments: [
        ("32768\t60999\n", "\n", 28_232), ("40000 40003", "40001,40010-40020", 3), ("1 65535", "", 65_535),
    ])
    func countsPorts(_ range: String, _ reserved: String, _ count: Int) throws {
        let ports = try #require(EphemeralPorts(range: range, reserved: reserved))
        #expect(ports.count == count)
    }

    @Test(arguments: ["", "5", "9 3", "a b", "1 2 3", "0 70000"])
    func noRangeIsNone(_ text: String) { #expect(EphemeralPorts(range: text, reserved: nil) == nil) }
}
