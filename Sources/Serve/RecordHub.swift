package import Model
package import Store
import Synchronization

/// Where finished records and changed requests arrive: it keeps the one and hands both to those who follow.
///
/// The calls of the capturing side return at once and never wait for a reader: a lock is held for as long as it takes
/// to keep a batch, and readers hold it for short slices only.
package final class RecordHub: Sendable {
    let followers = Followers()
    private let store: Mutex<LifecycleStore>

    package init(_ limits: LifecycleStore.Limits = LifecycleStore.Limits()) {
        store = Mutex(LifecycleStore(limits: limits))
    }

    /// Keeps records that are complete, and tells the followers of the requests among them.
    package func finished(_ records: [Record]) {
        store.withLock { store in for record in records { store.keep(record) } }
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
        store.withLock { body($0) }
    }
}
