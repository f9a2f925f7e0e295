/// One step of a lifecycle, with what is known of it and from where.
package struct Stage: Sendable, Equatable {
    package var kind: StageKind
    package var status: StageStatus
    package var start: Timestamp?
    package var duration: TimeSpan?
    /// In order of importance: renderers show them left to right.
    package var facts: [StageFact]
    /// Of a failed or pending stage one of its own words (`refused`, `nxdomain`, …); of another one a sentence that
    /// says why nothing is known of it.
    package var reason: String?

    package init(
        _ kind: StageKind, _ status: StageStatus, start: Timestamp? = nil, duration: TimeSpan? = nil,
        reason: String? = nil, facts: [StageFact] = []
    ) {
        self.kind = kind
        self.status = status
        self.start = start
        self.duration = duration
        self.reason = reason
        self.facts = facts
    }
}

/// The stages of a request, in the order of the waterfall.
package enum StageKind: UInt8, Sendable, CaseIterable {
    case process, name, route, neighbour, port, translation, connect, secure, exchange, close

    package var name: String {
        switch self {
        case .process: "process"
        case .name: "name"
        case .route: "route"
        case .neighbour: "neighbour"
        case .port: "port"
        case .translation: "translation"
        case .connect: "connect"
        case .secure: "secure"
        case .exchange: "exchange"
        case .close: "close"
        }
    }
}

package enum StageStatus: UInt8, Sendable, CaseIterable {
    case ok, failed, pending
    /// It must have happened and was not observed: cached, or before the capture.
    case unseen
    case notApplicable

    package var name: String {
        switch self {
        case .ok: "ok"
        case .failed: "failed"
        case .pending: "pending"
        case .unseen: "unseen"
        case .notApplicable: "not_applicable"
        }
    }
}

/// A named value of a stage, and where it came from.
package struct StageFact: Sendable, Equatable {
    package var name: String
    package var value: Value
    package var source: Source

    package enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        case span(TimeSpan)
        case flag(Bool)
        case list([String])
    }

    package enum Source: UInt8, Sendable {
        case frame, kernel, inferred

        package var name: String {
            switch self {
            case .frame: "frame"
            case .kernel: "kernel"
            case .inferred: "inferred"
            }
        }
    }

    package init(_ name: String, _ value: Value, from source: Source = .frame) {
        self.name = name
        self.value = value
        self.source = source
    }
}
