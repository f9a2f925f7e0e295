package import API

/// DHCP exchanges, as rows of a table.
package struct LeaseTable {
    private let canvas: Canvas
    private let clock: Clock

    package init(on canvas: Canvas, clock: Clock) {
        self.canvas = canvas
        self.clock = clock
    }

    package func lines(_ leases: [Lease]) -> [Line] {
        var table = Table([
            Column("when", minimum: 8, maximum: 16, isWhole: true),
            Column("client", minimum: 12, maximum: 30),
            Column("result", minimum: 14, maximum: 20, isWhole: true),
            Column("address", minimum: 15, maximum: 15),
            Column("gateway", minimum: 13, maximum: 31),
            Column("resolvers", minimum: 13, maximum: 47, rank: 5),
            Column("for", .right, minimum: 8, rank: 4),
            Column("time", .right, minimum: 8),
            Column("server", minimum: 13, maximum: 15, rank: 3),
            Column("domain", minimum: 10, maximum: 40, rank: 2),
            Column("on", minimum: 6, maximum: 15, rank: 1),
        ])
        table.rows = leases.map(cells)
        return table.lines(on: canvas)
    }

    private func cells(_ lease: Lease) -> [Line] {
        let drawing = canvas.drawing
        let status: StageStatus =
            switch lease.outcome {
            case "bound", "renewed", "informed", "released": .ok
            case "pending": .pending
            default: .failed
            }
        var result = status.mark(drawing)
        result.append(" ")
        result.append(spoken(lease.outcome), status == .failed ? .bad : .plain)
        let isAnswered = lease.ack != nil || lease.nak != nil
        return [
            Line(clock.short(lease.first), .quiet),
            Line(lease.hostname ?? lease.clientMAC ?? "", .name),
            result,
            Line(lease.address ?? lease.requestedAddress ?? ""),
            Line(lease.routers.joined(separator: ", ")),
            Line(lease.nameServers.joined(separator: ", ")),
            lease.leaseSeconds.map {
                Line(Quantity.span(Milliseconds(microseconds: Int64($0) * 1_000_000), drawing), .quiet)
            } ?? Line(),
            isAnswered ? Line(Quantity.span(lease.duration, drawing)) : Line(drawing.dash, .quiet),
            Line(lease.server ?? "", .quiet),
            Line(lease.domain ?? "", .quiet),
            Line(lease.interface ?? "", .quiet),
        ]
    }
}
