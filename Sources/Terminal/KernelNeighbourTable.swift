package import API

/// The kernel's neighbour table, and what changed in it.
package struct KernelNeighbourTable {
    private let page: NeighbourPage
    private let canvas: Canvas
    private let clock: Clock

    package init(_ page: NeighbourPage, on canvas: Canvas, clock: Clock) {
        self.page = page
        self.canvas = canvas
        self.clock = clock
    }

    /// Empty when the kernel has none, or could not be asked.
    package func lines() -> [Line] {
        var lines: [Line] = []
        if let kernel = page.kernel, !kernel.isEmpty {
            var table = Table([
                Column("kernel's entry", minimum: 15, maximum: 39),
                Column("on", minimum: 6, maximum: 15),
                Column("state", minimum: 12, maximum: 14),
                Column("MAC", minimum: 17),
                Column("before", minimum: 17, rank: 1),
                Column("changed", minimum: 8, maximum: 16, rank: 2, isWhole: true),
            ])
            table.rows = kernel.map(cells)
            lines += table.lines(on: canvas)
        }
        let changes = ChangeTable(page.changes ?? [], on: canvas, clock: clock).lines()
        if !lines.isEmpty && !changes.isEmpty { lines.append(Line()) }
        return lines + changes
    }

    private func cells(_ neighbour: KernelNeighbour) -> [Line] {
        let status: StageStatus =
            switch neighbour.state {
            case "failed": .failed
            case "incomplete": .pending
            default: .ok
            }
        var state = status.mark(canvas.drawing)
        state.append(" ")
        state.append(spoken(neighbour.state), status == .failed ? .bad : .plain)
        return [
            Line(neighbour.address, .name), Line(neighbour.interface), state, Line(neighbour.mac ?? ""),
            Line(neighbour.earlierMAC ?? "", .doubtful), Line(neighbour.moved.map { clock.short($0) } ?? "", .quiet),
        ]
    }
}
