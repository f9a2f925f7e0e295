/// Slots of a table in the order in which their records came, so that the oldest of some kind is found at once.
///
/// A record that is over, or no longer of the kind, stays until it is at the head, or until the queue is full and its
/// owner clears it: only the owner can tell. The queue grows with what waits in it, so that a table of which little is
/// used takes little memory, and to twice the table's records at most, so that clearing is rare.
struct ArrivalQueue: ~Copyable {
    /// A slot, and a number that tells its record from those that had the slot before.
    struct Entry: BitwiseCopyable {
        var serial: UInt32
        var slot: UInt32
    }

    /// A ring whose size is a power of two.
    private var entries: Slab<Entry>
    private var head = 0
    private(set) var count = 0
    /// The ring grows to this size at most.
    private let largest: Int

    /// - Parameter capacity: of the table; no more records than this wait at once.
    init(capacity: Int) {
        var size = 16
        while size < capacity &* 2 { size <<= 1 }
        largest = size
        entries = Slab(capacity: min(size, 512))
    }

    /// Entries by age, the oldest at 0.
    subscript(position: Int) -> Entry { entries[(head &+ position) & (entries.capacity &- 1)] }

    var first: Entry? { count == 0 ? nil : self[0] }

    /// Time to take everything out once, to append again what still waits, and to say ``growIfCrowded()``.
    var wantsClearing: Bool { count == entries.capacity }

    /// Adds the newest. When more wait than the table has records, the oldest is forgotten.
    mutating func append(_ entry: Entry) {
        if count == entries.capacity { removeFirst() }
        entries[(head &+ count) & (entries.capacity &- 1)] = entry
        count &+= 1
    }

    /// Takes the oldest out.
    @discardableResult
    mutating func removeFirst() -> Entry? {
        guard count > 0 else { return nil }
        let entry = self[0]
        head = (head &+ 1) & (entries.capacity &- 1)
        count &-= 1
        return entry
    }

    /// Doubles when clearing left more than half: the next one would come too soon.
    mutating func growIfCrowded() {
        guard count &* 2 > entries.capacity, entries.capacity < largest else { return }
        var larger = Slab<Entry>(capacity: entries.capacity &* 2)
        for position in 0..<count { larger[position] = self[position] }
        entries = larger
        head = 0
    }
}
