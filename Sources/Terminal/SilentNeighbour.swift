package import API

/// A neighbour that did not answer: nothing that was meant for it, or for what lies behind it, has left the host, so
/// no request shows it.
package struct SilentNeighbour {
    private let neighbour: Neighbour
    private let canvas: Canvas

    package init(_ neighbour: Neighbour, on canvas: Canvas) {
        self.neighbour = neighbour
        self.canvas = canvas
    }

    /// - Parameter ofCommand: whether a command of ours was at work then.
    package func lines(ofCommand: Bool) -> [Line] {
        let kind = neighbour.transport == "arp" ? "ARP" : "neighbour"
        let asked = Quantity.count(UInt64(neighbour.requests), "\(kind) request", "\(kind) requests")
        let place = neighbour.interface.map { " on \($0)" } ?? ""
        let who = neighbour.asker ?? "this host"
        var title = StageStatus.failed.mark(canvas.drawing)
        title.append(" neighbour", .bad)
        title.append("  ")
        title.append(neighbour.target, .address)
        title.append(" does not answer", .bad)
        var next = Line("next", .quiet)
        next.pad(to: 9)
        next.append("ip neigh show \(neighbour.target)", .name)
        return [Line(), title.truncated(to: canvas.width, ellipsis: canvas.drawing.ellipsis)]
            + Paragraph.wrap(
                """
                \(asked)\(place) from \(who) got no reply. What \(ofCommand ? "the command" : who) meant to send to \
                \(neighbour.target), or through it, has not left \(ofCommand ? "this host" : "it"): \(neighbour.target) \
                is down, or not on this link.
                """, width: canvas.width)
            + [next.truncated(to: canvas.width, ellipsis: canvas.drawing.ellipsis)]
    }
}

extension Neighbour {
    /// Somebody asked for an address, and nobody has it.
    package var isUnanswered: Bool { kind == "resolution" && replies == 0 }
}
