package import API

/// The waterfalls of what was requested while a command ran, its own first.
package struct RunReport {
    /// How a request is known to be the command's, surest first.
    package enum Match: String, CaseIterable, Sendable {
        /// The process that asked is the command or came from it.
        case process
        /// Its port was seen with the command.
        case port
        /// It began while the command ran, and nothing says whose it is.
        case time
    }

    private let groups: [(match: Match, requests: [Request])]
    private let foreignCount: Int
    private let foldedCount: Int
    private let silent: [Neighbour]
    private let canvas: Canvas
    private let clock: Clock
    private let isComplete: Bool

    /// - Parameters:
    ///   - requests: oldest first; lookups that prepared another of them are told with it.
    ///   - silent: resolutions of neighbours that did not answer.
    ///   - match: how a request is known to be the command's; `nil` when it is another program's.
    package init(
        _ requests: [Request], silent: [Neighbour] = [], on canvas: Canvas, clock: Clock, isComplete: Bool,
        match: (Request) -> Match?
    ) {
        let (shown, folded) = Folding.fold(requests.filter { match($0) != nil })
        groups = Match.allCases.map { kind in (kind, shown.filter { match($0) == kind }) }
        foreignCount = requests.count { match($0) == nil }
        foldedCount = folded.count
        // What a request's own stage says needs no second telling.
        let told = Set(
            shown.compactMap { $0.stage(.neighbour) }.filter { $0.status == .failed }.compactMap { $0.fact("next_hop") }
        )
        self.silent = silent.filter { !told.contains(.text($0.target)) }
        self.canvas = canvas
        self.clock = clock
        self.isComplete = isComplete
    }

    package func lines() -> [Line] {
        guard groups.contains(where: { !$0.requests.isEmpty }) else {
            guard silent.isEmpty else {
                return silent.flatMap { SilentNeighbour($0, on: canvas).lines(ofCommand: true) }
            }
            return [Line()]
                + Paragraph.wrap(
                    "No request was seen while the command ran. `waybill status` tells which interfaces are watched.",
                    width: canvas.width)
        }
        return groups.flatMap { waterfalls($0.requests, matched: "by \($0.match.rawValue)") }
            + silent.flatMap { SilentNeighbour($0, on: canvas).lines(ofCommand: true) } + [Line()] + footer
    }

    private func waterfalls(_ requests: [Request], matched: String) -> [Line] {
        requests.flatMap { request in
            [Line(), rule(matched)]
                + Waterfall(request, on: canvas, clock: clock, isComplete: isComplete).lines()
        }
    }

    /// A line across the page that says how the request below was found.
    private func rule(_ matched: String) -> Line {
        switch canvas.drawing {
        case .words: return Line("Request, matched \(matched).", .quiet)
        case .unicode, .ascii:
            let stroke = canvas.drawing == .unicode ? "─" : "-"
            var line = Line(String(repeating: stroke, count: 3), .quiet)
            line.append(" matched \(matched) ", .quiet)
            line.append(String(repeating: stroke, count: max(canvas.width - line.width, 0)), .quiet)
            return line
        }
    }

    private var footer: [Line] {
        let total = groups.reduce(0) { $0 + $1.requests.count }
        var text = "\(Quantity.count(UInt64(total), "request", "requests")) while the command ran"
        if foldedCount > 0 {
            text +=
                ", with \(Quantity.count(UInt64(foldedCount), "lookup", "lookups")) that prepared \(total == 1 ? "it" : "them")"
        }
        text += "."
        if foreignCount > 0 {
            text += " \(Quantity.count(UInt64(foreignCount), "request", "requests")) of other programs left out."
        }
        if groups.contains(where: { $0.match == .time && !$0.requests.isEmpty }) {
            text += " Of what is matched by time nobody knows who asked: it may be another program's."
        }
        return Paragraph.wrap(text, .quiet, width: canvas.width)
    }
}
