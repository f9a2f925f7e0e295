import CPcap
import Glibc
import Model

/// One interface that is being captured: its handle, and the one frame that was read ahead of the others' turn.
///
/// A frame that libpcap hands over lies in the ring, in a block that may go back to the kernel when the callback
/// returns. A frame whose turn has not come is therefore copied, once, into a buffer made when the interface was opened.
@safe final class OpenInterface {
    let name: String
    let id: InterfaceID
    let linkType: LinkType
    let descriptor: CInt
    let warning: String?
    private var handle: PcapHandle
    private let kernelIndex: UInt32

    /// May have frames in its ring. Otherwise it had none at ``emptyAt``.
    var isReady = true
    var emptyAt = Timestamp.distantPast

    private let holdBuffer: UnsafeMutableRawPointer
    private let holdCapacity: Int
    private var heldCount = 0
    /// The frame read ahead.
    private(set) var held: FrameInfo?
    /// When it was read, by the monotonic clock.
    private(set) var heldSince = TimeSpan.zero

    private(set) var delivered: UInt64 = 0
    private(set) var cut: UInt64 = 0
    var deliveredEarly: UInt64 = 0
    private var pressure: RingPressure
    private var counters = (received: WrappingCounter(), dropped: WrappingCounter(), interface: WrappingCounter())
    private let knowsInterfaceDrops: Bool
    private var knowsCounters = false

    init(_ name: String, id: InterfaceID, settings: LiveSettings) throws(CaptureError) {
        var handle = try PcapHandle(interface: name)
        // Before activation: an interface replaced in between is then noticed rather than taken for the old one.
        kernelIndex = unsafe if_nametoindex(name)
        try handle.activate(settings)
        self.name = name
        self.id = id
        linkType = handle.linkType
        descriptor = handle.descriptor
        warning = handle.warning
        // libpcap may put a stripped VLAN tag back in, which the snap length does not count.
        holdCapacity = settings.snapLength + 4
        unsafe holdBuffer = .allocate(byteCount: holdCapacity, alignment: 16)
        pressure = RingPressure(bufferSize: settings.bufferSize)
        // Linux keeps them in sysfs, and libpcap reads that file for promiscuous handles alone (pcap-linux.c).
        knowsInterfaceDrops =
            unsafe settings.promiscuous && access("/sys/class/net/\(name)/statistics/rx_missed_errors", R_OK) == 0
        self.handle = handle
    }

    deinit { unsafe holdBuffer.deallocate() }

    /// Lends frames straight from the ring while their time is not after `bound`, and reads one frame too many at most:
    /// it is held. To be called with no frame held.
    ///
    /// - Returns: how many frames were lent, and libpcap's words if the capture failed.
    func lend(until bound: Timestamp, limit: Int, _ body: (RawSpan, FrameInfo) -> Void) -> (
        count: Int, failure: String?
    ) {
        var count = 0
        let outcome = handle.dispatch(limit: limit) { frame, time, wireLength in
            let info = FrameInfo(time: time, wireLength: wireLength, interface: id, linkType: linkType)
            pressure.saw(frame.byteCount)
            if frame.byteCount < wireLength { cut &+= 1 }
            guard time <= bound else {
                hold(frame, info)
                return false
            }
            count &+= 1
            body(frame, info)
            return true
        }
        delivered &+= UInt64(truncatingIfNeeded: count)
        switch outcome {
        case .drained: isReady = false
        case .stopped: isReady = true
        case .failed(let reason): return (count, reason)
        }
        return (count, nil)
    }

    private func hold(_ frame: RawSpan, _ info: FrameInfo) {
        heldCount = min(frame.byteCount, holdCapacity)
        unsafe frame.withUnsafeBytes { bytes in
            let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<heldCount])
            unsafe UnsafeMutableRawBufferPointer(start: holdBuffer, count: holdCapacity).copyMemory(from: part)
        }
        held = info
        heldSince = Clock.monotonic()
    }

    /// Lends the held frame.
    func lendHeld(_ body: (RawSpan, FrameInfo) -> Void) {
        guard let info = held else { return }
        held = nil
        delivered &+= 1
        body(unsafe RawSpan(_unsafeStart: holdBuffer, byteCount: heldCount), info)
    }

    /// Whether waiting any longer for other interfaces risks that the ring fills.
    func isUnderPressure(now: Timestamp) -> Bool {
        guard let held else { return false }
        let time = Clock.monotonic()
        if pressure.wantsSample(at: time) {
            readCounters()
            pressure.sample(received: counters.received.total, at: time)
        }
        return pressure.isHigh(backlog: now - held.time)
    }

    /// How long a wait may last while a frame is held back and the ring fills behind it.
    var nextLook: TimeSpan { pressure.nextLook }

    /// What a pending error of the socket means: `nil` when the interface is there and up, as after a short flap.
    func failureAfterSocketError() -> String? {
        var error: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        // Reading the error clears it; left there, it would end every wait at once.
        _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        let index = unsafe if_nametoindex(name)
        // Both are 0 for libpcap's pseudo-interfaces, such as "any".
        if index == 0, kernelIndex != 0 { return "the interface disappeared" }
        if index != kernelIndex { return "the interface was replaced by another one of that name" }
        let flags = unsafe wb_interface_flags(descriptor, name)
        if flags >= 0, flags & CInt(IFF_UP) == 0 { return "the interface went down" }
        return error == 0 || error == ENETDOWN ? nil : systemMessage(error)
    }

    /// Whether the name still means the interface that was opened.
    var isCurrent: Bool { unsafe if_nametoindex(name) == kernelIndex }

    private func readCounters() {
        guard let now = handle.statistics() else { return }
        counters.received.update(now.received)
        counters.dropped.update(now.dropped)
        counters.interface.update(now.droppedByInterface)
        knowsCounters = true
    }

    /// Adds this opening's counters to those of earlier ones.
    func add(to sum: inout InterfaceStatistics) {
        readCounters()
        sum.linkType = linkType
        if knowsCounters {
            sum.received = (sum.received ?? 0) &+ counters.received.total
            sum.droppedByKernel = (sum.droppedByKernel ?? 0) &+ counters.dropped.total
        }
        if knowsCounters && knowsInterfaceDrops {
            sum.droppedByInterface = (sum.droppedByInterface ?? 0) &+ counters.interface.total
        }
        sum.delivered &+= delivered
        sum.cut &+= cut
        sum.deliveredEarly &+= deliveredEarly
    }
}

/// A counter of libpcap, which has 32 bits, carried on in 64. Right as long as it is read once every 2³² counts.
struct WrappingCounter {
    private(set) var total: UInt64 = 0
    private var last: UInt32 = 0

    mutating func update(_ value: UInt32) {
        total &+= UInt64(value &- last)
        last = value
    }
}

/// Estimates how full a ring is, which libpcap does not tell: the frames' rate in the kernel times the age of the oldest
/// frame not yet lent.
struct RingPressure {
    /// What the ring adds to a frame: its header, the link-level address and alignment.
    private static let overhead = 112
    private static let sampleInterval = TimeSpan.milliseconds(1)
    /// Taken for the mean length of frames while it is less. After an hour of small frames a download begins with large
    /// ones, of which the first is seen when much of the ring is full; up to twice this length they fit.
    private static let leastMean = 1024.0

    private let bufferSize: Int
    /// Of the frames lately seen, in bytes; halved now and then, so that the mean follows what comes in.
    private var bytes: UInt64 = 0
    private var frames: UInt64 = 0
    private var lastReceived: UInt64 = 0
    private var lastSample = TimeSpan.zero
    private var framesPerSecond = 0.0
    /// The rate is of a short time just ago, not the mean of a long silence and a beginning burst.
    private var isFresh = false

    init(bufferSize: Int) { self.bufferSize = bufferSize }

    mutating func saw(_ byteCount: Int) {
        bytes &+= UInt64(truncatingIfNeeded: byteCount &+ Self.overhead)
        frames &+= 1
        if frames >= 4096 {
            bytes /= 2
            frames /= 2
        }
    }

    func wantsSample(at time: TimeSpan) -> Bool {
        time.nanoseconds &- lastSample.nanoseconds >= Self.sampleInterval.nanoseconds
    }

    mutating func sample(received: UInt64, at time: TimeSpan) {
        let elapsed = Double(time.nanoseconds &- lastSample.nanoseconds) / 1e9
        isFresh = elapsed < 0.1
        framesPerSecond = elapsed > 0 ? Double(received &- lastReceived) / elapsed : 0
        lastReceived = received
        lastSample = time
    }

    private var bytesPerSecond: Double {
        framesPerSecond * max(Self.leastMean, Double(bytes) / Double(max(frames, 1)))
    }

    /// Half of the ring leaves room for what arrives until the next look.
    func isHigh(backlog: TimeSpan) -> Bool {
        bytesPerSecond * Double(max(backlog.nanoseconds, 0)) / 1e9 > Double(bufferSize) / 2
    }

    /// How long the next look may wait: until an eighth of the ring has filled, and soon if the rate is not known.
    var nextLook: TimeSpan {
        guard isFresh else { return .milliseconds(1) }
        let nanoseconds = Double(bufferSize) / 8 / max(1, bytesPerSecond) * 1e9
        return TimeSpan(nanoseconds: Int64(min(max(nanoseconds, 1e6), 5e6)))
    }
}

/// The two clocks of live capture.
enum Clock {
    /// The kernel stamps frames with this one.
    static func realtime() -> Timestamp {
        Timestamp(nanoseconds: read(CLOCK_REALTIME).nanoseconds)
    }

    static func monotonic() -> TimeSpan { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> TimeSpan {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return TimeSpan(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}
