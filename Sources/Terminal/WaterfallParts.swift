import API

/// What a stage is made of, where that is several things, each in its own time: the exchanges of a connection, the
/// attempts to reach a name, the legs of its way.
struct StagePart {
    /// `1 GET`, at most as wide as a stage's name.
    var label: String
    /// Broken off, not only answered with an error.
    var isBad: Bool
    var hasFailed: Bool
    var start: Time?
    var end: Time?
    var duration: Milliseconds?
    /// For people who see the bar.
    var told: Line
    /// For those who do not.
    var sentence: String
}

extension Waterfall {
    /// Parts shown of one stage, unless every fact is wanted: the first ones, and the first that failed after them.
    private static let limit = 8
    private static let failedLimit = 4

    func parts(of stage: Stage) -> [StagePart] {
        let all: [StagePart] =
            switch stage.stage {
            case .connect: (request.attempts ?? []).enumerated().map { part($1, number: $0 + 1, of: stage) }
            case .exchange: (request.http?.exchanges ?? []).map(part)
            case .translation:
                (request.legs ?? []).enumerated().map { index, leg in
                    part(leg, number: index + 1, after: index > 0 ? request.legs?[index - 1] : nil)
                }
            case .process, .name, .route, .neighbour, .port, .secure, .close: []
            }
        guard all.count > 1 else { return [] }
        if isComplete { return all }
        return Array(all.prefix(Self.limit)) + all.dropFirst(Self.limit).filter(\.hasFailed).prefix(Self.failedLimit)
    }

    /// That there were more exchanges than are shown.
    func leftOut(of stage: Stage) -> [Line] {
        guard stage.stage == .exchange, let http = request.http, http.exchanges.count > 1 else { return [] }
        let (left, overflow) = http.exchangeCount.subtractingReportingOverflow(parts(of: stage).count)
        guard left > 0, !overflow else { return [] }
        var line = Line()
        if drawing != .words { line.pad(to: 3) }
        line.append(Quantity.count(UInt64(left), "more exchange", "more exchanges"), .quiet)
        return [line]
    }

    private func part(_ attempt: ConnectAttempt, number: Int, of stage: Stage) -> StagePart {
        let isWon = attempt.outcome == "won"
        let outcome = attempt.outcome == "failed" ? spoken(attempt.reason ?? "failed") : spoken(attempt.outcome)
        let address = attempt.server.address
        var told = Line(outcome, isWon ? .good : attempt.outcome == "failed" ? .bad : .quiet)
        told.append(drawing.separator, .quiet)
        told.append(address, .address)
        // One that nothing came of was waited for until another one did.
        let end =
            attempt.duration.map { attempt.started.after($0) }
            ?? stage.duration.flatMap { span in stage.start?.after(span) }
        return StagePart(
            label: "\(number) \(address.contains(":") ? "IPv6" : "IPv4")", isBad: attempt.outcome == "failed",
            hasFailed: attempt.outcome == "failed", start: attempt.started, end: end, duration: attempt.duration,
            told: told,
            sentence: "attempt \(number): \(address), \(outcome)"
                + times(from: attempt.started, took: attempt.duration))
    }

    /// `lan0  as sent`, `wan0  from 11.22.33.44:1189`: what is written differently there than on the leg before, and when
    /// packets came there from that leg.
    private func part(_ leg: Leg, number: Int, after previous: Leg?) -> StagePart {
        let place = leg.interface ?? "?"
        var told = Line()
        let before = previous?.tuple ?? Translation.Tuple(request)
        if leg.tuple.source != before.source {
            told.append("from ", .quiet)
            told.append(leg.tuple.source.text, .address)
        }
        if leg.tuple.destination != before.destination {
            told.append(told.width > 0 ? " to " : "to ", .quiet)
            told.append(leg.tuple.destination.text, .address)
        }
        if told.width == 0 { told.append(previous == nil ? "as sent" : "unchanged", .quiet) }
        if let tunnel = leg.tunnels.last { told.append("\(drawing.separator)in \(spoken(tunnel.kind))", .quiet) }
        if leg.knownBy == "segment" { told.append("\(drawing.separator)inferred", .quiet) }
        if let delay = leg.answerDelay {
            told.append("\(drawing.separator)back after \(Quantity.span(delay, drawing))", .quiet)
        }
        return StagePart(
            label: "\(number) \(place)", isBad: false, hasFailed: false, start: leg.first, end: leg.first,
            duration: leg.delay, told: told,
            sentence: "leg \(number) on \(place): \(told.rendered(inColor: false))"
                + times(from: leg.first, took: leg.delay))
    }

    private func part(_ exchange: HTTPExchange) -> StagePart {
        let isCut = exchange.interrupted != nil
        var taken: Milliseconds?
        if let begin = exchange.requested, let end = exchange.responseEnded {
            taken = Milliseconds(
                microseconds: axis.since(end).microseconds.subtractingReportingOverflow(axis.since(begin).microseconds)
                    .partialValue)
        }
        let told = told(exchange)
        let asked = exchange.method.map { "\($0) " } ?? ""
        return StagePart(
            label: "\(exchange.number) \(exchange.method ?? "")", isBad: isCut,
            hasFailed: isCut || exchange.status.map { $0 >= 400 } ?? false,
            start: exchange.requested ?? exchange.responded, end: exchange.end, duration: taken, told: told,
            sentence: "exchange \(exchange.number): \(asked)\(told.rendered(inColor: false))"
                + times(from: exchange.requested ?? exchange.responded, took: taken))
    }

    /// `/index.html → 200`, and who broke it off.
    private func told(_ exchange: HTTPExchange) -> Line {
        var line = Line(exchange.path ?? exchange.host ?? "")
        if let status = exchange.status {
            line.append(" \(drawing.arrow) ", .quiet)
            line.append("\(status)", status >= 400 ? .doubtful : .good)
        }
        if let interrupted = exchange.interrupted { line.append(" \(spoken(interrupted))", .bad) }
        return line
    }

    private func times(from start: Time?, took: Milliseconds?) -> String {
        let at = start.map { ", at \(Quantity.span(axis.since($0), drawing))" } ?? ""
        return at + (took.map { ", took \(Quantity.span($0, drawing))" } ?? "")
    }
}

extension Translation.Tuple {
    /// As the title of a request has it.
    fileprivate init(_ request: Request) {
        self.init(
            source: SocketAddress(address: request.client.address, port: request.client.port),
            destination: SocketAddress(address: request.server.address, port: request.server.port))
    }
}
