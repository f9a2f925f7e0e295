package import Model
package import Store
import Synchronization

/// Where finished records and changed requests arrive: it keeps the one and hands both to those who follow.
///
/// The calls of the capturing side return at once and never wait for a reader: a lock is held for as long as it takes
/// to keep a batch, and readers hold it for short slices only.
package final class RecordHub: Sendable {
    let followers = Followers()
    private let memory: Memory
    /// Takes to disk what is kept here, and beyond; `nil` when nothing goes to disk.
    package let keeper: HistoryKeeper?
    /// How the requests went that came to it; `nil` when nothing goes to disk.
    let tally: RequestTally?

    /// Shared with the keeper, which tells it what there is on disk.
    private final class Memory: Sendable {
        let store: Mutex<LifecycleStore>

        init(_ store: LifecycleStore) { self.store = Mutex(store) }
    }

    /// - Parameters:
    ///   - history: where records go on disk; `nil` keeps them in memory alone.
    ///   - clock: what time it is.
    package init(
        _ limits: LifecycleStore.Limits = LifecycleStore.Limits(), history: HistoryKeeper.Settings? = nil,
        clock: @escaping @Sendable () -> Timestamp = { Timestamp(nanoseconds: 0) },
        onHistory: @escaping @Sendable (HistoryNotice) -> Void = { _ in }
    ) {
        // Higher than any place that an earlier run gave: they gave theirs from an earlier time on, and no more than one
        // in a nanosecond.
        let memory = Memory(
            LifecycleStore(limits: limits, firstSerial: history == nil ? 0 : UInt64(max(clock().nanoseconds, 0))))
        self.memory = memory
        guard let history else {
            keeper = nil
            tally = nil
            return
        }
        let (queue, encoding) = (HistoryQueue(), HistoryEncoding())
        tally = encoding.tally
        keeper = HistoryKeeper(
            history, queue: queue,
            HistoryKeeper.Surroundings(
                wall: clock, encode: { encoding.row($0) },
                onOpen: { latest, serials in
                    memory.store.withLock { store in
                        for moved in store.continueAfter(latest, serials) { queue.shift(moved.kind, by: moved.by) }
                    }
                }, onNotice: onHistory))
    }

    /// Keeps records that are complete, and tells the followers of the requests among them.
    package func finished(_ records: [Record]) {
        memory.store.withLock { store in
            guard let keeper else {
                for record in records { store.keep(record) }
                return
            }
            // Under the same lock: their places may be moved.
            keeper.queue.append(records.map { HistoryQueue.Entry(record: $0, serial: store.keep($0)) })
        }
        guard followers.areThere else { return }
        followers.tell(
            records.compactMap { record in
                switch record {
                case .request(let lifecycle): lifecycle
                case .lookup, .neighbour, .lease, .icmpError: nil
                }
            })
    }

    /// Tells the followers of requests that changed and go on.
    package func changed(_ requests: [Lifecycle]) { followers.tell(requests) }

    package func read<Answer: Sendable>(_ body: (borrowing LifecycleStore) -> Answer) -> Answer {
        memory.store.withLock { body($0) }
    }
}
