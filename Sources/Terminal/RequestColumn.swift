import API

/// What a list of requests can show, by the names that `--columns` and `--sort` take.
package enum RequestColumn: String, Sendable, CaseIterable {
    case when, ago, id
    case transport = "proto"
    case process, pid, user, unit, from, to, address, result, reached, state
    case duration = "time"
    case rtt, bytes, sent, received, verdict, way
}

extension RequestColumn {
    /// - Returns: `nil` when no column has this name.
    package init?(name: String) {
        switch name.lowercased() {
        case "duration": self = .duration
        case "protocol": self = .transport
        case let name: self.init(rawValue: name)
        }
    }

    /// Before its value where there are no titles.
    var label: String {
        switch self {
        case .when, .ago, .result, .way: ""
        case .id: "id"
        case .transport: "by"
        case .process: "process"
        case .pid: "pid"
        case .user: "user"
        case .unit: "unit"
        case .from: "from"
        case .to: "to"
        case .address: "at"
        case .reached: "reached"
        case .state: "state"
        case .duration: "took"
        case .rtt: "round trip"
        case .bytes: "payload"
        case .sent: "sent"
        case .received: "received"
        case .verdict: "verdict"
        }
    }

    /// The column of a table as wide as `canvas`.
    ///
    /// - Parameter rank: see ``Column``.
    func column(on canvas: Canvas, rank: Int) -> Column {
        let isWide = canvas.isWide
        return switch self {
        case .when: Column(rawValue, minimum: isWide ? 12 : 8, maximum: 16, rank: rank, isWhole: true)
        case .ago: Column(rawValue, .right, minimum: 5, maximum: 8, rank: rank, isWhole: true)
        case .id: Column(rawValue, minimum: isWide ? 12 : 8, rank: rank)
        case .transport: Column(rawValue, minimum: 5, maximum: 6, rank: rank)
        // Names of processes have 15 bytes at most.
        case .process: Column(rawValue, minimum: 7, maximum: 15, rank: rank)
        case .pid: Column(rawValue, .right, minimum: 3, maximum: 7, rank: rank, isWhole: true)
        case .user: Column(rawValue, minimum: 4, maximum: 32, rank: rank)
        case .unit: Column(rawValue, minimum: 8, maximum: 40, rank: rank)
        case .from: Column(rawValue, minimum: 13, maximum: 47, rank: rank, isWhole: true)
        case .to: Column(rawValue, minimum: 13, maximum: 60, rank: rank)
        case .address: Column(rawValue, minimum: 15, maximum: 47, rank: rank, isWhole: true)
        case .result: Column(rawValue, minimum: 19, maximum: 36, rank: rank)
        case .reached: Column(rawValue, minimum: 9, rank: rank)
        case .state: Column(rawValue, minimum: 8, maximum: 15, rank: rank, isWhole: true)
        case .duration: Column(rawValue, .right, minimum: 8, maximum: 12, rank: rank, isWhole: true)
        case .rtt: Column(rawValue, .right, minimum: 7, maximum: 12, rank: rank, isWhole: true)
        case .bytes, .sent, .received: Column(rawValue, .right, minimum: 7, maximum: 12, rank: rank, isWhole: true)
        case .verdict: Column(rawValue, minimum: 14, maximum: 32, rank: rank)
        case .way: Column(rawValue, minimum: 8, maximum: 25, rank: rank, isWhole: true)
        }
    }

    func cell(_ request: Request, on canvas: Canvas, clock: Clock) -> Line {
        let drawing = canvas.drawing
        return switch self {
        case .when: Line(clock.short(request.first, canvas.isWide ? .milliseconds : .seconds), .quiet)
        case .ago: Line(clock.ago(request.first), .quiet)
        case .id: Line(canvas.isWide ? request.id : String(request.id.prefix(8)), .quiet)
        case .transport: Line(request.asksForNames ? request.application ?? "dns" : request.transport.rawValue)
        case .process: Line(request.processName ?? "")
        case .pid: Line(request.pid.map { String($0) } ?? "", .quiet)
        case .user: Line(request.processText("user") ?? "")
        case .unit: Line(request.processText("unit") ?? "")
        case .from: request.client.endpointLine
        case .to: request.destination
        case .address: request.namesDestination ? request.server.endpointLine : Line()
        case .result: result(request, drawing)
        case .reached: Line(request.reachedStage?.rawValue ?? "", .quiet)
        case .state: Line(request.state.map { spoken($0.rawValue) } ?? "", .quiet)
        case .duration: span(request.duration.microseconds > 0 ? request.duration : nil, drawing)
        case .rtt: span(request.handshakeRTT, drawing)
        case .bytes: bytes(request.payloadBytes, drawing)
        case .sent: bytes(request.client.payloadBytes, drawing)
        case .received: bytes(request.server.payloadBytes, drawing)
        case .verdict: Line(request.verdict?.id ?? "", .quiet)
        case .way: Line("\(request.direction.rawValue)\(request.interface.map { " \($0)" } ?? "")", .quiet)
        }
    }

    /// What came of it, and whether NAT had a part in it.
    private func result(_ request: Request, _ drawing: Drawing) -> Line {
        var line = request.result(drawing)
        if request.translation != nil { line.append("\(drawing.separator)nat", .quiet) }
        return line
    }

    private func span(_ span: Milliseconds?, _ drawing: Drawing) -> Line {
        span.map { Line(Quantity.span($0, drawing)) } ?? Line(drawing.dash, .quiet)
    }

    private func bytes(_ count: UInt64, _ drawing: Drawing) -> Line {
        count > 0 ? Line(Quantity.bytes(count)) : Line(drawing.dash, .quiet)
    }
}

extension Canvas {
    /// Room for whole identifiers and for milliseconds.
    var isWide: Bool { width >= 120 }
}
