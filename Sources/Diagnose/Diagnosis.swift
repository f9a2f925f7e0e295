// Diagnose's door: other modules call `Diagnosis.verdict` and nothing else; the rules hang off it.

package import Model

/// Finds the verdict of a request: the first rule that has one.
package enum Diagnosis {
    /// One thing that can be wrong, or right, with a request: `nil` when it does not apply.
    typealias Rule = @Sendable (Case) -> Verdict?

    /// The rules for a failure at one stage: the first stage that failed is the one to explain, what came after it is a
    /// consequence.
    private static func rules(for stage: StageKind) -> [Rule] {
        switch stage {
        case .name: name
        case .neighbour: neighbour
        case .connect: connect
        case .secure: secure
        case .exchange: exchange
        case .close: close
        case .route: route
        case .port: [portExhausted, portReused]
        case .translation: [translationMappingGone, translationTableFull, translationSource, translationCollision]
        case .process: []
        }
    }

    private static let name: [Rule] = [
        nameNXDomain, nameServerFailure, nameRefused, nameNoData, nameNoAnswer, nameFailed,
    ]
    private static let route: [Rule] = [routeNoCommonFamily, routeMissing, routeRefused]
    private static let neighbour: [Rule] = [neighbourWithoutCarrier, neighbourUnanswered, neighbourContested]
    private static let connect: [Rule] = [
        connectLoopbackOnly, connectForwardRefused, connectRefused, unreachable, connectNotAccepted, connectAborted,
        connectHairpin, connectAnsweredElsewhere, connectNoAnswer, connectHalfOpen,
    ]
    private static let secure: [Rule] = [
        mtuBlackHole, secureHelloLost, secureCertificate, secureAlert, secureEncryptedAlert, secureClosedInQUIC,
        secureUnanswered, secureCutShort,
    ]
    private static let exchange: [Rule] = [
        exchangeUnclaimed, unreachable, mtuBlackHole, exchangeUnacknowledged, failedByZeroWindow, exchangeNoResponse,
        exchangeReset, exchangeIncomplete, echoUnanswered,
    ]
    private static let close: [Rule] = [failedByZeroWindow, closeReset]
    /// What is odd about a request that did not fail: the worst is told, of several the first in the order of the stages.
    private static let oddities: [Rule] = [
        connectUnsolicited, mtuBlackHole, secureHelloLost, exchangeUnacknowledged, secureCertificateLeft,
        nameServerSilent, nameSlow, nameSearchDetour, portReused, connectOneSided, connectFallback, connectSlow,
        secureUntrusted, captivePortal, httpError, pathMTU, transferLoss, zeroWindow, exchangeSlow, closeResetInFull,
    ]
    /// Where nothing failed, or no rule knows the failure.
    private static let others: [Rule] = [healthy, pending]

    package static func verdict(on lifecycle: Lifecycle, _ waterfall: Waterfall) -> Verdict {
        let subject = Case(lifecycle, waterfall)
        for rule in waterfall.failure.map({ rules(for: $0.stage) }) ?? [] {
            if let verdict = rule(subject) { return verdict }
        }
        var worst: Verdict?
        for rule in waterfall.failure == nil ? oddities : [] {
            guard let verdict = rule(subject), verdict.severity > worst?.severity ?? .none else { continue }
            worst = verdict
        }
        if let worst { return worst }
        for rule in others {
            if let verdict = rule(subject) { return verdict }
        }
        return unseen(subject)
    }

    package static func verdict(on lifecycle: Lifecycle) -> Verdict { verdict(on: lifecycle, lifecycle.waterfall) }
}
