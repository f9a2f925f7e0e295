/// The stages of one request, derived once: what every view, filter and verdict looks at.
package struct Waterfall: Sendable, Equatable {
    /// All ten, in the order of ``StageKind``.
    package let stages: [Stage]
    package let outcome: Outcome
    /// The first stage that failed; a mapping that had ended when the answer came is why those before it did.
    package let failure: StageFailure?

    package init(_ lifecycle: Lifecycle) {
        let stages = StageKind.allCases.map { lifecycle.stage($0) }
        // A question in vain, whose answer got no further than this host: that is why.
        let cause = lifecycle.unclaimed?.missing == .mapping ? stages[Int(StageKind.translation.rawValue)] : nil
        failure = (cause ?? stages.first { $0.status == .failed }).map {
            StageFailure(stage: $0.kind, reason: $0.reason ?? "unknown")
        }
        outcome = lifecycle.outcome(of: stages)
        self.stages = stages
    }

    package func stage(_ kind: StageKind) -> Stage { stages[Int(kind.rawValue)] }
}

/// How a request came out.
package enum Outcome: UInt8, Sendable, CaseIterable {
    case ok, failed, pending
    /// It is over, and too little was seen to tell.
    case unknown

    package var name: String {
        switch self {
        case .ok: "ok"
        case .failed: "failed"
        case .pending: "pending"
        case .unknown: "unknown"
        }
    }
}

/// Where a request failed, and why, in the stage's own word.
package struct StageFailure: Sendable, Equatable {
    package var stage: StageKind
    package var reason: String

    package init(stage: StageKind, reason: String) {
        self.stage = stage
        self.reason = reason
    }
}

extension Lifecycle {
    package var waterfall: Waterfall { Waterfall(self) }
    package var stages: [Stage] { waterfall.stages }
    package var outcome: Outcome { waterfall.outcome }
    package var failure: StageFailure? { waterfall.failure }

    package func status(of kind: StageKind) -> StageStatus { stage(kind).status }

    package func stage(_ kind: StageKind) -> Stage {
        if let unsent { return stage(kind, unsent) }
        return switch kind {
        case .process: processStage
        case .name: nameStage
        case .route: routeStage
        case .neighbour: neighbourStage
        case .port: portStage
        case .translation: translationStage
        case .connect: connectStage
        case .secure: secureStage
        case .exchange: exchangeStage
        case .close: closeStage
        }
    }

    /// A request is `ok` once the server has answered what it was asked, or the connection ended in order; an open
    /// connection that was answered does not wait for its close.
    fileprivate func outcome(of stages: [Stage]) -> Outcome {
        func status(_ kind: StageKind) -> StageStatus { stages[Int(kind.rawValue)].status }
        if stages.contains(where: { $0.status == .failed }) { return .failed }
        if status(.exchange) == .ok || status(.close) == .ok { return .ok }
        return ending == nil && !isUnsolicited ? .pending : .unknown
    }
}
