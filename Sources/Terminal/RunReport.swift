package import API

/// The waterfalls of what was requested while a command ran, its own first.
package struct RunReport {
    private let own: [Request]
    private let others: [Request]
    private let foldedCount: Int
    private let silent: [Neighbour]
    private let canvas: Canvas
    private let clock: Clock
    private let isComplete: Bool

    /// - Parameters:
    ///   - requests: oldest first; lookups that prepared another of them are told with it.
    ///   - silent: resolutions of neighbours that did not answer.
    ///   - isOwn: whether a request is known to be the command's.
    package init(
        _ requests: [Request], silent: [Neighbour] = [], on canvas: Canvas, clock: Clock, isComplete: Bool,
        isOwn: (Request) -> Bool
    ) {
        let (shown, folded) = Folding.fold(requests)
        own = shown.filter(isOwn)
        others = shown.filter { !isOwn($0) }
        foldedCount = folded.count
        self.silent = silent
        self.canvas = canvas
        self.clock = clock
        self.isComplete = isComplete
    }

    package func lines() -> [Line] {
        guard !own.isEmpty || !others.isEmpty else {
            guard silent.isEmpty else {
                return silent.flatMap { SilentNeighbour($0, on: canvas).lines(ofCommand: true) }
            }
            return [Line()]
                + Paragraph.wrap(
                    "No request was seen while the command ran. `waybill status` tells which interfaces are watched.",
                    width: canvas.width)
        }
        return waterfalls(own, matched: "by port") + waterfalls(others, matched: "by time")
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
        let total = own.count + others.count
        var text = "\(Quantity.count(UInt64(total), "request", "requests")) while the command ran"
        if foldedCount > 0 {
            text +=
                ", with \(Quantity.count(UInt64(foldedCount), "lookup", "lookups")) that prepared \(total == 1 ? "it" : "them")"
        }
        text += "."
        if !others.isEmpty {
            text += """
                 Socket owners are not observed yet: what is matched by time began while the command ran, and may be \
                another program's.
                """
        }
        return Paragraph.wrap(text, .quiet, width: canvas.width)
    }
}
