import API
import Diagnose
import Model

// The observed values in the contract's words. No `default:`, so a new word in the model stops the build here.

extension Time {
    init(_ timestamp: Timestamp) { self.init(nanoseconds: timestamp.nanoseconds) }
}

extension Milliseconds {
    init(_ span: TimeSpan) { self.init(nanoseconds: span.nanoseconds) }
}

extension API.Transport {
    init(_ transport: TransportProtocol) {
        switch transport {
        case .tcp: self = .tcp
        case .udp: self = .udp
        case .icmp: self = .icmp
        case .icmpv6: self = .icmpv6
        }
    }
}

extension API.Direction {
    init(_ direction: Model.Direction) {
        switch direction {
        case .outbound: self = .outbound
        case .inbound: self = .inbound
        case .forwarded: self = .forwarded
        case .local: self = .local
        }
    }
}

extension API.TCPState {
    init(_ state: Model.TCPState) {
        switch state {
        case .noAnswer: self = .noAnswer
        case .refused: self = .refused
        case .aborted: self = .aborted
        case .halfOpen: self = .halfOpen
        case .established: self = .established
        case .halfClosed: self = .halfClosed
        case .closed: self = .closed
        case .resetByClient: self = .resetByClient
        case .resetByServer: self = .resetByServer
        case .midstream: self = .midstream
        }
    }
}

extension API.Outcome {
    init(_ outcome: Model.Outcome) {
        switch outcome {
        case .ok: self = .ok
        case .failed: self = .failed
        case .pending: self = .pending
        case .unknown: self = .unknown
        }
    }
}

extension StageName {
    init(_ kind: StageKind) {
        switch kind {
        case .process: self = .process
        case .name: self = .name
        case .route: self = .route
        case .neighbour: self = .neighbour
        case .port: self = .port
        case .translation: self = .translation
        case .connect: self = .connect
        case .secure: self = .secure
        case .exchange: self = .exchange
        case .close: self = .close
        }
    }
}

extension API.StageStatus {
    init(_ status: Model.StageStatus) {
        switch status {
        case .ok: self = .ok
        case .failed: self = .failed
        case .pending: self = .pending
        case .unseen: self = .unseen
        case .notApplicable: self = .notApplicable
        }
    }
}

extension API.Stage {
    init(_ stage: Model.Stage) {
        self.init(
            StageName(stage.kind), API.StageStatus(stage.status), start: stage.start.map { Time($0) },
            duration: stage.duration.map { Milliseconds($0) }, reason: stage.reason,
            facts: stage.facts.map { Fact($0) })
    }
}

extension API.Fact {
    init(_ fact: StageFact) {
        self.init(fact.name, Value(fact.value), from: Source(fact.source))
    }
}

extension API.Fact.Value {
    init(_ value: StageFact.Value) {
        switch value {
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .span(let span): self = .span(Milliseconds(span))
        case .flag(let flag): self = .flag(flag)
        case .list(let list): self = .list(list)
        }
    }
}

extension API.Fact.Source {
    init(_ source: StageFact.Source) {
        switch source {
        case .frame: self = .frame
        case .kernel: self = .kernel
        case .inferred: self = .inferred
        }
    }
}

extension API.Tunnel {
    init(_ tunnel: Model.Tunnel) {
        self.init(
            kind: tunnel.kind.name, id: tunnel.identifier, source: tunnel.source?.description,
            destination: tunnel.destination?.description)
    }
}

extension API.Coverage {
    init(_ coverage: Model.Coverage) {
        self.init()
        cutFrames = coverage.cutFrames
        joinedMidstream = coverage.joinedMidstream
        untrackedHoles = coverage.untrackedHoles
        copiesElsewhere = coverage.copiesElsewhere
        analysisSkipped = coverage.analysisSkipped ? true : nil
        translationsMissed = coverage.translationsMissed ? true : nil
        reassembled = coverage.reassembled
    }
}

extension FragmentTotals {
    init(_ summary: FragmentSummary) {
        self.init()
        reassembled = summary.reassembled
        overlapping = summary.overlapping
        tooLarge = summary.tooLarge
        tooManyPieces = summary.tooManyPieces
        cut = summary.cut
        incomplete = summary.incomplete
    }
}

extension SegmentCounts {
    init(_ analysis: TCPAnalysis) {
        self.init()
        func present(_ count: UInt32) -> UInt32? { count > 0 ? count : nil }
        fastRetransmissions = present(analysis.fastRetransmissions)
        spuriousRetransmissions = present(analysis.spuriousRetransmissions)
        duplicateAcks = present(analysis.duplicateAcks)
        lostSegments = present(analysis.lostSegments)
        ackedUnseenSegments = present(analysis.ackedUnseenSegments)
        windowFull = present(analysis.windowFull)
        windowUpdates = present(analysis.windowUpdates)
        zeroWindowProbes = present(analysis.zeroWindowProbes)
        keepAlives = present(analysis.keepAlives)
        keepAliveAcks = present(analysis.keepAliveAcks)
    }
}

extension API.Verdict {
    init(_ verdict: Diagnose.Verdict) {
        self.init(
            id: verdict.id, severity: Severity(verdict.severity), stage: verdict.stage.map { StageName($0) },
            summary: verdict.summary, evidence: verdict.evidence, confidence: Confidence(verdict.confidence),
            next: verdict.next)
    }
}

extension API.Verdict.Severity {
    init(_ severity: Diagnose.Verdict.Severity) {
        switch severity {
        case .none: self = .none
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}

extension API.Verdict.Confidence {
    init(_ confidence: Diagnose.Verdict.Confidence) {
        switch confidence {
        case .certain: self = .certain
        case .likely: self = .likely
        case .possible: self = .possible
        }
    }
}

extension SocketAddress {
    init(_ endpoint: Endpoint) { self.init(address: endpoint.address.description, port: endpoint.port) }
}

extension API.ICMPError.Quotation {
    /// The ports of a quoted packet are ports only where its protocol has them.
    init(_ quotation: ICMPErrorReport.Quotation) {
        let transport = TransportProtocol(rawValue: quotation.protocolNumber)
        let hasPorts = transport == .tcp || transport == .udp
        func address(_ endpoint: Endpoint) -> SocketAddress {
            SocketAddress(address: endpoint.address.description, port: hasPorts ? endpoint.port : nil)
        }
        self.init(
            transport: transport?.name ?? String(quotation.protocolNumber), source: address(quotation.source),
            destination: address(quotation.destination))
    }
}

extension API.ConnectAttempt {
    init(_ attempt: Model.ConnectAttempt) {
        self.init(
            client: SocketAddress(attempt.client), server: SocketAddress(attempt.server),
            started: Time(attempt.started), outcome: attempt.outcome.name, reason: attempt.reason,
            duration: attempt.duration.map { Milliseconds($0) }, interface: attempt.interface)
    }
}

extension API.ElsewhereAnswer {
    init(_ answer: Model.ElsewhereAnswer) {
        self.init(
            address: answer.from.address.description, port: answer.from.port, mac: answer.mac?.description,
            time: Time(answer.time))
    }
}

extension API.ServingListener {
    init(_ listener: Model.ServingListener) {
        self.init(
            address: listener.address.description, waiting: listener.queue?.waiting, limit: listener.queue?.limit)
    }
}
