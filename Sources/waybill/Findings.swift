import API
import Model
import Report
import Terminal

/// What a file has besides requests and is worth a look by itself: neighbours that were asked for in vain, and DHCP
/// exchanges.
struct Findings {
    private let canvas: Canvas
    private let clock: Clock
    private let renderer = RecordRenderer()
    private var silent: [API.Neighbour] = []
    private var leases: [API.Lease] = []
    /// Whose requests were captured.
    private var clients: Set<IPAddress> = []
    private var leftOut = 0

    /// Of each kind: a network that is scanned has no end of silent neighbours.
    private static let limit = 20
    private static let clientLimit = 4096

    init(canvas: Canvas, clock: Clock) {
        self.canvas = canvas
        self.clock = clock
    }

    mutating func take(_ record: Model.Record) {
        switch record {
        case .request(let lifecycle):
            if clients.count < Self.clientLimit { clients.insert(lifecycle.client.endpoint.address) }
        case .neighbour(let resolution): take(renderer.neighbour(resolution))
        case .lease(let lease):
            if leases.count < Self.limit { leases.append(renderer.lease(lease)) } else { leftOut += 1 }
        case .lookup, .icmpError: break
        }
    }

    private mutating func take(_ neighbour: API.Neighbour) {
        guard neighbour.isUnanswered else { return }
        let same = silent.firstIndex { $0.target == neighbour.target && $0.asker == neighbour.asker }
        if let same {
            silent[same].requests = silent[same].requests.addingReportingOverflow(neighbour.requests).partialValue
        } else if silent.count < Self.limit {
            silent.append(neighbour)
        } else {
            leftOut += 1
        }
    }

    func lines() -> [Line] {
        // Requests go to everybody on a link, replies to the asker alone: that there was none can be told only where
        // the asker's own frames were captured.
        let seen = Set(clients.map(\.description))
        let told = silent.filter { neighbour in
            clients.isEmpty || neighbour.asker.map(seen.contains) ?? false
        }
        var lines = told.flatMap { SilentNeighbour($0, on: canvas).lines(ofCommand: false) }
        if !leases.isEmpty { lines += [Line()] + LeaseTable(on: canvas, clock: clock).lines(leases) }
        if leftOut > 0 {
            lines +=
                [Line()]
                + Paragraph.wrap(
                    "More silent neighbours or DHCP exchanges (\(leftOut)) are left out; --format ndjson has them all.",
                    width: canvas.width)
        }
        return lines
    }
}
