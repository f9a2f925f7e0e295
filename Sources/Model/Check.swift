/// Something that answers depend on, as it was found: what nobody can tell without it, and what brings it back.
package struct Check: Sendable, Equatable {
    /// A word of the contract: `tracepoints`, `cap_perfmon`, …
    package var name: String
    package var state: State
    /// What was found, in one sentence.
    package var finding: String
    /// Which answers are lost or less than they could be; `nil` when all is well.
    package var lost: String?
    /// A command that helps, as a shell takes it.
    package var fix: String?

    package enum State: String, Sendable, CaseIterable {
        case ok
        /// Answers are there, fewer or less exact than they could be.
        case limited
        case lost
        /// It could not be looked at.
        case unknown
    }

    package init(_ name: String, _ state: State, _ finding: String, lost: String? = nil, fix: String? = nil) {
        self.name = name
        self.state = state
        self.finding = finding
        self.lost = lost
        self.fix = fix
    }
}
