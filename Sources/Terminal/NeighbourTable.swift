package import API

/// Address resolutions and announcements, as rows of a table.
package struct NeighbourTable {
    private let canvas: Canvas
    private let clock: Clock

    package init(on canvas: Canvas, clock: Clock) {
        self.canvas = canvas
        self.clock = clock
    }

    package func lines(_ neighbours: [Neighbour]) -> [Line] {
        var table = Table([
            Column("when", minimum: 8, maximum: 16, isWhole: true),
            Column("proto", minimum: 5),
            Column("address", minimum: 15, maximum: 39),
            Column("result", minimum: 14, maximum: 24),
            Column("MAC", minimum: 17, maximum: 53),
            Column("time", .right, minimum: 8),
            Column("requests", .right, minimum: 8, rank: 3),
            Column("asked by", minimum: 13, maximum: 39, rank: 2),
            Column("on", minimum: 6, maximum: 15, rank: 1),
        ])
        table.rows = neighbours.map(cells)
        return table.lines(on: canvas)
    }

    private func cells(_ neighbour: Neighbour) -> [Line] {
        let drawing = canvas.drawing
        return [
            Line(clock.short(neighbour.first), .quiet),
            Line(neighbour.transport),
            Line(neighbour.target, .name),
            result(neighbour),
            Line(neighbour.macs.joined(separator: ", "), neighbour.macs.count > 1 ? .doubtful : .plain),
            neighbour.duration.map { Line(Quantity.span($0, drawing)) } ?? Line(drawing.dash, .quiet),
            Line("\(neighbour.requests)", neighbour.requests > 1 ? .doubtful : .quiet),
            Line(neighbour.asker ?? neighbour.askerMAC ?? "", .quiet),
            Line(neighbour.interface ?? "", .quiet),
        ]
    }

    /// A probe hopes for silence (RFC 5227 §2.1.1): an answer means that the address is taken.
    private func result(_ neighbour: Neighbour) -> Line {
        let isAnswered = neighbour.replies > 0
        let (status, word): (StageStatus, String) =
            switch (neighbour.kind, isAnswered) {
            case ("announcement", _): (.ok, "announced")
            case ("probe", true): (.failed, "taken")
            case (_, false) where !neighbour.complete: (.pending, "asking")
            case ("probe", false): (.ok, "free")
            case (_, true): neighbour.macs.count > 1 ? (.failed, "two answers") : (.ok, "answered")
            case (_, false): (.failed, "no answer")
            }
        var line = status.mark(canvas.drawing)
        line.append(" ")
        line.append(word, status == .failed ? .bad : .plain)
        return line
    }
}
