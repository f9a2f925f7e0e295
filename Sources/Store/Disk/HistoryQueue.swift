import DequeModule
package import Model
import Synchronization

/// Records on their way to disk. Whoever brings them never waits: a full queue drops, and counts what it dropped.
///
/// A request that nobody answered is worth less than any other record, and floods consist of such: they have a quarter
/// of the room at most, and go first.
package final class HistoryQueue: Sendable {
    /// One record and where it stands in its list; requests have their own key.
    package struct Entry: Sendable {
        package var record: Record
        package var serial: UInt64

        package init(record: Record, serial: UInt64 = 0) {
            self.record = record
            self.serial = serial
        }

        /// `S0` and no more.
        var isUnanswered: Bool {
            if case .request(let lifecycle) = record { lifecycle.connectionState == .attempted } else { false }
        }
    }

    private struct State {
        var unanswered: Deque<Entry> = []
        var others: Deque<Entry> = []
        var peak = 0
        var lost = Lost()

        var count: Int { unanswered.count + others.count }
    }

    /// Records that never came to disk.
    package struct Lost: Sendable, Equatable {
        /// Requests without an answer, for want of room.
        package var unanswered: UInt64 = 0
        /// All others.
        package var others: UInt64 = 0

        package var all: UInt64 { unanswered &+ others }
    }

    package let capacity: Int
    private let state = Mutex(State())
    /// Called when the first record comes into an empty queue.
    private let onFirst = Mutex<(@Sendable () -> Void)?>(nil)

    /// Of about 2 kB each.
    package init(capacity: Int = 16_384) { self.capacity = max(capacity, 4) }

    func onFirst(_ call: @escaping @Sendable () -> Void) { onFirst.withLock { $0 = call } }

    package func append(_ entries: [Entry]) {
        guard !entries.isEmpty else { return }
        let wasEmpty = state.withLock { state in
            let wasEmpty = state.count == 0
            for entry in entries { add(entry, to: &state) }
            state.peak = max(state.peak, state.count)
            return wasEmpty
        }
        if wasEmpty { onFirst.withLock { $0 }?() }
    }

    private func add(_ entry: Entry, to state: inout State) {
        if entry.isUnanswered {
            if state.unanswered.count >= capacity / 4 || state.count >= capacity {
                state.lost.unanswered &+= 1
                // The older ones have been there longer, and tell of the flood as well as the newer ones.
                return
            }
            state.unanswered.append(entry)
            return
        }
        if state.count >= capacity {
            if state.unanswered.popFirst() != nil {
                state.lost.unanswered &+= 1
            } else if state.others.popFirst() != nil {
                state.lost.others &+= 1
            }
        }
        state.others.append(entry)
    }

    /// The oldest ones, at most `limit`, of them at most `unanswered` without an answer.
    func take(_ limit: Int, unanswered: Int) -> [Entry] {
        state.withLock { state in
            let others = min(limit, state.others.count)
            let lesser = min(limit - others, unanswered, state.unanswered.count)
            let taken = Array(state.others.prefix(others)) + Array(state.unanswered.prefix(lesser))
            state.others.removeFirst(others)
            state.unanswered.removeFirst(lesser)
            return taken
        }
    }

    /// Takes back what could not be written, as if it had never been taken; what has no room any more is lost.
    func putBack(_ entries: [Entry]) {
        state.withLock { state in
            for entry in entries.reversed() {
                if entry.isUnanswered {
                    guard state.count < capacity, state.unanswered.count < capacity / 4 else {
                        state.lost.unanswered &+= 1
                        continue
                    }
                    state.unanswered.prepend(entry)
                } else {
                    if state.count >= capacity, state.unanswered.popFirst() != nil { state.lost.unanswered &+= 1 }
                    guard state.count < capacity else {
                        state.lost.others &+= 1
                        continue
                    }
                    state.others.prepend(entry)
                }
            }
        }
    }

    /// Counts records that had been taken and cannot be written at all.
    func giveUp(_ entries: [Entry]) {
        state.withLock { state in
            for entry in entries {
                if entry.isUnanswered { state.lost.unanswered &+= 1 } else { state.lost.others &+= 1 }
            }
        }
    }

    /// Moves the places of all that wait, see ``LifecycleStore/continueAfter(_:)``.
    package func shift(_ kind: HistoryKind, by count: UInt64) {
        state.withLock { state in
            for index in state.others.indices where state.others[index].record.kind == kind {
                state.others[index].serial &+= count
            }
        }
    }

    package var isEmpty: Bool { state.withLock { $0.count == 0 } }
    package var lost: Lost { state.withLock { $0.lost } }
    package var waiting: Int { state.withLock { $0.count } }

    package var table: TableSummary {
        state.withLock { state in
            TableSummary(
                name: "history_queue", count: state.count, peak: state.peak, capacity: capacity,
                evictions: state.lost.all)
        }
    }
}
