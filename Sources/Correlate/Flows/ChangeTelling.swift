package import Model

// What live followers are told of requests that go on.

/// Failures that are not told yet: the client may go on to another address of the name, and then it is one try of several.
///
/// In the order in which they are due. At most ``capacity`` are held; more are told at once.
struct HeldChanges {
    private var entries: [Entry] = []

    static let capacity = 1024

    struct Entry {
        var slot: Int
        var generation: UInt32
        var due: Timestamp

        /// None is held for long: one that is due much later was noted before the clock was set back.
        func isDue(at now: Timestamp) -> Bool { due <= now || due - now > .seconds(1) }
    }

    /// Whether there is one that is due.
    func isDue(at now: Timestamp) -> Bool { entries.first?.isDue(at: now) ?? false }

    /// - Returns: whether there was room for it.
    mutating func hold(_ entry: Entry) -> Bool {
        if entries.contains(where: { $0.slot == entry.slot && $0.generation == entry.generation }) { return true }
        guard entries.count < Self.capacity else { return false }
        entries.append(entry)
        return true
    }

    mutating func takeDue(at now: Timestamp) -> [Entry] {
        let due = entries.prefix { $0.isDue(at: now) }
        entries.removeFirst(due.count)
        return Array(due)
    }

    mutating func forget(_ slot: Int) {
        if !entries.isEmpty { entries.removeAll { $0.slot == slot } }
    }
}

extension Correlator {
    /// A client that is refused goes on to the next address at once (RFC 8305 §5).
    private static let toldAfter = TimeSpan.milliseconds(100)

    package var hasChanged: Bool { !changed.isEmpty || held.isDue(at: now) }

    /// Remembers for live followers that a request came to a turn.
    @inline(__always)
    mutating func noteChange(_ slot: Int) {
        if notesChanges { changed.append((slot, flows.cold[slot].generation)) }
    }

    /// Requests that came to a turn since the last call, as they are now, each once, in the order of their turns. One that
    /// failed and may turn out to be one try of several comes a little later.
    package mutating func takeChanged() -> [Lifecycle] {
        var seen: Set<Int> = []
        var lifecycles: [Lifecycle] = []
        for entry in held.takeDue(at: now)
        where isOpen(entry.slot, entry.generation) && seen.insert(entry.slot).inserted {
            lifecycles.append(lifecycle(entry.slot))
        }
        for (slot, generation) in changed where isOpen(slot, generation) && seen.insert(slot).inserted {
            let lifecycle = lifecycle(slot)
            if let due = due(of: lifecycle), due > now,
                held.hold(HeldChanges.Entry(slot: slot, generation: generation, due: due))
            {
                continue
            }
            held.forget(slot)
            lifecycles.append(lifecycle)
        }
        changed.removeAll(keepingCapacity: true)
        return lifecycles
    }

    /// Whether the request that came to a turn still has its slot.
    private func isOpen(_ slot: Int, _ generation: UInt32) -> Bool {
        flows.cold[slot].generation == generation && !flows.hot[slot].isLeg
    }

    /// When a failure to connect to an address of a name may be told; `nil` where nothing else can follow.
    private func due(of lifecycle: Lifecycle) -> Timestamp? {
        guard lifecycle.transport == .tcp, lifecycle.attemptOf == nil, !lifecycle.names.isEmpty else { return nil }
        let stage = lifecycle.ownConnectStage
        guard stage.status == .failed, let start = stage.start, let duration = stage.duration else { return nil }
        // By the time at which it is noted: an error may have come from a clock of its own.
        return min(start + duration, now) + Self.toldAfter
    }
}
