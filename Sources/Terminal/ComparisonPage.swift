import API
package import Explain

/// What changed between two windows of time.
package struct ComparisonPage {
    private let comparison: WindowComparison
    private let condition: String?
    private let canvas: Canvas
    private let clock: Clock

    /// - Parameter condition: that the requests fulfil, as it was asked for.
    package init(_ comparison: WindowComparison, condition: String? = nil, on canvas: Canvas, clock: Clock) {
        self.comparison = comparison
        self.condition = condition
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        let (before, after) = (comparison.before, comparison.after)
        let given = condition.map { [Labelled("where", $0)] } ?? []
        var lines = Labelled.lines(
            [Labelled("before", window(before)), Labelled("after", window(after))] + given, width: canvas.width)
        lines.append(Line())
        guard before.total > 0, after.total > 0 else {
            let empty = before.total == 0 ? "before" : "after"
            return lines
                + Paragraph.wrap(
                    "No request of the window \(empty) is kept, so nothing can be compared.", width: canvas.width)
        }
        let changes = comparison.changes
        let uncertain = comparison.aspects.filter { $0.course != .changed && $0.course != .same }
        if changes.isEmpty {
            lines += Paragraph.wrap(
                "Nothing that both windows saw has changed.", uncertain.isEmpty ? .good : .plain, width: canvas.width)
        }
        for aspect in changes { lines += change(aspect) }
        if !uncertain.isEmpty {
            lines.append(Line())
            lines += Paragraph.wrap(
                "seen in one window only, which is no change by itself", .quiet, width: canvas.width)
            lines += Labelled.lines(uncertain.map { Labelled("  \($0.name)", oneSided($0)) }, width: canvas.width)
        }
        let same = comparison.aspects.filter { $0.course == .same }
        if !same.isEmpty {
            lines += [Line(), Line("the same", .quiet)]
            let items = same.map { Labelled("  \($0.name)", values($0.after, $0, of: after)) }
            lines += Labelled.lines(items, width: canvas.width)
        }
        return lines
    }

    /// `not seen before: 192.0.2.9 (1 of 6); not seen after: 192.0.2.7 (1 of 12); in both: 192.0.2.1`
    private func oneSided(_ aspect: WindowComparison.Aspect) -> String {
        let isWhole = aspect.course != .varies
        let parts = [
            ("not seen before", isWhole ? aspect.after : aspect.after.filter(\.isOnlyHere), comparison.after),
            ("not seen after", isWhole ? aspect.before : aspect.before.filter(\.isOnlyHere), comparison.before),
        ]
        var texts = parts.filter { !$0.1.isEmpty }.map { "\($0.0): \(values($0.1, aspect, of: $0.2))" }
        let both = aspect.after.filter { !$0.isOnlyHere && !isWhole }.map(\.text)
        if !both.isEmpty { texts.append("in both: \(both.joined(separator: ", "))") }
        return texts.joined(separator: "; ")
    }

    private func window(_ side: WindowComparison.Side) -> String {
        guard let first = side.first, let last = side.last else { return "no request" }
        let count = Quantity.count(UInt64(side.total), "request", "requests")
        let failed = side.failed == 0 ? "none failed" : "\(side.failed) failed"
        let (start, end) = (clock.short(first), clock.short(last))
        return "\(count) \(start == end ? "at \(start)" : "from \(start) to \(end)"), \(failed)"
    }

    /// The name, and each side on a line of its own: values are long.
    private func change(_ aspect: WindowComparison.Aspect) -> [Line] {
        [Line(aspect.name, .heading)]
            + Labelled.lines(
                [
                    Labelled("  before", values(aspect.before, aspect, of: comparison.before)),
                    Labelled("  after", values(aspect.after, aspect, of: comparison.after), .doubtful),
                ], width: canvas.width)
    }

    /// The value alone where there is one, else each with how often it was seen.
    private func values(
        _ values: [WindowComparison.Value], _ aspect: WindowComparison.Aspect, of side: WindowComparison.Side
    ) -> String {
        guard let first = values.first else { return "none seen" }
        if aspect.isMedian { return first.count == 1 ? first.text : "\(first.text), the median of \(first.count)" }
        if values.count == 1, first.count == side.total { return first.text }
        return values.map { "\($0.text) (\($0.count) of \(side.total))" }.joined(separator: ", ")
    }
}
