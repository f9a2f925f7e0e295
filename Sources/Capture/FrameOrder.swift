package import Model

/// Frames of several interfaces, as a capture file has them, put in the order of time.
///
///     order.append(file.frame, file.info)
///     while order.advance() { observe(order.frame, order.info) }
///     // at the end: order.finish(), and the same loop once more
///
/// A program that records several interfaces reads them block by block, so that their frames stand up to 0.2 s apart in the
/// file (dumpcap, libpcap 1.10), while the order of time decides which side of a translation was first. Frames are held until
/// one is seen that is ``window`` later; at most 65,536 of them, or 16 MiB and a frame: beyond that the older half goes, and
/// ``deliveredEarly`` counts them. What is much earlier than the frames before it begins anew, as a second capture that was
/// appended does.
package struct FrameOrder: ~Copyable, Sendable {
    static let window = TimeSpan.milliseconds(500)
    /// Twice that, so that one sorting serves many frames.
    private static let sortInterval = TimeSpan.seconds(1)
    private static let leap = TimeSpan.seconds(10)
    private static let frameCapacity = 1 << 16
    private static let byteCapacity = 16 << 20

    private var held: [Held] = []
    private var bytes: [UInt8] = []
    private var newest = Timestamp.distantPast
    private var epoch = 0
    private var serial: UInt64 = 0
    /// Of `held`, in order: those before it have been lent, those from it to `due` may be.
    private var next = 0
    private var due = 0
    private var current = Held(
        info: FrameInfo(
            time: Timestamp(nanoseconds: 0), wireLength: 0, interface: InterfaceID(0), linkType: .ethernet),
        epoch: 0, serial: 0, start: 0, count: 0)
    /// Frames lent before it was known that nothing earlier follows.
    package private(set) var deliveredEarly: UInt64 = 0
    private var peak = 0

    private struct Held: BitwiseCopyable {
        var info: FrameInfo
        /// Of those that began anew, which one.
        var epoch: Int
        var serial: UInt64
        var start: Int
        var count: Int
    }

    package init() {}

    /// Takes a copy of a frame; everything that is due must have been lent before.
    package mutating func append(_ frame: RawSpan, _ info: FrameInfo) {
        if next > 0 { dropLent() }
        if info.time < newest - Self.leap {
            epoch += 1
            newest = info.time
        }
        newest = max(newest, info.time)
        serial &+= 1
        held.append(
            Held(info: info, epoch: epoch, serial: serial, start: bytes.count, count: frame.byteCount))
        unsafe frame.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        peak = max(peak, held.count)
        let isFull = held.count >= Self.frameCapacity || bytes.count >= Self.byteCapacity
        guard isFull || held[0].epoch < epoch || newest - Self.sortInterval > held[0].info.time else { return }
        held.sort { ($0.epoch, $0.info.time, $0.serial) < ($1.epoch, $1.info.time, $1.serial) }
        let limit = newest - Self.window
        due = held.firstIndex { $0.epoch == epoch && $0.info.time > limit } ?? held.count
        guard isFull, due < held.count / 2 else { return }
        deliveredEarly &+= UInt64(held.count / 2 - due)
        due = held.count / 2
    }

    /// No frame will follow: all are due.
    package mutating func finish() {
        if next > 0 { dropLent() }
        held.sort { ($0.epoch, $0.info.time, $0.serial) < ($1.epoch, $1.info.time, $1.serial) }
        due = held.count
    }

    /// Goes to the next frame that is due.
    ///
    /// - Returns: `false` when there is none, for now.
    package mutating func advance() -> Bool {
        guard next < due else { return false }
        current = held[next]
        next += 1
        return true
    }

    /// The frame that `advance` went to, lent until it or `append` is called.
    package var frame: RawSpan {
        @_lifetime(borrow self)
        get {
            let all = unsafe bytes.span.bytes
            let frame = all.extracting(current.start..<current.start + current.count)
            return unsafe _overrideLifetime(frame, borrowing: self)
        }
    }

    /// What is known of it besides its bytes.
    package var info: FrameInfo { current.info }

    package var summary: TableSummary {
        TableSummary(
            name: "frame_order", count: held.count - next, peak: peak, capacity: Self.frameCapacity,
            evictions: deliveredEarly)
    }

    /// What is left moves to the front.
    private mutating func dropLent() {
        var left: [UInt8] = []
        left.reserveCapacity(bytes.count)
        held.removeFirst(next)
        for index in held.indices {
            let start = left.count
            left += bytes[held[index].start..<held[index].start + held[index].count]
            held[index].start = start
        }
        bytes = left
        (current.start, current.count) = (0, 0)
        due -= next
        next = 0
    }
}
