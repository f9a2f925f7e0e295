import Model

/// Requests whose way was asked lately, by next hop: when that stops answering, they are told. A ring of ``capacity``; the
/// oldest goes first.
struct RecentRoutes {
    private var entries: [Entry] = []
    private var cursor = 0
    private var evictions: UInt64 = 0

    static let capacity = 4096
    /// A SYN is repeated for about two minutes, and nothing that began earlier waits for its next hop.
    private static let patience = TimeSpan.seconds(130)

    private struct Entry {
        var tuple: FlowTuple
        var began: Timestamp
        var nextHop: IPAddress
        var report: RouteReport
    }

    mutating func note(_ question: HostQuestion, _ report: RouteReport) {
        guard let choice = report.choice, choice.kind == .unicast else { return }
        let entry = Entry(
            tuple: question.tuple, began: question.first,
            nextHop: choice.gateway ?? question.forwarding?.destination ?? question.tuple.destination.address,
            report: report)
        if entries.count < Self.capacity {
            entries.append(entry)
        } else {
            entries[cursor] = entry
            cursor = (cursor + 1) % Self.capacity
            evictions &+= 1
        }
    }

    /// The reports of requests that go by way of `neighbour`, which does not answer.
    func failed(_ neighbour: HostNeighbour, at now: Timestamp) -> [Fact] {
        entries.compactMap { entry in
            guard entry.nextHop == neighbour.address, now - entry.began < Self.patience,
                let choice = entry.report.choice, choice.interface == neighbour.interface
            else { return nil }
            let report = RouteReport(entry.report.answer, neighbour: neighbour)
            return Fact(time: now, body: .route(entry.tuple, began: entry.began, report))
        }
    }

    var summary: TableSummary {
        TableSummary(
            name: "recent_routes", count: entries.count, peak: entries.count, capacity: Self.capacity,
            evictions: evictions)
    }
}
