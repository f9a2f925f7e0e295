// Diagnose's door: other modules call `Diagnosis.verdict` and nothing else; the rules hang off it.

package import Model

/// Finds the verdict of a request: the first rule that has one.
package enum Diagnosis {
    /// One thing that can be wrong, or right, with a request: `nil` when it does not apply.
    typealias Rule = @Sendable (Case) -> Verdict?

    /// What failed first is asked first, so that a rule never explains a consequence. The last three always find
    /// one between them.
    private static let rules: [Rule] = [
        nameNXDomain, nameServerFailure, nameRefused, nameNoData, nameNoAnswer, nameFailed,
        neighbourUnanswered, neighbourContested,
        connectRefused, connectUnreachable, connectAborted, connectNoAnswer, connectHalfOpen,
        secureAlert, secureEncryptedAlert, secureClosedInQUIC, secureCutShort,
        exchangeUnreachable, exchangeNoResponse, exchangeReset, exchangeIncomplete, echoUnanswered, closeReset,
        connectFallback, healthy, pending,
    ]

    package static func verdict(on lifecycle: Lifecycle, _ waterfall: Waterfall) -> Verdict {
        let subject = Case(lifecycle, waterfall)
        for rule in rules {
            if let verdict = rule(subject) { return verdict }
        }
        return unseen(subject)
    }

    package static func verdict(on lifecycle: Lifecycle) -> Verdict { verdict(on: lifecycle, lifecycle.waterfall) }
}
