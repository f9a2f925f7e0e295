import Model

/// One source of the kernel's knowledge, run by the thread of ``HostWatcher``. It never waits: the thread polls for it.
protocol HostPart: AnyObject {
    /// What it is, and why it tells nothing, if so.
    var source: HostSource { get }
    /// Readable when ``turn(_:)`` has something to do.
    var descriptors: [CInt] { get }
    /// When it wants a turn though nothing is readable; `nil` for at the next occasion.
    var due: Timestamp? { get }
    var tables: [TableSummary] { get }

    /// What `waybill doctor` says of it.
    func checks(_ surroundings: Surroundings) -> [Check]

    /// Asks the kernel about requests that have begun; the answers are facts of this or a later turn.
    func ask(_ questions: [HostQuestion])

    /// Takes in what waits, and tells what was learnt.
    func turn(_ now: Timestamp) -> [Fact]

    /// Once a second: forgets what is over, tries again what failed.
    func expire(at now: Timestamp)
}

extension HostPart {
    var due: Timestamp? { nil }
}

/// One place where the kernel is listened to.
package struct HostSource: Sendable, Equatable {
    /// What is lost without it stands beside each.
    package enum Name: String, Sendable, CaseIterable {
        /// Processes that live for a few milliseconds only.
        case tracepoints
        /// Processes whose sockets were open before, or that tracepoints did not tell of.
        case sockets
        /// The route of a request, the kernel's neighbours.
        case routes
        /// Translations as the kernel has them.
        case conntrack
        /// The rule behind a translation.
        case rules

        /// What nobody can tell without it.
        package var lost: String {
            switch self {
            case .tracepoints: "process, of those that live for a moment"
            case .sockets: "process, of sockets that were open before"
            case .routes: "route"
            case .conntrack: "translation"
            case .rules: "the rule behind a translation"
            }
        }
    }

    package var name: Name
    /// Why it tells nothing, and what would help; `nil` when all is well.
    package var trouble: String?
    /// How often what it told was incomplete: records were lost and asked for anew.
    package var gaps: UInt64 = 0

    package init(name: Name, trouble: String? = nil) {
        self.name = name
        self.trouble = trouble
    }
}

extension HostSource {
    /// - Parameters:
    ///   - finding: what is said when all is well.
    ///   - fix: what helps when it tells nothing.
    func check(_ finding: String, fix: @autoclosure () -> String? = nil) -> Check {
        if let trouble { return Check(name.rawValue, .lost, trouble, lost: name.lost, fix: fix()) }
        guard gaps > 0 else { return Check(name.rawValue, .ok, finding) }
        return Check(
            name.rawValue, .limited, "\(gaps) times since the start the kernel had to drop what it had to tell",
            lost: "\(name.lost), at those times")
    }
}

package struct HostSettings: Sendable {
    /// Whether the arguments of programs are kept: they may hold what is nobody's business.
    package var keepsArguments = true

    package init() {}
}
