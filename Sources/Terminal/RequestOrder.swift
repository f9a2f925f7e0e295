package import API

/// By which column requests are sorted: `bytes`, or `-bytes` for the greatest first.
package struct RequestOrder: Sendable, Equatable {
    package var column: RequestColumn
    package var isDescending: Bool

    package init(_ column: RequestColumn, isDescending: Bool = false) {
        self.column = column
        self.isDescending = isDescending
    }

    /// `nil` when no column has this name.
    package init?(_ text: String) {
        isDescending = text.hasPrefix("-")
        guard let column = RequestColumn(name: String(text.drop { $0 == "-" }.prefix(32))) else { return nil }
        self.column = column
    }

    /// What does not have the value comes last either way; equals stay in the order in which they began.
    package func sorted(_ requests: [Request]) -> [Request] {
        let keyed = requests.map { (request: $0, key: key($0)) }
        return keyed.sorted { left, right in
            if left.key != right.key {
                guard let leftKey = left.key else { return false }
                guard let rightKey = right.key else { return true }
                return isDescending ? rightKey < leftKey : leftKey < rightKey
            }
            if left.request.first != right.request.first { return left.request.first < right.request.first }
            return left.request.id < right.request.id
        }.map(\.request)
    }

    private enum Key: Comparable {
        case number(Int64)
        case text(String)
    }

    private func key(_ request: Request) -> Key? {
        switch column {
        case .when: .number(request.first.nanoseconds)
        // The longer ago, the greater.
        case .ago: .number(request.first.nanoseconds == .min ? .max : -request.first.nanoseconds)
        case .pid: request.pid.map { .number(Int64($0)) }
        case .duration: .number(request.duration.microseconds)
        case .rtt: request.handshakeRTT.map { .number($0.microseconds) }
        case .bytes: .number(Int64(clamping: request.payloadBytes))
        case .sent: .number(Int64(clamping: request.client.payloadBytes))
        case .received: .number(Int64(clamping: request.server.payloadBytes))
        case .result: .text("\(request.outcome == .failed ? 1 : 0)\(text(request) ?? "")")
        case .id, .transport, .process, .user, .unit, .from, .to, .address, .reached, .state, .verdict, .way:
            text(request).map { .text($0) }
        }
    }

    private func text(_ request: Request) -> String? {
        let canvas = Canvas(width: Canvas.widest, drawing: .words)
        let line = column.cell(request, on: canvas, clock: Clock(now: request.first))
        return line.isEmpty ? nil : line.rendered(inColor: false).lowercased()
    }
}
