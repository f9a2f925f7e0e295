import API
package import Explain

/// What is wrong with a target: a sentence, the causes, and the request that tells most.
package struct ExplanationPage {
    private let explanation: Explanation
    private let target: String
    private let canvas: Canvas
    private let clock: Clock

    /// - Parameter target: as it was asked for.
    package init(_ explanation: Explanation, of target: String, on canvas: Canvas, clock: Clock) {
        self.explanation = explanation
        self.target = target
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        var lines = Paragraph.wrap(headline, style, width: canvas.width)
        if explanation.isCut {
            lines += Paragraph.wrap(
                "Only the newest \(Quantity.count(UInt64(explanation.total))) were looked at.", .quiet,
                width: canvas.width)
        }
        if explanation.total > 1 {
            lines.append(Line())
            lines += explanation.causes.flatMap(cause)
        }
        guard let telling = explanation.telling else { return lines }
        lines.append(Line())
        lines += Waterfall(telling, on: canvas, clock: clock, isComplete: false).lines()
        return lines
    }

    private var style: Style {
        guard let trend = explanation.trend, trend.now.failed > 0 else { return .heading }
        return .bad
    }

    /// `17 of 20 requests of backup.service to 10.0.3.9:443 since 10:42:07 failed; before that 240 of 240 succeeded.`
    private var headline: String {
        var whose = explanation.asker.map { " of \($0)" } ?? ""
        // A target that is one of the two needs no saying twice.
        if let destination = explanation.destination { whose += " to \(destination)" }
        if whose.isEmpty { whose = " of or to \(target)" }
        guard let trend = explanation.trend, let since = trend.since else {
            return "\(Quantity.count(UInt64(explanation.total), "request", "requests"))\(whose): not over yet, or too "
                + "little was seen of \(explanation.total == 1 ? "it" : "them") to judge."
        }
        let span = trend.now.total > 1 || trend.course != .steady ? " since \(clock.short(since))" : ""
        var sentence = subject(trend.now, whose, span)
        switch trend.course {
        case .steady: break
        case .broken:
            let succeeded = trend.before.total - trend.before.failed
            sentence += "; before that \(succeeded) of \(trend.before.total) succeeded"
        case .recovered: sentence += "; before that \(trend.before.failed) of \(trend.before.total) failed"
        }
        let open = explanation.total - trend.now.total - trend.before.total
        if open > 0 { sentence += "; \(open) more \(open == 1 ? "is" : "are") not over, or too little was seen" }
        return sentence + "."
    }

    private func subject(_ share: Trend.Share, _ whose: String, _ span: String) -> String {
        let (failed, total) = (share.failed, share.total)
        if total == 1 {
            return "The request\(whose) at \(explanation.trend?.since.map { clock.short($0) } ?? "") "
                + (failed == 1 ? "failed" : "succeeded")
        }
        switch failed {
        case 0: return "All \(total) requests\(whose)\(span) succeeded"
        case total: return "All \(total) requests\(whose)\(span) failed"
        default: return "\(failed) of \(total) requests\(whose)\(span) failed"
        }
    }

    /// Count, identifier, when, and the sentence below.
    private func cause(_ cause: Cause) -> [Line] {
        let style: Style =
            switch cause.verdict.severity {
            case .none: .good
            case .notice: .plain
            case .warning: .doubtful
            case .error: .bad
            }
        let indent = 7
        var line = Line()
        let count = "\(cause.count)"
        line.pad(to: indent - 2 - count.utf8.count)
        line.append(count, .heading)
        line.pad(to: indent)
        line.append(cause.verdict.id, style)
        let time =
            cause.count == 1 ? clock.short(cause.last) : "\(clock.short(cause.first)) to \(clock.short(cause.last))"
        line.append("  \(time)", .quiet)
        if let id = cause.ids.first { line.append("  \(cause.count == 1 ? "" : "last ")\(id)", .quiet) }
        var lines = [line.truncated(to: canvas.width, ellipsis: canvas.drawing.ellipsis)]
        func add(_ text: String, _ style: Style) {
            for part in Paragraph.wrap(text, style, width: canvas.width - indent) {
                var line = Line()
                line.pad(to: indent)
                line.append(part)
                lines.append(line)
            }
        }
        if cause.verdict.severity != .none { add(cause.verdict.summary, .plain) }
        if explanation.asker == nil, !cause.askers.isEmpty { add("asked by \(list(cause.askers))", .quiet) }
        if explanation.destination == nil { add("to \(list(cause.destinations))", .quiet) }
        return lines
    }

    private func list(_ words: [String]) -> String {
        words.joined(separator: ", ") + (words.count == Cause.capacity ? ", …" : "")
    }
}
