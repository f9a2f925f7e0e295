import API

/// The lines above a waterfall: who asked whom, and how it went.
struct RequestHeader {
    private let request: Request
    private let canvas: Canvas
    private let clock: Clock
    private let isComplete: Bool

    /// - Parameter isComplete: Zeek's codes too.
    init(_ request: Request, on canvas: Canvas, clock: Clock, isComplete: Bool) {
        self.request = request
        self.canvas = canvas
        self.clock = clock
        self.isComplete = isComplete
    }

    func lines() -> [Line] {
        let ellipsis = canvas.drawing.ellipsis
        return Paragraph.pack(title(), separator: "  ", width: canvas.width, ellipsis: ellipsis)
            + Paragraph.pack(
                details(), separator: canvas.drawing.separator, width: canvas.width, ellipsis: ellipsis)
    }

    /// `tcp  10.77.0.2:41234 → www.lab.test  10.77.9.9:80`, in pieces that stay whole when it is too long for a line.
    private func title() -> [Line] {
        var protocols = Line(request.application ?? request.transport.rawValue, .heading)
        if request.application != nil { protocols.append(" over \(request.transport.rawValue)", .quiet) }
        var way = Line(request.client.endpoint, .address)
        way.append(" \(canvas.drawing.arrow) ", .quiet)
        var pieces = [protocols, way]
        if let name = request.server.trustedName {
            pieces[1].append(name, .heading)
            pieces.append(Line(request.server.endpoint, .address))
        } else {
            pieces[1].append(request.server.endpoint, .address)
        }
        if request.asksForNames, let lookup = request.lookups.first {
            pieces.append(Line("\(lookup.name) \(lookup.type)", .heading))
        }
        return pieces
    }

    private func details() -> [Line] {
        let drawing = canvas.drawing
        var parts: [String] = []
        if request.duration.microseconds > 0 { parts.append(Quantity.span(request.duration, drawing)) }
        if request.isOpen { parts.append("still open") }
        let received = request.server.payloadBytes
        let sent = request.client.payloadBytes
        if received > 0 || sent > 0 {
            parts.append("\(Quantity.bytes(sent)) sent, \(Quantity.bytes(received)) received")
        }
        var way = request.direction.rawValue
        if let interface = request.interface { way += " on \(interface)" }
        if !request.vlanIDs.isEmpty { way += " VLAN \(request.vlanIDs.map { "\($0)" }.joined(separator: "."))" }
        if !request.tunnels.isEmpty { way += " in " + request.tunnels.map(\.words).joined(separator: ", in ") }
        parts += [way, clock.precise(request.first), request.id]
        if isComplete, let state = request.connState {
            parts.append(request.history.map { "\(state) \($0)" } ?? state)
        }
        return [request.result(drawing)] + parts.map { Line($0, .quiet) }
    }
}

extension Tunnel {
    /// `vxlan 42 from 192.0.2.1 to 192.0.2.2`
    fileprivate var words: String {
        var text = spoken(kind)
        if let id { text += " \(id)" }
        if let source, let destination { text += " from \(source) to \(destination)" }
        return text
    }
}

extension RequestSide {
    /// The address with the port, which stays when there is too little room for both.
    var endpointLine: Line {
        let port = port.map { ":\($0)" } ?? ""
        return Line(String(endpoint.dropLast(port.count)), keeping: port, .address)
    }
}

extension Request {
    /// The name that the server is known by, or its address; with the port where there is one.
    var destination: Line {
        // A lookup is about the name that it asks for, whichever server answers.
        if asksForNames, let lookup = lookups.first {
            return Line(lookup.name, keeping: " \(lookup.type)", .name)
        }
        let port = server.port.map { ":\($0)" } ?? ""
        guard let name = server.trustedName else {
            return Line(String(server.endpoint.dropLast(port.count)), keeping: port, .name)
        }
        return Line(name, keeping: port, .name)
    }

    /// Whether ``destination`` leaves the server's address unsaid.
    var namesDestination: Bool { asksForNames && !lookups.isEmpty || server.trustedName != nil }

    /// Nothing has come of it yet, or it goes on.
    var isUnderWay: Bool { isOpen || outcome == .pending && !complete }

    /// Neither side has ended it. (A record is complete only some time after that, when nothing late can come.)
    fileprivate var isOpen: Bool {
        switch state {
        case .established, .halfOpen, .halfClosed, .midstream: !complete
        case .noAnswer, .refused, .aborted, .closed, .resetByClient, .resetByServer, nil: false
        }
    }

    /// Mark and words: `✗ connect refused`, `✓ closed`.
    func result(_ drawing: Drawing) -> Line {
        var line = outcome.status.mark(drawing)
        line.append(" ")
        if let failure {
            line.append("\(failure.stage.rawValue) \(spoken(failure.reason))", .bad)
        } else if let state {
            line.append(spoken(state.rawValue), outcome == .ok ? .plain : outcome.style)
        } else if outcome == .ok {
            line.append("answered")
        } else {
            line.append(outcome == .unknown ? "not known" : outcome.rawValue, outcome.style)
        }
        return line
    }

    /// The last stage that was begun.
    var reachedStage: StageName? {
        stages.last { $0.status == .ok || $0.status == .failed || $0.status == .pending }?.stage
    }

    /// What both sides sent, saturating.
    var payloadBytes: UInt64 {
        let (sum, overflow) = client.payloadBytes.addingReportingOverflow(server.payloadBytes)
        return overflow ? .max : sum
    }
}
