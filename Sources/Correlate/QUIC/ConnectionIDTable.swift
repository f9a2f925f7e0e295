import Decode
import Model

/// The connection ids of QUIC connections that were seen to agree on them, so that a packet from another address is
/// told to belong to one of them.
///
/// An id counts together with the address and port that it is sent to: who would move a connection must send to the
/// very same peer and know an id that only those on its path have seen. An id that two connections share at one
/// receiver (both sides of a NAT in one capture) moves neither. When the table is full, the oldest goes first.
struct ConnectionIDTable: ~Copyable {
    private var entries: Slab<Entry>
    private var index = HashIndex(minimumCapacity: 16)
    private let capacity: Int
    private let hash: SeededHash
    private var free: [UInt32] = []
    private var highWater: UInt32 = 1
    /// Ages: a list through the entries, 0 at its ends.
    private var oldest: UInt32 = 0
    private var newest: UInt32 = 0
    /// Entries by the length of their id: a short header does not say how long the id in it is.
    private var lengths = InlineArray<21, Int>(repeating: 0)
    private(set) var peak = 0
    private(set) var evictions: UInt64 = 0

    /// Shorter ones could be guessed.
    static let leastByteCount = 4

    struct Entry: BitwiseCopyable {
        var id: QUICConnectionID
        var receiver: Endpoint
        /// Whose id it is: that of the receiver's side.
        var party: Party
        /// The handshake is over: before that no side may move (RFC 9000 §9).
        var isConfirmed: Bool
        var isShared: Bool
        var slot: UInt32
        var generation: UInt32
        var hash: UInt32
        var older: UInt32
        var newer: UInt32
    }

    init(capacity: Int, hash: SeededHash) {
        self.capacity = max(1, min(capacity, 1 << 28))
        self.hash = hash
        entries = Slab(capacity: self.capacity + 1)
    }

    var isEmpty: Bool { index.count == 0 }

    var summary: TableSummary {
        TableSummary(
            name: "quic_connection_ids", count: index.count, peak: peak, capacity: capacity, evictions: evictions)
    }

    subscript(_ number: UInt32) -> Entry { entries[Int(number)] }

    private func hash(_ id: QUICConnectionID, _ receiver: Endpoint) -> UInt32 {
        let rest = UInt64(id.low) << 24 | UInt64(receiver.port) << 8 | UInt64(id.byteCount)
        let bytes = hash(id.high, id.middle) ^ hash(hash(receiver.address), rest)
        return UInt32(truncatingIfNeeded: SeededHash.mix(bytes, 0x9FB2_1C65_1E98_DF25))
    }

    private func find(_ id: QUICConnectionID, _ receiver: Endpoint, _ hash: UInt32) -> Int? {
        index.find(hash) { entries[$0].id == id && entries[$0].receiver == receiver }
    }

    /// Remembers that `receiver`, a side of the connection in `slot`, is called `id`.
    ///
    /// - Returns: the entry's number; 0 when the id is too short, or another connection has it already.
    mutating func remember(
        _ id: QUICConnectionID, of party: Party, at receiver: Endpoint, slot: Int, generation: UInt32
    ) -> UInt32 {
        guard Int(id.byteCount) >= Self.leastByteCount else { return 0 }
        let hash = hash(id, receiver)
        if let other = find(id, receiver, hash) {
            entries[other].isShared = true
            return 0
        }
        if free.isEmpty && highWater > capacity {
            evictions &+= 1
            remove(oldest)
        }
        let number = free.popLast() ?? highWater
        if number == highWater { highWater &+= 1 }
        entries[Int(number)] = Entry(
            id: id, receiver: receiver, party: party, isConfirmed: false, isShared: false,
            slot: UInt32(truncatingIfNeeded: slot), generation: generation, hash: hash, older: newest, newer: 0)
        if newest != 0 { entries[Int(newest)].newer = number } else { oldest = number }
        newest = number
        index.insert(hash, slot: Int(number))
        lengths[Int(id.byteCount)] &+= 1
        peak = max(peak, index.count)
        return number
    }

    /// From now on the id tells that its connection moved.
    mutating func confirm(_ number: UInt32, slot: Int, generation: UInt32) {
        if isOf(number, slot, generation) { entries[Int(number)].isConfirmed = true }
    }

    mutating func release(_ number: UInt32, slot: Int, generation: UInt32) {
        if isOf(number, slot, generation) { remove(number) }
    }

    /// The entry may have been dropped, and its place taken by another.
    private func isOf(_ number: UInt32, _ slot: Int, _ generation: UInt32) -> Bool {
        number != 0 && Int(entries[Int(number)].slot) == slot && entries[Int(number)].generation == generation
    }

    private mutating func remove(_ number: UInt32) {
        let entry = entries[Int(number)]
        index.remove(entry.hash, slot: Int(number))
        lengths[Int(entry.id.byteCount)] &-= 1
        if entry.older != 0 { entries[Int(entry.older)].newer = entry.newer } else { oldest = entry.newer }
        if entry.newer != 0 { entries[Int(entry.newer)].older = entry.older } else { newest = entry.older }
        entries[Int(number)].generation = 0
        free.append(number)
    }

    /// The connection whose id stands in the short header at the start of `datagram`, sent to `receiver`.
    func find(shortHeaderOf datagram: RawSpan, to receiver: Endpoint) -> Entry? {
        for length in Self.leastByteCount...QUICConnectionID.capacity where lengths[length] > 0 {
            guard let id = QUICShortHeader.destination(of: datagram, byteCount: length) else { return nil }
            if let number = find(id, receiver, hash(id, receiver)) {
                let entry = entries[number]
                return entry.isConfirmed && !entry.isShared ? entry : nil
            }
        }
        return nil
    }
}
