import API
import Report
import Synchronization

/// How requests went that came to the history, counted by verdict: the words are those of the catalogue, so there are no
/// more of them than it has.
final class RequestTally: Sendable {
    struct Kind: Hashable, Comparable {
        var verdict: String
        var outcome: String

        static func < (left: Kind, right: Kind) -> Bool {
            (left.verdict, left.outcome) < (right.verdict, right.outcome)
        }
    }

    private let counts = Mutex<[Kind: UInt64]>([:])

    func note(_ digest: RequestDigest) {
        let kind = Kind(verdict: digest.verdict, outcome: digest.outcome.rawValue)
        counts.withLock { $0[kind, default: 0] &+= 1 }
    }

    /// In a fixed order.
    var all: [(kind: Kind, count: UInt64)] {
        counts.withLock { counts in counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }
}
