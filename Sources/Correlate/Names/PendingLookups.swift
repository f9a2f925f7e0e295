import Decode
import Model

/// Questions that wait for their answer: when there is no room for another, the oldest goes first.
struct PendingLookups: ~Copyable {
    private var questions: Slab<Question>
    private var index = HashIndex()
    private let capacity: Int
    private var free: UInt32 = 0
    private var highWater = 1
    private var order: ArrivalQueue
    private var lastSerial: UInt32 = 0
    /// Names too long for their slot, or that are not written as they are read.
    private var longNames: [Int: String] = [:]
    /// What questions say by EDNS, where records are kept.
    private var edns: [Int: EDNS] = [:]
    private(set) var peak = 0
    private(set) var evictions: UInt64 = 0

    /// One question: which exchange asked what, when, and how often.
    struct Question: BitwiseCopyable {
        var nameHash: UInt64 = 0
        var queried: Int64 = 0
        var lastQueried: Int64 = 0
        var flow: UInt32 = 0
        var generation: UInt32 = 0
        var hash: UInt32 = 0
        /// The questions that the same exchange asked before and after this one and that wait as well, 0 for none.
        var previous: UInt32 = 0
        var next: UInt32 = 0
        /// Tells it from others that had the same slot.
        var serial: UInt32 = 0
        var retries: UInt32 = 0
        var id: UInt16 = 0
        var type: UInt16 = 0
        var flags = DNSFlags()
        var kind = LookupKind.dns
        /// Whether it was sent by the side that is the request's server.
        var isOfServer = false
        var isPending = false
        /// Empty when the name is among the long ones.
        var name = ShortName()
    }

    init(capacity: Int) {
        self.capacity = max(1, min(capacity, 1 << 28))
        // Slot 0 is no slot.
        questions = Slab(capacity: self.capacity + 1)
        order = ArrivalQueue(capacity: self.capacity)
    }

    var count: Int { index.count }
    var summary: TableSummary {
        TableSummary(name: "lookups", count: count, peak: peak, capacity: capacity, evictions: evictions)
    }

    subscript(slot: Int) -> Question { questions[slot] }

    @inline(__always)
    static func hash(_ nameHash: UInt64, flow: Int, id: UInt16, type: UInt16) -> UInt32 {
        UInt32(
            truncatingIfNeeded: SeededHash.mix(
                nameHash ^ UInt64(truncatingIfNeeded: flow), UInt64(id) << 16 | UInt64(type) | 1 << 40))
    }

    func find(_ hash: UInt32, nameHash: UInt64, flow: Int, generation: UInt32, id: UInt16, type: UInt16) -> Int? {
        index.find(hash) {
            questions[$0].nameHash == nameHash && Int(questions[$0].flow) == flow
                && questions[$0].generation == generation && questions[$0].id == id && questions[$0].type == type
        }
    }

    /// The question with this hash that `matches`.
    func find(_ hash: UInt32, where matches: (Question) -> Bool) -> Int? { index.find(hash) { matches(questions[$0]) } }

    /// Questions with this hash, counted up to `limit`.
    func count(_ hash: UInt32, limit: Int) -> Int {
        var count = 0
        _ = index.find(hash) { _ in
            count += 1
            return count >= limit
        }
        return count
    }

    mutating func setName(_ name: String, of slot: Int) { longNames[slot] = name }
    mutating func setEDNS(_ edns: EDNS, of slot: Int) { self.edns[slot] = edns }
    func edns(of slot: Int) -> EDNS? { edns[slot] }

    mutating func noteRetry(_ slot: Int, at time: Int64) {
        questions[slot].retries &+= 1
        questions[slot].lastQueried = time
    }

    /// Whether ``insert(_:name:)`` would first have to give up the oldest question.
    var isFull: Bool { index.count == capacity }

    /// The oldest question's slot when it is over or `isOver` says so; those answered meanwhile are passed over.
    mutating func oldest(where isOver: (Question) -> Bool) -> Int? {
        while let entry = order.first {
            if isPending(entry) { return isOver(questions[Int(entry.slot)]) ? Int(entry.slot) : nil }
            order.removeFirst()
        }
        return nil
    }

    private func isPending(_ entry: ArrivalQueue.Entry) -> Bool {
        let question = questions[Int(entry.slot)]
        return question.isPending && question.serial == entry.serial
    }

    /// Clears the order of questions that are over.
    private mutating func clearOrder() {
        for _ in 0..<order.count {
            if let entry = order.removeFirst(), isPending(entry) { order.append(entry) }
        }
        order.growIfCrowded()
    }

    mutating func noteEviction() { evictions &+= 1 }

    /// Keeps a question with its name and returns its slot; there must be room.
    mutating func insert(_ question: Question, name: borrowing DNSName) -> Int {
        let slot: Int
        if free != 0 {
            slot = Int(free)
            free = questions[slot].next
        } else {
            slot = highWater
            highWater += 1
        }
        if order.wantsClearing { clearOrder() }
        lastSerial &+= 1
        order.append(ArrivalQueue.Entry(serial: lastSerial, slot: UInt32(truncatingIfNeeded: slot)))
        var stored = question
        stored.isPending = true
        stored.serial = lastSerial
        if question.previous != 0 { questions[Int(question.previous)].next = UInt32(truncatingIfNeeded: slot) }
        if let short = ShortName(name) {
            stored.name = short
        } else {
            longNames[slot] = name.text
        }
        questions[slot] = stored
        index.insert(question.hash, slot: slot)
        peak = max(peak, index.count)
        return slot
    }

    /// Takes a question out, answered or given up.
    mutating func remove(_ slot: Int) {
        let question = questions[slot]
        index.remove(question.hash, slot: slot)
        if question.previous != 0 { questions[Int(question.previous)].next = question.next }
        if question.next != 0 { questions[Int(question.next)].previous = question.previous }
        questions[slot].isPending = false
        questions[slot].next = free
        free = UInt32(truncatingIfNeeded: slot)
        if !longNames.isEmpty { longNames[slot] = nil }
        if !edns.isEmpty { edns[slot] = nil }
    }

    /// The name asked for, in presentation form.
    func name(_ slot: Int) -> String { longNames[slot] ?? questions[slot].name.text ?? "." }

    /// The pending questions, the newest first, at most `count`.
    func newest(_ count: Int) -> [Int] {
        var found: [Int] = []
        for position in stride(from: order.count - 1, through: 0, by: -1) where found.count < count {
            if isPending(order[position]) { found.append(Int(order[position].slot)) }
        }
        return found
    }

    /// The pending questions of the exchange whose latest one is `newest`, the newest first.
    func slots(newest: UInt32, limit: Int = .max) -> [Int] {
        var found: [Int] = []
        var slot = newest
        while slot != 0 && found.count < limit {
            found.append(Int(slot))
            slot = questions[Int(slot)].previous
        }
        return found
    }
}
