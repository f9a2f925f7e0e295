import Model

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
