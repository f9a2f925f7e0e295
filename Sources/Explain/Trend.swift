package import API
import Glibc

/// How requests went over time: steadily, or otherwise since the latest change.
package struct Trend: Sendable, Equatable {
    package struct Share: Sendable, Equatable {
        package var failed: Int
        package var total: Int

        package init(failed: Int = 0, total: Int = 0) {
            self.failed = failed
            self.total = total
        }

        fileprivate init(_ requests: ArraySlice<(time: Time, failed: Bool)>) {
            self.init(failed: requests.count(where: \.failed), total: requests.count)
        }

        var rate: Double { total > 0 ? Double(failed) / Double(total) : 0 }

        /// The logarithm of how likely so many failures are at the rate that fits them best.
        var likelihood: Double {
            guard failed > 0, failed < total else { return 0 }
            return Double(failed) * log(rate) + Double(total - failed) * log(1 - rate)
        }
    }

    package enum Course: String, Sendable {
        /// As it was all the time, as far as can be told.
        case steady
        /// More fail than before.
        case broken
        /// Fewer fail than before, and ``several`` in a row succeeded.
        case recovered
    }

    /// So many that went alike at the end, one after another.
    package struct Run: Sendable, Equatable {
        package var haveFailed: Bool
        package var count: Int
    }

    package var course: Course
    /// The first request of those that count now.
    package var since: Time?
    /// Since then.
    package var now: Share
    /// Until then, from the change before that on; empty when it is steady.
    package var before: Share
    /// How the last ones went.
    package var latest: Run

    /// Successes in a row that are more than luck.
    private static let several = 3
    /// What another change has to explain, in natural units of log likelihood: three that went well and two that failed
    /// are a change, two and two are not.
    private static let gain = 3.0
    /// Of what alternates more often than this only the end is looked at.
    private static let runLimit = 512

    /// - Parameter requests: by time, each with whether it failed.
    init(_ requests: [(time: Time, failed: Bool)]) {
        let starts = requests.indices.filter { $0 == 0 || requests[$0].failed != requests[$0 - 1].failed }
            .suffix(Self.runLimit)
        var segments = Self.segments(requests, at: Array(starts) + [requests.count])
        // One that came through after many failures is told as such: nothing has recovered yet.
        if segments.count > 1, let last = segments.last, !Self.hasRecovered(requests[last]) {
            let previous = segments[segments.count - 2]
            if Share(requests[last]).rate < Share(requests[previous]).rate {
                segments.removeLast(2)
                segments.append(previous.lowerBound..<last.upperBound)
            }
        }
        let current = segments.last ?? 0..<0
        let earlier = segments.count > 1 ? segments[segments.count - 2] : 0..<0
        now = Share(requests[current])
        before = Share(requests[earlier])
        since = requests[current].first?.time
        course = earlier.isEmpty ? .steady : now.rate > before.rate ? .broken : .recovered
        let start = starts.last ?? 0
        latest = Run(haveFailed: requests.last?.failed ?? false, count: requests.count - start)
    }

    private static func hasRecovered(_ requests: ArraySlice<(time: Time, failed: Bool)>) -> Bool {
        var count = 0
        for request in requests {
            count = request.failed ? 0 : count + 1
            if count >= several { return true }
        }
        return false
    }

    /// Divides `requests` where that explains best what happened: the segments whose own rates make it likeliest, less
    /// ``gain`` for each of them. They can only begin where the outcome changes.
    ///
    /// - Parameter places: where the outcome changes, the first and the end among them.
    private static func segments(
        _ requests: [(time: Time, failed: Bool)], at places: [Int]
    ) -> [Range<Int>] {
        var failed = [0]
        for (start, end) in zip(places, places.dropFirst()) {
            failed.append((failed.last ?? 0) + (requests[start].failed ? end - start : 0))
        }
        // Of all that ends at each place: how well it can be explained, and where its last segment begins.
        var best: [(value: Double, start: Int)] = [(0, 0)]
        for end in places.indices.dropFirst() {
            let candidates = (0..<end).map { start in
                let share = Share(failed: failed[end] - failed[start], total: places[end] - places[start])
                return (value: best[start].value + share.likelihood - gain, start: start)
            }
            best.append(candidates.max { $0.value < $1.value } ?? (0, 0))
        }
        var found: [Range<Int>] = []
        var end = places.count - 1
        while end > 0 {
            found.append(places[best[end].start]..<places[end])
            end = best[end].start
        }
        return found.reversed()
    }
}
