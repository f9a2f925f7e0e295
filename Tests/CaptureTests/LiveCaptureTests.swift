import Capture
import Glibc
import Model
import Testing

/// Live capture on interfaces made for it, in a network namespace made for each test, which goes with its last socket:
/// nothing is left behind and nothing of the host is seen. It has `lo`, and `wb-a` and `wb-b`, the two ends of a cable.
@Suite(.serialized, .enabled(if: geteuid() == 0, "capturing and making interfaces needs root"))
struct LiveCaptureTests {
    /// No frame takes longer than this, however busy the machine.
    static let patience = TimeSpan.seconds(20)

    static func settings(_ filter: String? = nil) -> LiveSettings {
        var settings = LiveSettings()
        settings.filter = filter
        settings.bufferSize = 1 << 20
        return settings
    }

    @Test func lendsFramesOfLoopback() throws {
        try inNamespace { network in
            try network.run("ip link set lo up")
            var capture = try LiveCapture(Self.settings("udp dst port 45454"))
            let opened = try capture.open("lo")
            let before = now()
            for size in [1, 100, 9000] { try network.send(size: size, to: "127.0.0.1") }
            let frames = receive(3, from: &capture)
            #expect(frames.map(\.wireLength) == [43, 142, 9042])
            #expect(frames.map(\.length) == [43, 142, 8192])
            #expect(frames.allSatisfy { $0.interface == opened.id && $0.linkType == .ethernet })
            #expect(frames.map(\.lastByte) == [1, 100, UInt8(truncatingIfNeeded: 9000)])
            #expect(frames.allSatisfy { $0.time >= before && $0.time <= now() })
            let statistics = try #require(capture.statistics().first)
            #expect(statistics.delivered == 3)
            #expect(statistics.cut == 1)
            #expect(statistics.droppedByKernel == 0)
            // Not promiscuous: libpcap does not look, so it is not known.
            #expect(statistics.droppedByInterface == nil)
        }
    }

    /// Frames sent in turns on two interfaces come in the order in which they were sent, though the kernel hands over
    /// each interface's as a block.
    @Test func keepsTheOrderAcrossInterfaces() throws {
        try inNamespace { network in
            try network.run("ip link set lo up")
            try network.cable()
            var capture = try LiveCapture(Self.settings("udp dst port 45454"))
            let loopback = try capture.open("lo").id
            let cable = try capture.open("wb-a").id
            var sent: [InterfaceID] = []
            for number in 0..<300 {
                let overCable = number % 7 < 3
                try network.send(size: number % 200 + 1, to: overCable ? "192.0.2.2" : "127.0.0.1")
                sent.append(overCable ? cable : loopback)
            }
            let frames = receive(300, from: &capture)
            #expect(frames.map(\.interface) == sent)
            #expect(frames.map(\.wireLength) == (0..<300).map { $0 % 200 + 43 })
            #expect(frames.map(\.lastByte) == (0..<300).map { UInt8($0 % 200 + 1) })
            #expect(frames.map(\.time) == frames.map(\.time).sorted())
            #expect(capture.statistics().map(\.deliveredEarly) == [0, 0])
        }
    }

    /// Gone, it is reported once and costs nothing; back, it has its number and its counters still.
    @Test func anInterfaceGoesAndComesBack() throws {
        try inNamespace { network in
            try network.cable()
            var capture = try LiveCapture(Self.settings("udp dst port 45454"))
            let id = try capture.open("wb-a").id
            try network.send(size: 10, to: "192.0.2.2")
            #expect(receive(1, from: &capture).count == 1)
            try network.run("ip link del wb-a")
            var events: [LiveEvent] = []
            let end = now() + Self.patience
            while events.isEmpty, now() < end { events = capture.poll(timeout: .milliseconds(100)) { _, _ in } }
            #expect(events == [.closed(name: "wb-a", id: id, reason: "the interface disappeared")])
            #expect(capture.poll(timeout: .milliseconds(50)) { _, _ in }.isEmpty)
            #expect(capture.openNames.isEmpty)
            #expect(throws: CaptureError.interface("wb-a", .missing)) { try capture.open("wb-a") }
            try network.cable()
            #expect(try capture.open("wb-a").id == id)
            try network.send(size: 20, to: "192.0.2.2")
            #expect(receive(1, from: &capture).map(\.wireLength) == [62])
            let statistics = try #require(capture.statistics().first)
            #expect(capture.statistics().count == 1)
            #expect(statistics.received == 2)
            #expect(statistics.delivered == 2)
            #expect(statistics.isOpen)
        }
    }

    /// The very first frame after it is up again is seen: it may be a SYN.
    @Test func anInterfaceThatGoesDownStaysOpen() throws {
        try inNamespace { network in
            try network.cable()
            var capture = try LiveCapture(Self.settings("udp dst port 45454"))
            try capture.open("wb-a")
            for size in 10..<30 {
                try network.run("ip link set wb-a down")
                #expect(capture.poll(timeout: .milliseconds(5)) { _, _ in }.isEmpty)
                try network.plugIn()
                try network.send(size: size, to: "192.0.2.2")
                #expect(receive(1, from: &capture).map(\.wireLength) == [size + 42])
            }
            #expect(capture.openNames == ["wb-a"])
            #expect(capture.statistics().map(\.received) == [20])
        }
    }

    @Test func anotherInterfaceOfTheSameNameIsOpenedAnew() throws {
        try inNamespace { network in
            try network.cable()
            var capture = try LiveCapture(Self.settings("udp dst port 45454"))
            let id = try capture.open("wb-a").id
            try network.run("ip link del wb-a")
            try network.cable()
            #expect(try capture.open("wb-a").id == id)
            try network.send(size: 20, to: "192.0.2.2")
            #expect(receive(1, from: &capture).count == 1)
        }
    }

    @Test func flushLendsWhatWasSentJustBefore() throws {
        try inNamespace { network in
            try network.run("ip link set lo up")
            try network.cable()
            var capture = try LiveCapture(Self.settings("udp dst port 45454"))
            try capture.open("lo")
            try capture.open("wb-a")
            for _ in 0..<50 { try network.send(size: 5, to: "127.0.0.1") }
            var count = 0
            #expect(capture.flush { _, _ in count += 1 }.isEmpty)
            #expect(count == 50)
        }
    }

    @Test func aWakeSignalEndsTheWait() throws {
        try inNamespace { network in
            try network.run("ip link set lo up")
            var capture = try LiveCapture(Self.settings())
            try capture.open("lo")
            let signal = capture.wakeSignal
            let start = now()
            // Given before the wait: it must not be lost.
            signal.wake()
            _ = capture.poll(timeout: Self.patience) { _, _ in }
            let thread = try TestThread { signal.wake() }
            _ = capture.poll(timeout: Self.patience) { _, _ in }
            thread.join()
            #expect(now() - start < Self.patience)
        }
    }

    @Test func newsOfTheCallersEndTheWaitUntilTheyAreRead() throws {
        try inNamespace { network in
            try network.run("ip link set lo up")
            var capture = try LiveCapture(Self.settings())
            try capture.open("lo")
            var news: [CInt] = [-1, -1]
            try #require(pipe(&news) == 0)
            defer { for end in news { close(end) } }
            capture.alsoWaitsFor = news[0]
            #expect(write(news[1], [1 as UInt8], 1) == 1)
            let start = now()
            _ = capture.poll(timeout: Self.patience) { _, _ in }
            _ = capture.poll(timeout: Self.patience) { _, _ in }
            #expect(now() - start < Self.patience)
            var byte: UInt8 = 0
            #expect(read(news[0], &byte, 1) == 1)
            let quiet = now()
            _ = capture.poll(timeout: .milliseconds(50)) { _, _ in }
            #expect(now() - quiet >= .milliseconds(50))
        }
    }

    @Test func aQuietWaitEndsAtItsTimeout() throws {
        try inNamespace { network in
            try network.run("ip link set lo up")
            var capture = try LiveCapture(Self.settings())
            try capture.open("lo")
            let start = now()
            #expect(capture.poll(timeout: .milliseconds(30)) { _, _ in }.isEmpty)
            #expect(now() - start >= .milliseconds(29))
            #expect(capture.observedUntil < now() && capture.observedUntil > start - .seconds(1))
        }
    }

    @Test func refusesWhatCannotBeCaptured() throws {
        try inNamespace { network in
            var capture = try LiveCapture(Self.settings())
            #expect(throws: CaptureError.interface("wb-none", .missing)) { try capture.open("wb-none") }
            #expect(throws: CaptureError.interface("lo", .down)) { try capture.open("lo") }
            try network.run("ip link set lo up")
            var filtered = try LiveCapture(Self.settings("tcp porf 1"))
            let error = #expect(throws: CaptureError.self) { try filtered.open("lo") }
            #expect(String(describing: error).contains("tcp porf 1"))
            #expect(capture.statistics().isEmpty)
        }
    }
}

extension LiveCaptureTests {
    /// libpcap's pseudo-interface for netfilter's log, whose frames are not of a network.
    @Test(
        .enabled(
            if: access("/proc/net/netfilter/nfnetlink_log", F_OK) == 0, "this kernel has no nfnetlink_log loaded"))
    func refusesOtherLinkTypes() throws {
        try inNamespace { _ in
            var capture = try LiveCapture(Self.settings())
            #expect(throws: CaptureError.unsupportedLinkType(source: "nflog", number: 239)) {
                try capture.open("nflog")
            }
        }
    }
}

// MARK: - The namespace

/// A frame as the tests look at it.
struct SeenFrame: Equatable {
    let time: Timestamp
    let length: Int
    let wireLength: Int
    let lastByte: UInt8
    let interface: InterfaceID
    let linkType: LinkType
}

/// Polls until `count` frames came, or patience ends.
func receive(_ count: Int, from capture: inout LiveCapture) -> [SeenFrame] {
    var frames: [SeenFrame] = []
    let end = now() + LiveCaptureTests.patience
    while frames.count < count, now() < end {
        _ = capture.poll(timeout: .milliseconds(200)) { bytes, info in
            frames.append(
                SeenFrame(
                    time: info.time, length: bytes.byteCount, wireLength: info.wireLength,
                    lastByte: bytes.unsafeLoad(fromByteOffset: bytes.byteCount - 1, as: UInt8.self),
                    interface: info.interface, linkType: info.linkType))
        }
    }
    return frames
}

func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
}

/// Runs `body` in a network namespace of its own: the calling thread's, for the time of the call. `body` does not
/// suspend, so it stays on that thread.
func inNamespace(_ body: (borrowing TestNetwork) throws -> Void) throws {
    let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
    guard home >= 0 else { throw SystemError() }
    defer { close(home) }
    // CLONE_NEWNET; both functions are GNU extensions, which the Glibc module leaves out.
    guard let unshare = symbol("unshare", as: (@convention(c) (CInt) -> CInt).self), unshare(0x4000_0000) == 0,
        let setns = symbol("setns", as: (@convention(c) (CInt, CInt) -> CInt).self)
    else { throw SystemError() }
    defer { if setns(home, 0) != 0 { Issue.record("the thread cannot go back to its namespace: \(errno)") } }
    try body(TestNetwork())
}

private func symbol<Function>(_ name: String, as type: Function.Type) -> Function? {
    dlsym(nil, name).map { unsafeBitCast($0, to: type) }
}

struct CommandError: Error { let command: String }

/// The namespace of the calling thread.
struct TestNetwork: ~Copyable {
    private let sender = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)

    deinit { close(sender) }

    /// Runs a command in it: children start where the thread that forks is.
    func run(_ command: String) throws {
        guard system(command) == 0 else { throw CommandError(command: command) }
    }

    /// A cable from `wb-a`, 192.0.2.1, to `wb-b`, where 192.0.2.2 is said to be.
    func cable() throws {
        try run("ip link add wb-a type veth peer name wb-b && ip addr add 192.0.2.1/24 dev wb-a")
        try plugIn()
    }

    /// Brings both ends up, and waits until the kernel lets frames through: it may take its time to see the carrier.
    func plugIn() throws {
        try run("ip link set wb-b up && ip link set wb-a up")
        try run("ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:02 dev wb-a")
        try run("timeout 10 sh -c 'until ip link show wb-a | grep -q \"state UP\"; do sleep 0.02; done'")
    }

    /// Sends a datagram of `size` bytes, each of which is `size` too, to UDP port 45454.
    func send(size: Int, to address: String) throws {
        let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: size), count: size)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(45454).bigEndian
        target.sin_addr.s_addr = inet_addr(address)
        let sent = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(sender, bytes, size, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard sent == size else { throw SystemError() }
    }
}
