package import Model

/// The finding about one request, in plain words.
package struct Verdict: Sendable, Equatable {
    /// Stable, `stage.reason`, so that scripts and documents can refer to it.
    package var id: String
    package var severity: Severity
    /// `nil` when it is about the request as a whole.
    package var stage: StageKind?
    /// What happened, in one sentence that needs no knowledge of protocols.
    package var summary: String
    /// What was observed, one observation each: times, counts, addresses.
    package var evidence: [String]
    package var confidence: Confidence
    /// What to try next: commands that can be pasted into a shell, or a sentence.
    package var next: [String]

    package enum Severity: String, Sendable, CaseIterable, Comparable {
        case none, notice, warning, error

        private var rank: Int {
            switch self {
            case .none: 0
            case .notice: 1
            case .warning: 2
            case .error: 3
            }
        }

        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    }

    package enum Confidence: String, Sendable, CaseIterable {
        case certain, likely, possible
    }
}
