import API
import Model
import Report
import Store

// A request's digest as columns on disk, and back. Words that a later version made and this one does not know come back
// as if they were not there.

extension HistoryColumns {
    init(_ digest: RequestDigest) {
        self.init()
        func text(_ value: String?) -> HistoryValue? { value.map { .text($0) } }
        func list(_ values: [String]) -> HistoryValue? {
            values.isEmpty ? nil : .text(values.map { Self.oneLine($0) + "\n" }.joined())
        }
        self[.last] = HistoryValue(digest.last.nanoseconds)
        self[.transport] = .text(digest.transport.rawValue)
        self[.direction] = .text(digest.direction.rawValue)
        self[.interface] = text(digest.interface)
        self[.application] = text(digest.application)
        self[.client] = .address(digest.client.address)
        self[.server] = .address(digest.server.address)
        if digest.hasPorts {
            self[.clientPort] = HistoryValue(digest.client.port)
            self[.serverPort] = HistoryValue(digest.server.port)
        }
        self[.names] = list(digest.names)
        self[.outcome] = .text(digest.outcome.rawValue)
        self[.stage] = text(digest.failure?.stage.rawValue)
        self[.reason] = text(digest.failure?.reason)
        self[.state] = text(digest.state?.rawValue)
        self[.verdict] = .text(digest.verdict)
        self[.severity] = .text(digest.severity.rawValue)
        self[.complete] = .integer(digest.isComplete ? 1 : 0)
        self[.owner] = digest.owner.map { HistoryValue($0) }
        self[.uid] = digest.user.map { HistoryValue($0.identifier) }
        self[.user] = text(digest.user?.name)
        self[.pid] = digest.pid.map { HistoryValue($0) }
        self[.process] = text(digest.process)
        self[.executable] = text(digest.executable)
        self[.unit] = text(digest.unit)
        self[.container] = text(digest.container)
        self[.containerRuntime] = text(digest.containerRuntime)
        self[.duration] = HistoryValue(digest.duration.microseconds)
        self[.rtt] = digest.roundTrip.map { HistoryValue($0.microseconds) }
        self[.sent] = HistoryValue(digest.sent)
        self[.received] = HistoryValue(digest.received)
        self[.retransmitted] = digest.retransmitted.map { HistoryValue($0) }
        self[.translations] = list(digest.translations)
        self[.httpStatuses] = list(digest.httpStatuses.map { String($0) })
    }

    /// A newline parts the names of a list.
    private static func oneLine(_ text: String) -> String { text.replacing("\n", with: " ") }
}

extension RequestDigest {
    /// `nil` when what every request has is missing or means nothing.
    init?(_ request: StoredRequest) {
        let columns = request.columns
        func word<Word: RawRepresentable<String>>(_ column: HistoryColumn) -> Word? {
            columns[column]?.text.flatMap { Word(rawValue: $0) }
        }
        func list(_ column: HistoryColumn) -> [String] {
            (columns[column]?.text ?? "").split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .map(String.init)
        }
        func number<Number: FixedWidthInteger>(_ column: HistoryColumn) -> Number? {
            columns[column]?.integer.flatMap { Number(exactly: $0) }
        }
        func endpoint(_ address: HistoryColumn, _ port: HistoryColumn) -> Endpoint? {
            columns[address]?.address.map { Endpoint($0, number(port) ?? 0) }
        }
        guard let last: Int64 = number(.last), let transport: API.Transport = word(.transport),
            let direction: API.Direction = word(.direction),
            let client = endpoint(.client, .clientPort), let server = endpoint(.server, .serverPort),
            let outcome: API.Outcome = word(.outcome)
        else { return nil }
        self.init(
            id: request.key.id, first: request.key.first, last: Timestamp(nanoseconds: last), transport: transport,
            direction: direction, client: client, server: server, outcome: outcome,
            verdict: columns[.verdict]?.text ?? "", severity: word(.severity) ?? .none,
            isComplete: columns[.complete] == .integer(1))
        interface = columns[.interface]?.text
        application = columns[.application]?.text
        names = list(.names)
        if let stage: StageName = word(.stage) { failure = Failure(stage: stage, reason: columns[.reason]?.text ?? "") }
        state = word(.state)
        roundTrip = columns[.rtt]?.integer.map { Milliseconds(microseconds: $0) }
        sent = number(.sent) ?? 0
        received = number(.received) ?? 0
        retransmitted = number(.retransmitted)
        owner = number(.owner)
        if let uid: UInt32 = number(.uid) { user = Process.User(identifier: uid, name: columns[.user]?.text) }
        pid = number(.pid)
        process = columns[.process]?.text
        executable = columns[.executable]?.text
        unit = columns[.unit]?.text
        container = columns[.container]?.text
        containerRuntime = columns[.containerRuntime]?.text
        translations = list(.translations)
        httpStatuses = list(.httpStatuses).compactMap { UInt16($0) }
    }
}
