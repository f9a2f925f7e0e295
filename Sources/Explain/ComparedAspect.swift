package import API
import Glibc

extension WindowComparison {
    /// One thing that is compared: its values with how often each was seen, or medians.
    package struct Aspect: Sendable, Equatable {
        package var name: String
        package var before: [Value]
        package var after: [Value]
        package var course: Course
        /// Each side has one value, the median of so many.
        package var isMedian = false

        package var isChanged: Bool { course == .changed }
    }

    package enum Course: String, Sendable {
        case same
        /// Both windows saw it, and nothing of it was the same; or the shares differ by more than chance explains.
        case changed
        /// Some values were seen in one window only, which so few requests may have missed by chance.
        case varies
        case notSeenBefore = "not_seen_before"
        case notSeenAfter = "not_seen_after"
    }

    package struct Value: Sendable, Equatable {
        package var text: String
        package var count: Int
        /// The other window saw values of this aspect, and not this one.
        package var isOnlyHere: Bool
    }

    /// Values of one aspect and window; rarer ones are left out.
    package static let capacity = 8
}

extension WindowComparison.Aspect {
    /// - Parameters:
    ///   - before: what each request that shows it has; those that do not show it say nothing.
    init?(_ name: String, _ before: [String], _ after: [String]) {
        guard !before.isEmpty || !after.isEmpty else { return nil }
        self.name = name
        let (one, other) = (Dictionary(counting: before), Dictionary(counting: after))
        self.before = Self.values(one, beside: other)
        self.after = Self.values(other, beside: one)
        if one.isEmpty || other.isEmpty {
            course = one.isEmpty ? .notSeenBefore : .notSeenAfter
        } else if one.keys.allSatisfy({ other[$0] == nil }) || Self.gain(one, other) > Self.chance(one, other) {
            course = .changed
        } else {
            course = Set(one.keys) == Set(other.keys) ? .same : .varies
        }
    }

    /// Medians, changed when one is half as long again as the other, and by more than a millisecond.
    init?(_ name: String, medians before: [Milliseconds], _ after: [Milliseconds]) {
        guard !before.isEmpty || !after.isEmpty else { return nil }
        self.name = name
        isMedian = true
        let (one, other) = (Self.median(before), Self.median(after))
        func values(_ median: Milliseconds?, _ count: Int) -> [WindowComparison.Value] {
            median.map { [WindowComparison.Value(text: "\($0) ms", count: count, isOnlyHere: false)] } ?? []
        }
        self.before = values(one, before.count)
        self.after = values(other, after.count)
        guard let one, let other else {
            course = one == nil ? .notSeenBefore : .notSeenAfter
            return
        }
        let (short, long) = (min(one, other), max(one, other))
        course = long.value >= 1.5 * short.value && long.value - short.value > 1 ? .changed : .same
    }

    /// The most frequent first.
    private static func values(_ counts: [String: Int], beside other: [String: Int]) -> [WindowComparison.Value] {
        counts.mostFrequentFirst.prefix(WindowComparison.capacity).map { text, count in
            WindowComparison.Value(text: text, count: count, isOnlyHere: !other.isEmpty && other[text] == nil)
        }
    }

    /// How much likelier both windows are with shares of their own than with the same ones, in natural units of log
    /// likelihood (half of the G statistic).
    private static func gain(_ one: [String: Int], _ other: [String: Int]) -> Double {
        likelihood(one.values) + likelihood(other.values) - likelihood(one.merging(other, uniquingKeysWith: +).values)
    }

    /// What chance alone exceeds in one of a hundred comparisons, about: half of the chi-squared distribution's quantile,
    /// whose degrees of freedom are the values beyond the first.
    private static func chance(_ one: [String: Int], _ other: [String: Int]) -> Double {
        2.3 + Double(Set(one.keys).union(other.keys).count - 1)
    }

    private static func likelihood(_ counts: some Collection<Int>) -> Double {
        let total = Double(counts.reduce(0, +))
        return counts.reduce(0) { $0 + Double($1) * log(Double($1) / total) }
    }

    private static func median(_ spans: [Milliseconds]) -> Milliseconds? {
        let sorted = spans.sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }
}

extension WindowComparison.Aspect: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("changed", isChanged)
        writer.field("course", course.rawValue)
        if isMedian { writer.field("median", true) }
        writer.field("before", before)
        writer.field("after", after)
        writer.endObject()
    }
}

extension WindowComparison.Value: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("value", text)
        writer.field("count", count)
        if isOnlyHere { writer.field("only_here", true) }
        writer.endObject()
    }
}
