import API
import Diagnose
import Model

/// A lifecycle as expressions ask of it. Its stages and its verdict are derived when they are first asked for.
struct LifecycleFields: ExpressionSubject {
    private let lifecycle: Lifecycle
    private let targets: [Destination: RequestTarget]
    private lazy var waterfall = lifecycle.waterfall
    private lazy var verdict = Diagnosis.verdict(on: lifecycle, waterfall)

    /// - Parameter targets: of all hosts that the expression compares with.
    init(_ lifecycle: Lifecycle, _ targets: [Destination: RequestTarget]) {
        self.lifecycle = lifecycle
        self.targets = targets
    }

    func isAt(_ destination: Destination, _ field: RequestField) -> Bool {
        targets[destination]?.matches(field == .from ? .client : .server, of: lifecycle) ?? false
    }

    mutating func values(of field: RequestField) -> [FieldValue] {
        switch field {
        case .process: process.map { texts($0.name, $0.executable, $0.file) } ?? []
        case .pid: process.map { [.number(UInt64(clamping: $0.pid))] } ?? []
        case .user: user.map { texts($0.name, String($0.identifier)) } ?? []
        case .unit: texts(process?.unit, process?.service)
        case .container:
            texts(
                process?.container?.identifier, process?.container.map { String($0.identifier.prefix(12)) },
                process?.container?.runtime)
        case .to: names + [.text(lifecycle.server.endpoint.address.description)]
        case .from: [.text(lifecycle.client.endpoint.address.description)]
        case .toPort: ports([lifecycle.server])
        case .fromPort: ports([lifecycle.client])
        case .port: ports([lifecycle.client, lifecycle.server])
        case .name: names
        case .transport: [.text(API.Transport(lifecycle.transport).rawValue)]
        case .application: texts(lifecycle.application.kind?.name)
        case .direction: [.text(API.Direction(lifecycle.direction).rawValue)]
        case .interface: texts(lifecycle.interface)
        case .nat: lifecycle.translation?.kinds.map { .text($0) } ?? []
        case .failed: [.flag(waterfall.failure != nil)]
        case .outcome: [.text(API.Outcome(waterfall.outcome).rawValue)]
        case .stage: texts(waterfall.failure.map { StageName($0.stage).rawValue })
        case .reason: texts(waterfall.failure?.reason)
        case .state: texts(lifecycle.tcp.map { API.TCPState($0.state).rawValue })
        case .verdict: [.text(verdict.id)]
        case .severity: [.text(API.Verdict.Severity(verdict.severity).rawValue)]
        case .complete: [.flag(lifecycle.ending != nil)]
        case .duration: [microseconds(lifecycle.last - lifecycle.first)]
        case .rtt: lifecycle.tcp?.handshakeRoundTrip.map { [microseconds($0)] } ?? []
        case .bytes: [.number(sum(lifecycle.client.payloadBytes, lifecycle.server.payloadBytes))]
        case .sent: [.number(lifecycle.client.payloadBytes)]
        case .received: [.number(lifecycle.server.payloadBytes)]
        case .retransmitted:
            if let client = lifecycle.client.tcp, let server = lifecycle.server.tcp {
                [.number(sum(UInt64(client.retransmittedSegments), UInt64(server.retransmittedSegments)))]
            } else {
                []
            }
        case .httpStatus:
            lifecycle.application.http?.exchanges.compactMap(\.status).map { .number(UInt64($0)) } ?? []
        }
    }

    private func texts(_ values: String?...) -> [FieldValue] { values.compactMap { $0.map(FieldValue.text) } }

    private var names: [FieldValue] {
        lifecycle.names.map { .text($0.name) } + lifecycle.lookups.map { .text($0.name) }
    }

    private func ports(_ sides: [Side]) -> [FieldValue] {
        lifecycle.hasPorts ? sides.map { .number(UInt64($0.endpoint.port)) } : []
    }

    /// As it is shown and written: rounded to the microsecond.
    private func microseconds(_ span: TimeSpan) -> FieldValue {
        .number(UInt64(clamping: Milliseconds(span).microseconds))
    }

    private func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    private var process: Process? { lifecycle.owner?.process }

    /// Of the process, else of the socket.
    private var user: Process.User? { process?.user ?? lifecycle.owner?.user }
}

extension Process {
    var file: String? { ProcessWords.file(of: executable) }

    var service: String? { ProcessWords.service(of: unit) }
}
