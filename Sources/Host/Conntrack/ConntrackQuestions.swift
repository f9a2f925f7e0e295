import Model

/// Requests that somebody wants to know the translation of, until conntrack's events have told or their time is over.
///
/// A question may come a little before the event that answers it. At most ``capacity`` wait; the oldest goes first,
/// unanswered.
struct ConntrackQuestions {
    private var waiting: [Waiting] = []
    private var nextLook = Timestamp.distantPast
    /// The latest ones, which nobody has looked up yet.
    private var fresh = 0
    private var peak = 0
    private var dropped: UInt64 = 0

    private struct Waiting {
        var tuple: FlowTuple
        var since: Timestamp
    }

    private static let capacity = 1 << 13
    /// The kernel tells of an entry before its packet leaves, or a moment after it came (nf_conntrack_confirm); when none
    /// of its news was lost, one that has not come by then does not come.
    private static let patience = TimeSpan.milliseconds(200)
    private static let lookInterval = TimeSpan.milliseconds(50)

    var summary: TableSummary {
        TableSummary(
            name: "conntrack_questions", count: waiting.count, peak: peak, capacity: Self.capacity, evictions: dropped)
    }

    /// When to look again, though no event may come.
    var due: Timestamp? { waiting.isEmpty ? nil : fresh > 0 ? .distantPast : nextLook }

    mutating func take(_ questions: [HostQuestion], at now: Timestamp) {
        for question in questions { waiting.append(Waiting(tuple: question.tuple, since: now)) }
        let excess = waiting.count - Self.capacity
        if excess > 0 {
            waiting.removeFirst(excess)
            dropped &+= UInt64(excess)
        }
        peak = max(peak, waiting.count)
        fresh = min(waiting.count, fresh + questions.count)
    }

    /// What is known by now. Nothing is said while a dump is under way.
    ///
    /// New questions are looked up at once, the others now and then: where nothing is tracked all of them wait for the
    /// whole of their time.
    mutating func answers<Socket>(
        at now: Timestamp, _ watcher: ConntrackWatcher<Socket>?
    ) -> [Fact] where Socket: ~Copyable {
        guard !waiting.isEmpty, let watcher, watcher.isSynchronised else { return [] }
        let isDue = now >= nextLook || now < nextLook - .seconds(1)
        guard isDue || fresh > 0 else { return [] }
        let first = isDue ? 0 : waiting.count - fresh
        if isDue { nextLook = now + Self.lookInterval }
        fresh = 0
        var facts: [Fact] = []
        var open: [Waiting] = []
        let table = watcher.table
        for question in waiting[first...] {
            if let (entry, isAmbiguous) = table.entry(of: question.tuple) {
                if !isAmbiguous { facts.append(Fact(time: now, body: Self.body(entry, question.tuple))) }
            } else if now - question.since <= Self.patience {
                open.append(question)
            } else if table.refused == 0 {
                // With entries that found no place in the table, absence says nothing.
                facts.append(Fact(time: now, body: .untranslated(question.tuple, .untracked)))
            }
        }
        waiting.replaceSubrange(first..., with: open)
        return facts
    }

    private static func body(_ entry: ConntrackEntry, _ tuple: FlowTuple) -> Fact.Body {
        entry.isTranslated ? .translation(Translation(entry)) : .untranslated(tuple, .untouched)
    }
}
