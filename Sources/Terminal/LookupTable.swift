package import API

/// DNS questions and what came of them, as rows of a table.
package struct LookupTable {
    private let canvas: Canvas
    private let clock: Clock

    package init(on canvas: Canvas, clock: Clock) {
        self.canvas = canvas
        self.clock = clock
    }

    package func lines(_ lookups: [Lookup]) -> [Line] {
        var table = Table([
            Column("when", minimum: 8, maximum: 16, isWhole: true),
            Column("name", minimum: 16, maximum: 60),
            Column("type", minimum: 5, maximum: 10),
            Column("result", minimum: 14, maximum: 20),
            Column("answer", minimum: 15, maximum: 70),
            Column("time", .right, minimum: 8),
            Column("retries", .right, minimum: 7, rank: 3),
            Column("server", minimum: 13, maximum: 47, rank: 1),
            Column("client", minimum: 13, maximum: 47, rank: 2),
        ])
        table.rows = lookups.map(cells)
        return table.lines(on: canvas)
    }

    private func cells(_ lookup: Lookup) -> [Line] {
        let drawing = canvas.drawing
        let time = lookup.queried ?? lookup.answered
        var result = status(lookup).mark(drawing)
        result.append(" ")
        let word = lookup.status == "failed" ? lookup.rcode ?? lookup.status : spoken(lookup.status)
        result.append(lookup.truncated ? "\(word), cut" : word, status(lookup) == .failed ? .bad : .plain)
        var answers = lookup.addresses.isEmpty ? lookup.answers.map(\.data) : lookup.addresses
        // Where there is no answer, what the server says of it.
        if answers.isEmpty { answers = lookup.extendedErrors?.map { $0.text ?? $0.name } ?? [] }
        return [
            time.map { Line(clock.short($0), .quiet) } ?? Line(),
            Line(lookup.name, .name),
            Line(lookup.kind == "dns" ? lookup.type : "\(lookup.type) \(lookup.kind)"),
            result,
            Line(answers.joined(separator: ", ")),
            lookup.rtt.map { Line(Quantity.span($0, drawing)) } ?? Line(drawing.dash, .quiet),
            lookup.retries > 0 ? Line("\(lookup.retries)", .doubtful) : Line(),
            Line(lookup.server.text, .quiet),
            Line(lookup.client.text, .quiet),
        ]
    }

    private func status(_ lookup: Lookup) -> StageStatus {
        switch lookup.status {
        case "answered", "no_data": .ok
        case "pending": .pending
        // Nobody has to answer a question that goes to everybody.
        case "no_answer" where lookup.kind != "dns": .unseen
        default: .failed
        }
    }
}

extension SocketAddress {
    var text: String {
        guard let port else { return address }
        return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
