import API
package import Explain

/// What changed between two windows of time.
package struct ComparisonPage {
    private let comparison: WindowComparison
    private let canvas: Canvas
    private let clock: Clock

    package init(_ comparison: WindowComparison, on canvas: Canvas, clock: Clock) {
        self.comparison = comparison
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        let (before, after) = (comparison.before, comparison.after)
        var lines = Labelled.lines(
            [Labelled("before", window(before)), Labelled("after", window(after))], width: canvas.width)
        lines.append(Line())
        guard before.total > 0, after.total > 0 else {
            let empty = before.total == 0 ? "before" : "after"
            return lines
                + Paragraph.wrap(
                    "No request of the window \(empty) is kept, so nothing can be compared.", width: canvas.width)
        }
        let changes = comparison.changes
        if changes.isEmpty {
            lines += Paragraph.wrap("Nothing that is compared has changed.", .good, width: canvas.width)
        }
        for aspect in changes { lines += change(aspect) }
        let same = comparison.aspects.filter { !$0.isChanged }
        if !same.isEmpty {
            lines.append(Line())
            lines += Labelled.lines(same.map { Labelled($0.name, values($0.after, of: after)) }, width: canvas.width)
        }
        return lines
    }

    private func window(_ side: WindowComparison.Side) -> String {
        guard let first = side.first, let last = side.last else { return "no request" }
        let count = Quantity.count(UInt64(side.total), "request", "requests")
        let failed = side.failed == 0 ? "none failed" : "\(side.failed) failed"
        return "\(count) from \(clock.short(first)) to \(clock.short(last)), \(failed)"
    }

    /// The name, and each side on a line of its own: values are long.
    private func change(_ aspect: WindowComparison.Aspect) -> [Line] {
        [Line(aspect.name, .heading)]
            + Labelled.lines(
                [
                    Labelled("  before", values(aspect.before, of: comparison.before)),
                    Labelled("  after", values(aspect.after, of: comparison.after), .doubtful),
                ], width: canvas.width)
    }

    /// The value alone where there is one, else each with how often it was seen.
    private func values(_ values: [WindowComparison.Value], of side: WindowComparison.Side) -> String {
        guard values.count > 1 || (values.first?.count ?? 0) < side.total else {
            return values.first?.text ?? "none seen"
        }
        return values.isEmpty
            ? "none seen" : values.map { "\($0.text) (\($0.count) of \(side.total))" }.joined(separator: ", ")
    }
}
