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

    /// Of the last frame read: what was before it has been lent, or is the held frame.
    private(set) var lastTime = Timestamp.distantPast

    private let holdBuffer: UnsafeMutableRawPointer
    private let holdCapacity: Int
    private var heldCount = 0
    /// The frame read ahead.
    private(set) var held: FrameInfo?
    /// When it was read, by the monotonic clock.
    private(set) var heldSince = TimeSpan.zero

    private(set) var delivered: UInt64 = 0
    private(set) var cut: UInt64 = 0
    private(set) var bytes: UInt64 = 0
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
            bytes &+= UInt64(truncatingIfNeeded: wireLength)
            lastTime = time
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

    /// What a pending error of the socket means: `nil` when the interface is there. One that is down has no frames, and the
    /// socket has them again as soon as it is up (packet_notifier, net/packet/af_packet.c): closing it would lose the first.
    func failureAfterSocketError() -> String? {
        var error: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        // Reading the error clears it; left there, it would end every wait at once.
        _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        let index = unsafe if_nametoindex(name)
        // Both are 0 for libpcap's pseudo-interfaces, such as "any".
        if index == 0, kernelIndex != 0 { return "the interface disappeared" }
        if index != kernelIndex { return "the interface was replaced by another one of that name" }
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

    func setFilter(_ filter: String?) throws(CaptureError) { try handle.setFilter(filter) }

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
        sum.bytes &+= bytes
        sum.deliveredEarly &+= deliveredEarly
    }
}
