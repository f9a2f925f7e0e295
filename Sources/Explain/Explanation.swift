package import API

/// What can be said of all requests of one target: how many fail, since when, of what, and what to do.
package struct Explanation: Sendable, Equatable {
    package var total: Int
    package var failed: Int
    /// Those that are over, with enough seen of them to say how they went.
    package var judged: Int
    /// How those that are over went, one after another; `nil` while none is.
    package var trend: Trend?
    /// Worst first; the last one may be that all is well.
    package var causes: [Cause]
    /// Where failures gather, when they do.
    package var concentration: Concentration?
    /// Where requests failed before it all went well again, and nobody asked since: nothing is known to have recovered
    /// there. The most frequent first, at most ``Cause/capacity``.
    package var untried: [String]
    /// Who asked, when it was always the same.
    package var asker: String?
    /// Where to, when it was always the same.
    package var destination: String?
    /// The one that tells most: the newest of the most frequent failure now; without a failure of the worst verdict.
    package var telling: Request?
    /// Only the newest were looked at.
    package var isCut: Bool

    /// The requests that were looked at, at most.
    package static let capacity = 5000

    /// - Parameters:
    ///   - requests: in any order, without the lookups that only prepared another one.
    ///   - isCut: there are older ones.
    ///   - meant: the one that was asked for, which tells most then.
    package init(_ requests: [Request], isCut: Bool = false, about meant: Request? = nil) {
        let ordered = requests.sorted { $0.first != $1.first ? $0.first < $1.first : $0.id < $1.id }
        total = ordered.count
        failed = ordered.count { $0.outcome == .failed }
        let judged = ordered.filter(\.isJudged)
        self.judged = judged.count
        trend = judged.isEmpty ? nil : Trend(judged.map { ($0.first, $0.outcome == .failed) })
        concentration = Concentration(judged)
        untried = Self.untried(judged, trend)
        causes = Cause.causes(of: ordered)
        let askers = Set(ordered.map(\.asker))
        asker = askers.count == 1 ? askers.first ?? nil : nil
        let destinations = Set(ordered.map(\.peer))
        destination = destinations.count == 1 ? destinations.first : nil
        telling = meant ?? Self.telling(ordered, causes, since: trend?.course == .broken ? trend?.since : nil)
        self.isCut = isCut
    }

    private static func untried(_ judged: [Request], _ trend: Trend?) -> [String] {
        guard let trend, trend.course == .recovered, let since = trend.since else { return [] }
        let tried = Set(judged.lazy.filter { $0.first >= since }.map(\.peer))
        let failed = judged.filter { $0.first < since && $0.outcome == .failed }.map(\.peer)
        return Cause.frequent(failed.filter { !tried.contains($0) })
    }

    private static func telling(_ ordered: [Request], _ causes: [Cause], since: Time?) -> Request? {
        let now = ordered.filter { $0.outcome == .failed && $0.first >= since ?? Time(nanoseconds: .min) }
        if let id = Cause.frequent(now.compactMap { $0.verdict?.id }).first {
            return now.last { $0.verdict?.id == id }
        }
        return causes.first.flatMap { cause in ordered.last { $0.id == cause.ids.first } } ?? ordered.last
    }
}

extension Explanation: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("total", total)
        writer.field("failed", failed)
        writer.field("judged", judged)
        writer.field("asker", asker)
        writer.field("destination", destination)
        if let trend {
            writer.key("trend")
            trend.write(to: &writer)
        }
        writer.field("concentration", concentration)
        if !untried.isEmpty { writer.field("untried", untried) }
        writer.key("causes")
        writer.beginArray()
        for cause in causes { cause.write(to: &writer) }
        writer.endArray()
        writer.field("verdict", telling?.verdict)
        writer.field("request", telling)
        if isCut { writer.field("older_left_out", true) }
        writer.endObject()
    }
}

extension Trend: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("course", course.rawValue)
        writer.field("since", since)
        writer.field("failed", now.failed)
        writer.field("total", now.total)
        if course != .steady {
            writer.field("failed_before", before.failed)
            writer.field("total_before", before.total)
        }
        writer.key("latest")
        writer.beginObject()
        writer.field("failed", latest.haveFailed)
        writer.field("count", latest.count)
        writer.endObject()
        writer.endObject()
    }
}

extension Cause: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("count", count)
        writer.field("first", first)
        writer.field("last", last)
        writer.field("verdict", verdict)
        writer.field("askers", askers)
        writer.field("destinations", destinations)
        writer.field("ids", ids)
        writer.endObject()
    }
}
