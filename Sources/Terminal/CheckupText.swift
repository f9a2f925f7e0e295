package import API

/// What `waybill doctor` found: what is lost and how to get it back comes first, then the rest.
package struct CheckupText {
    private let checkup: Checkup
    private let canvas: Canvas

    package init(_ checkup: Checkup, on canvas: Canvas) {
        self.checkup = checkup
        self.canvas = canvas
    }

    package func lines() -> [Line] {
        var lines = Paragraph.wrap(opening, .heading, width: canvas.width)
        let notable = checkup.checks.filter { $0.state != .ok }
        var earlier: Check?
        for (index, check) in notable.enumerated() {
            // One command that helps against several is shown once, below them.
            if earlier?.fix == nil || earlier?.fix != check.fix { lines.append(Line()) }
            earlier = check
            lines += self.lines(check)
            if let lost = check.lost {
                lines += Labelled.lines([Labelled("  \(check.state.label)", lost)], width: canvas.width)
            }
            guard let fix = check.fix, index + 1 == notable.count || notable[index + 1].fix != fix else { continue }
            lines += command(fix)
        }
        let good = checkup.checks.filter { $0.state == .ok }
        if !good.isEmpty { lines.append(Line()) }
        for check in good { lines += self.lines(check) }
        return lines
    }

    private var opening: String {
        func count(_ state: Check.State) -> Int { checkup.checks.count { $0.state == state } }
        var parts = ["\(count(.lost) == 0 ? "none" : "\(count(.lost))") lost"]
        if count(.limited) > 0 { parts.append("\(count(.limited)) limited") }
        if count(.unknown) > 0 { parts.append("\(count(.unknown)) unknown") }
        return "\(Quantity.count(UInt64(checkup.checks.count), "check", "checks")): \(parts.joined(separator: ", "))"
    }

    /// The mark, the name, and what was found.
    private func lines(_ check: Check) -> [Line] {
        var head = check.state.mark(canvas.drawing)
        head.append(" ")
        head.append(check.title, .name)
        let indent = min(Self.indent, canvas.width / 2)
        let finding = Paragraph.wrap(check.finding, check.state == .ok ? .quiet : .plain, width: canvas.width - indent)
        guard head.width < indent else {
            return [head.truncated(to: canvas.width, ellipsis: ".")] + finding.map(indented)
        }
        return finding.enumerated().map { index, text in
            var line = index == 0 ? head : Line()
            line.pad(to: indent)
            line.append(text)
            return line
        }
    }

    private func indented(_ text: Line) -> Line {
        var line = Line()
        line.pad(to: min(Self.indent, canvas.width / 2))
        line.append(text)
        return line
    }

    /// Where findings begin: behind the longest name, `conntrack timestamps`.
    private static let indent = 25

    /// In lines that a shell takes together: each but the last one ends in a backslash. None of the commands has a word
    /// that is wider than a line, or spaces inside of quotes.
    private func command(_ text: String) -> [Line] {
        let parts = Paragraph.wrap(text, .heading, width: canvas.width - 6)
        return parts.enumerated().map { index, part in
            var line = Line(index == 0 ? "  $ " : "    ", .quiet)
            line.append(part)
            if index < parts.count - 1 { line.append(" \\", .heading) }
            return line
        }
    }
}

extension Check {
    /// `conntrack_room` → `conntrack room`, `cap_net_raw` → `CAP_NET_RAW`.
    fileprivate var title: String { name.hasPrefix("cap_") ? name.uppercased() : spoken(name) }
}

extension Check.State {
    fileprivate var label: String {
        switch self {
        case .ok, .limited: "limited"
        case .lost: "lost"
        case .unknown: "not known"
        }
    }

    fileprivate func mark(_ drawing: Drawing) -> Line {
        switch (self, drawing) {
        case (.ok, _): StageStatus.ok.mark(drawing)
        case (.lost, .words): Line("lost", .bad)
        case (.lost, _): StageStatus.failed.mark(drawing)
        case (.limited, .words): Line("limited", .doubtful)
        case (.limited, _): Line("!", .doubtful)
        case (.unknown, .words): Line("unknown", .doubtful)
        case (.unknown, _): Line("?", .doubtful)
        }
    }
}
