package import API
import Diagnose
package import Model

/// Everything that filters and conditions ask of a request, and nothing else: what is kept of one beside its record, so
/// that it can be found again without reading the record.
package struct RequestDigest: Sendable, Equatable {
    package var id: RequestID
    package var first: Timestamp
    package var last: Timestamp
    package var transport: API.Transport
    package var direction: API.Direction
    package var interface: String?
    package var application: String?
    /// Without ports where the protocol has none.
    package var client: Endpoint
    package var server: Endpoint
    /// All that the server is known by and all that were asked for, in lower case.
    package var names: [String] = []
    package var outcome: API.Outcome
    package var failure: API.Failure?
    package var state: API.TCPState?
    /// The verdict's identifier.
    package var verdict: String
    package var severity: API.Verdict.Severity
    package var isComplete: Bool
    /// Of the TCP handshake.
    package var roundTrip: Milliseconds?
    /// Payload bytes of the client and of the server.
    package var sent: UInt64 = 0
    package var received: UInt64 = 0
    /// TCP segments of both sides.
    package var retransmitted: UInt64?
    /// The user who may see it, where not everybody may; `nil` where that is not certain.
    package var owner: UInt32?
    package var user: Process.User?
    package var pid: Int32?
    package var process: String?
    package var executable: String?
    package var unit: String?
    package var container: String?
    package var containerRuntime: String?
    /// `snat`, `dnat`
    package var translations: [String] = []
    package var httpStatuses: [UInt16] = []

    package init(
        id: RequestID, first: Timestamp, last: Timestamp, transport: API.Transport, direction: API.Direction,
        client: Endpoint, server: Endpoint, outcome: API.Outcome, verdict: String, severity: API.Verdict.Severity,
        isComplete: Bool
    ) {
        self.id = id
        self.first = first
        self.last = last
        self.transport = transport
        self.direction = direction
        self.client = client
        self.server = server
        self.outcome = outcome
        self.verdict = verdict
        self.severity = severity
        self.isComplete = isComplete
    }

    package init(_ lifecycle: Lifecycle) {
        let waterfall = lifecycle.waterfall
        let verdict = Diagnosis.verdict(on: lifecycle, waterfall)
        self.init(
            lifecycle, outcome: API.Outcome(waterfall.outcome),
            failure: waterfall.failure.map { Failure(stage: StageName($0.stage), reason: $0.reason) },
            verdict: verdict.id, severity: API.Verdict.Severity(verdict.severity))
    }

    /// The same, of one whose record is there already: what was derived for that need not be derived again.
    package init(_ lifecycle: Lifecycle, of record: API.Request) {
        self.init(
            lifecycle, outcome: record.outcome, failure: record.failure, verdict: record.verdict?.id ?? "",
            severity: record.verdict?.severity ?? .none)
    }

    private init(
        _ lifecycle: Lifecycle, outcome: API.Outcome, failure: API.Failure?, verdict: String,
        severity: API.Verdict.Severity
    ) {
        func endpoint(_ side: Side) -> Endpoint {
            Endpoint(side.endpoint.address, lifecycle.hasPorts ? side.endpoint.port : 0)
        }
        self.init(
            id: lifecycle.id, first: lifecycle.first, last: lifecycle.last,
            transport: API.Transport(lifecycle.transport), direction: API.Direction(lifecycle.direction),
            client: endpoint(lifecycle.client), server: endpoint(lifecycle.server),
            outcome: outcome, verdict: verdict, severity: severity, isComplete: lifecycle.ending != nil)
        interface = lifecycle.interface
        application = lifecycle.application.kind?.name
        names = (lifecycle.names.map(\.name) + lifecycle.lookups.map(\.name)).map { $0.lowercased() }
        self.failure = failure
        state = lifecycle.tcp.map { API.TCPState($0.state) }
        roundTrip = lifecycle.tcp?.handshakeRoundTrip.map { Milliseconds($0) }
        sent = lifecycle.client.payloadBytes
        received = lifecycle.server.payloadBytes
        if let client = lifecycle.client.tcp, let server = lifecycle.server.tcp {
            retransmitted = UInt64(client.retransmittedSegments) + UInt64(server.retransmittedSegments)
        }
        let process = lifecycle.owner?.process
        user = process?.user ?? lifecycle.owner?.user
        owner = lifecycle.ownerIdentifier
        pid = process?.pid
        self.process = process?.name
        executable = process?.executable
        unit = process?.unit
        container = process?.container?.identifier
        containerRuntime = process?.container?.runtime
        translations = lifecycle.translation?.kinds ?? []
        httpStatuses = lifecycle.application.http?.exchanges.compactMap(\.status) ?? []
    }

    package var hasPorts: Bool { transport == .tcp || transport == .udp }

    /// As it is shown and written.
    package var duration: Milliseconds { Milliseconds(last - first) }
}

extension RequestTarget {
    /// Whether it is one side of a request.
    func matches(_ party: Party, of digest: RequestDigest) -> Bool {
        matches(
            party, party == .client ? digest.client : digest.server, hasPorts: digest.hasPorts,
            names: { digest.names })
    }
}

/// A digest as expressions ask of it; it answers as the lifecycle itself would, see `LifecycleFields`.
struct DigestFields: ExpressionSubject {
    private let digest: RequestDigest
    private let targets: [Destination: RequestTarget]

    /// - Parameter targets: of all hosts that the expression compares with.
    init(_ digest: RequestDigest, _ targets: [Destination: RequestTarget]) {
        self.digest = digest
        self.targets = targets
    }

    func isAt(_ destination: Destination, _ field: RequestField) -> Bool {
        targets[destination]?.matches(field == .from ? .client : .server, of: digest) ?? false
    }

    func values(of field: RequestField) -> [FieldValue] {
        switch field {
        case .process: texts(digest.process, digest.executable, ProcessWords.file(of: digest.executable))
        case .pid: digest.pid.map { [.number(UInt64(clamping: $0))] } ?? []
        case .user: digest.user.map { texts($0.name, String($0.identifier)) } ?? []
        case .unit: texts(digest.unit, ProcessWords.service(of: digest.unit))
        case .container:
            texts(digest.container, digest.container.map { String($0.prefix(12)) }, digest.containerRuntime)
        case .to: names + [.text(digest.server.address.description)]
        case .from: [.text(digest.client.address.description)]
        case .toPort: ports(digest.server)
        case .fromPort: ports(digest.client)
        case .port: ports(digest.client, digest.server)
        case .name: names
        case .transport: [.text(digest.transport.rawValue)]
        case .application: texts(digest.application)
        case .direction: [.text(digest.direction.rawValue)]
        case .interface: texts(digest.interface)
        case .nat: digest.translations.map { .text($0) }
        case .failed: [.flag(digest.failure != nil)]
        case .outcome: [.text(digest.outcome.rawValue)]
        case .stage: texts(digest.failure?.stage.rawValue)
        case .reason: texts(digest.failure?.reason)
        case .state: texts(digest.state?.rawValue)
        case .verdict: [.text(digest.verdict)]
        case .severity: [.text(digest.severity.rawValue)]
        case .complete: [.flag(digest.isComplete)]
        case .duration: [.number(UInt64(clamping: digest.duration.microseconds))]
        case .rtt: digest.roundTrip.map { [.number(UInt64(clamping: $0.microseconds))] } ?? []
        case .bytes: [.number(bytes)]
        case .sent: [.number(digest.sent)]
        case .received: [.number(digest.received)]
        case .retransmitted: digest.retransmitted.map { [.number($0)] } ?? []
        case .httpStatus: digest.httpStatuses.map { .number(UInt64($0)) }
        }
    }

    private var bytes: UInt64 {
        let (sum, overflow) = digest.sent.addingReportingOverflow(digest.received)
        return overflow ? .max : sum
    }

    private var names: [FieldValue] { digest.names.map { .text($0) } }

    private func texts(_ values: String?...) -> [FieldValue] { values.compactMap { $0.map(FieldValue.text) } }

    private func ports(_ endpoints: Endpoint...) -> [FieldValue] {
        digest.hasPorts ? endpoints.map { .number(UInt64($0.port)) } : []
    }
}

/// What a process is called beside its own words.
enum ProcessWords {
    /// The last part of the path of a program: names have room for 15 bytes only.
    static func file(of executable: String?) -> String? {
        executable?.split(separator: "/").last.map(String.init)
    }

    /// A unit without its type, where that is a service: systemctl(1) takes such a name for one.
    static func service(of unit: String?) -> String? {
        guard let unit, unit.hasSuffix(".service") else { return nil }
        return String(unit.dropLast(".service".count))
    }
}
