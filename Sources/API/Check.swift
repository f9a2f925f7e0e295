/// Something that answers depend on, and whether it is there.
package struct Check: Sendable, Equatable, Decodable {
    /// `daemon`, `tracepoints`, `cap_perfmon`, …
    package var name: String
    package var state: State
    /// What was found, in one sentence.
    package var finding: String
    /// Which answers are lost, or less than they could be; absent when all is well.
    package var lost: String?
    /// A command that helps, as a shell takes it.
    package var fix: String?

    package enum State: String, Sendable, Decodable, CaseIterable {
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

/// What `waybill doctor` found: its own checks, then the daemon's.
package struct Checkup: Sendable, Equatable {
    package var checks: [Check]

    package init(_ checks: [Check]) { self.checks = checks }

    /// No answer is lost, as far as can be told.
    package var isWell: Bool { !checks.contains { $0.state == .lost || $0.state == .unknown } }
}

extension Check: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("state", state)
        writer.field("finding", finding)
        writer.field("lost", lost)
        writer.field("fix", fix)
        writer.endObject()
    }
}

extension Checkup: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("well", isWell)
        writer.field("checks", checks)
        writer.endObject()
    }
}
