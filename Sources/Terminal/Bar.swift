/// A stretch of time drawn to scale.
struct Bar {
    /// As parts of the whole, 0 to 1; the end is not before the start.
    var start: Double
    var end: Double
    var style: Style

    /// Draws the bar into `cells` cells: half a cell is the finest step in Unicode, a cell in ASCII. However short
    /// the time was, something is drawn, and never outside the cells.
    func line(cells: Int, _ drawing: Drawing) -> Line {
        var line = Line()
        guard cells > 0, drawing != .words else { return line }
        let steps = drawing == .unicode ? 2 : 1
        let total = cells * steps
        let first = min(step(start, of: total), total - 1)
        let last = max(step(end, of: total), first + 1)
        switch drawing {
        case .unicode: draw(halves: first..<last, into: &line)
        case .ascii:
            line.pad(to: first)
            line.append(last - first == 1 ? "|" : "[\(String(repeating: "=", count: last - first - 2))]", style)
        case .words: break
        }
        return line
    }

    private func step(_ part: Double, of total: Int) -> Int {
        // Not a number compares false both ways and lands at the start.
        let clamped = part > 0 ? min(part, 1) : 0
        return Int((clamped * Double(total)).rounded())
    }

    private func draw(halves: Range<Int>, into line: inout Line) {
        line.pad(to: halves.lowerBound / 2)
        var position = halves.lowerBound
        if !position.isMultiple(of: 2) {
            line.append("╺", style)
            position += 1
        }
        let whole = (halves.upperBound - position) / 2
        line.append(String(repeating: "━", count: max(whole, 0)), style)
        if position < halves.upperBound, !halves.upperBound.isMultiple(of: 2) { line.append("╸", style) }
    }
}
