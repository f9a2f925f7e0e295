import Model

/// Requests that somebody wants to know the translation of, until conntrack's events have told or their time is over.
///
/// A question may come a little before the event that answers it. At most ``capacity`` wait; the oldest goes first,
/// unanswered. Where the table could not take in all entries, the kernel is asked for the single one: when the question
/// comes and, if there is none yet, when its time is over; no more often than ``budget`` allows.
struct ConntrackQuestions {
    private var waiting: [Waiting] = []
    private var nextLook = Timestamp.distantPast
    /// The latest ones, which nobody has looked up yet.
    private var fresh = 0
    private var peak = 0
    private var dropped: UInt64 = 0
    /// What the kernel is asked: each costs some microseconds of the thread's time.
    private var budget = TokenBucket(burst: 500, perSecond: 500)

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
    ///
    /// - Parameter ask: the kernel, for one entry.
    mutating func answers<Socket>(
        at now: Timestamp, _ watcher: ConntrackWatcher<Socket>?, ask: (FlowTuple) -> ConntrackAnswer
    ) -> [Fact] where Socket: ~Copyable {
        guard !waiting.isEmpty, let watcher, watcher.isSynchronised else { return [] }
        let isDue = now >= nextLook || now < nextLook - .seconds(1)
        guard isDue || fresh > 0 else { return [] }
        let firstFresh = waiting.count - fresh
        let first = isDue ? 0 : firstFresh
        if isDue { nextLook = now + Self.lookInterval }
        fresh = 0
        var facts: [Fact] = []
        var open: [Waiting] = []
        for index in first..<waiting.count {
            let question = waiting[index]
            if let (entry, isAmbiguous) = watcher.table.entry(of: question.tuple) {
                if !isAmbiguous { facts.append(Fact(time: now, body: Self.body(entry, question.tuple))) }
                continue
            }
            let isLate = now - question.since > Self.patience
            var answer = ConntrackAnswer.none
            if !watcher.table.isComplete {
                answer = isLate || index >= firstFresh ? single(question.tuple, watcher.table, at: now, ask) : .unknown
            }
            switch answer {
            case .entry(let entry): facts.append(Fact(time: now, body: Self.body(entry, question.tuple)))
            case .none, .unknown:
                if !isLate {
                    open.append(question)
                } else if answer == .none {
                    facts.append(Fact(time: now, body: .untranslated(question.tuple, .untracked)))
                } else {
                    dropped &+= 1
                }
            }
        }
        waiting.replaceSubrange(first..., with: open)
        return facts
    }

    /// The kernel's answer, if it may be asked: it is for entries of no zone alone.
    private mutating func single(
        _ tuple: FlowTuple, _ table: ConntrackTable, at now: Timestamp, _ ask: (FlowTuple) -> ConntrackAnswer
    ) -> ConntrackAnswer {
        !table.hasZones && budget.take(at: now) ? ask(tuple) : .unknown
    }

    private static func body(_ entry: ConntrackEntry, _ tuple: FlowTuple) -> Fact.Body {
        entry.isTranslated ? .translation(Translation(entry)) : .untranslated(tuple, .untouched)
    }
}
