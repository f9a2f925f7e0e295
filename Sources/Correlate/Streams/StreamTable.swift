import Model

/// Streams by number; 0 is none. The bytes that they hold back have one cap over all of them, and each counts for
/// ``overhead`` bytes besides: many connections that send next to nothing take memory too.
struct StreamTable {
    private var streams = NumberedObjects<Stream>()
    private let capacity: Int
    private var heldBytes = 0
    private var peak = 0
    /// Connections that were given up for want of room.
    private(set) var evictions: UInt64 = 0

    /// Bytes that a stream takes by itself, its follower included, roughly.
    static let overhead = 1024

    init(capacity: Int) { self.capacity = max(0, capacity) }

    var summary: TableSummary {
        TableSummary(name: "stream_bytes", count: heldBytes, peak: peak, capacity: capacity, evictions: evictions)
    }

    subscript(_ number: UInt32) -> Stream? { streams[number] }

    mutating func insert(_ stream: Stream) -> UInt32 { streams.insert(stream) }

    mutating func remove(_ number: UInt32) {
        guard let stream = self[number] else { return }
        heldBytes -= stream.counted
        streams.remove(number)
    }

    /// Brings the total up to date with what `stream` holds now; `false` when that is more than there is room for.
    mutating func count(_ stream: Stream) -> Bool {
        let held = Self.overhead + stream.heldBytes
        guard held != stream.counted else { return true }
        heldBytes += held - stream.counted
        stream.counted = held
        guard heldBytes <= capacity else {
            evictions &+= 1
            return false
        }
        peak = max(peak, heldBytes)
        return true
    }
}
