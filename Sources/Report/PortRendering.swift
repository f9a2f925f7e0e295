package import API
package import Model

// Ports in the contract's words.

extension RecordRenderer {
    package func ports(_ snapshot: PortSnapshot) -> PortList {
        PortList(
            listeners: snapshot.listeners.map { Listener($0) },
            ephemeral: snapshot.ephemeral.map { EphemeralRange($0) },
            pressure: snapshot.pressure.map { API.PortPressure($0, snapshot.ephemeral) },
            trouble: snapshot.trouble ?? snapshot.gap)
    }

    /// - Parameter requests: those to the port, newest first.
    package func port(
        _ port: UInt16, _ snapshot: PortSnapshot, _ filter: PortFilter, _ requests: [RequestDigest]
    ) -> PortReport {
        let listeners = snapshot.listeners.filter { $0.endpoint.port == port }
        return PortReport(
            port: port, summary: PortSentence(port, listeners, filter, requests, trouble: snapshot.trouble).text,
            listeners: listeners.map { Listener($0) }, rules: filter.rules.map { API.PortRule($0) },
            rulesTrouble: filter.trouble, requests: requests.map { PortRequest($0) },
            trouble: snapshot.trouble ?? snapshot.gap)
    }
}

extension PortSnapshot {
    fileprivate var gap: String? {
        guard denied > 0, listeners.contains(where: { $0.holders.isEmpty }) else { return nil }
        return "not every process may be looked at: some sockets have no name"
    }
}

/// What a port comes to.
private struct PortSentence {
    let text: String

    init(
        _ port: UInt16, _ listeners: [PortListener], _ filter: PortFilter, _ requests: [RequestDigest], trouble: String?
    ) {
        var parts: [String] = []
        if let trouble {
            parts.append("Who listens on port \(port) is not known: \(trouble).")
        } else if listeners.isEmpty {
            parts.append("Nobody on this host listens on port \(port).")
        } else {
            let names = Self.unique(listeners.flatMap(\.holders).map { "\($0.name) (\($0.pid))" })
            let who = names.isEmpty ? "A process that may not be looked at" : names.prefix(3).joined(separator: ", ")
            let places = Self.unique(
                listeners.map { $0.endpoint.address.isUnspecified ? "all addresses" : $0.endpoint.address.description })
            parts.append("\(who) listens on port \(port) of \(places.prefix(3).joined(separator: ", ")).")
            if listeners.allSatisfy({ $0.endpoint.address.isLoopback }) {
                parts.append("Other hosts cannot reach it: it is bound to loopback alone.")
            }
            if let full = listeners.first(where: { ($0.waiting ?? 0) > ($0.limit ?? .max) }) {
                parts.append(
                    "\(full.waiting ?? 0) connections wait to be accepted, more than the \(full.limit ?? 0) that may: it does not keep up."
                )
            }
            let drops = listeners.reduce(UInt64(0)) { $0 + UInt64($1.drops ?? 0) }
            if drops > 0 { parts.append("\(drops) were dropped for want of room.") }
        }
        parts += Self.words(of: filter, isReachable: !listeners.allSatisfy { $0.endpoint.address.isLoopback })
        let failed = requests.filter { $0.outcome == .failed }
        if let last = requests.first {
            let word = last.failure.map { " (\($0.stage.rawValue): \($0.reason.replacing("_", with: " ")))" } ?? ""
            parts.append(
                requests.count == 1
                    ? "One request to it was seen: \(last.outcome.rawValue)\(word)."
                    : "Of the last \(requests.count) requests to it \(failed.count) failed; "
                        + "the latest is \(last.outcome.rawValue)\(word).")
        } else {
            parts.append("No request to it was seen.")
        }
        text = parts.joined(separator: " ")
    }

    private static let ruleLimit = 3

    /// - Parameter isReachable: somebody listens to other hosts.
    private static func words(of filter: PortFilter, isReachable: Bool) -> [String] {
        var parts: [String] = []
        for rule in filter.rules.prefix(ruleLimit) {
            let place = "\(rule.rule.family) \(rule.rule.table) \(rule.rule.chain)"
            let what =
                !rule.isCertain
                ? "A rule may concern it" : rule.isForward ? "A port forward takes it elsewhere" : "A rule names it"
            parts.append("\(what): \(rule.rule.text) (\(place)).")
        }
        if filter.rules.count > ruleLimit { parts.append("\(filter.rules.count - ruleLimit) more rules name it.") }
        if isReachable, let chain = filter.dropping.first(where: { $0.hook == "input" }),
            !filter.rules.contains(where: { $0.rule.action != "drop" && $0.rule.action != "reject" && !$0.isForward })
        {
            parts.append(
                "\(chain.family) \(chain.table) \(chain.name) drops what no rule accepts, and none that accepts names this port."
            )
        }
        if let trouble = filter.trouble {
            parts.append("Which rules of a firewall or of NAT concern it is not known: \(trouble).")
        }
        return parts
    }

    private static func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }
}

extension Listener {
    fileprivate init(_ listener: PortListener) {
        let address = listener.endpoint.address
        self.init(
            transport: listener.transport.name, address: address.description, port: listener.endpoint.port,
            scope: address.isUnspecified ? "all" : address.isLoopback ? "loopback" : "address", userID: listener.user,
            processes: listener.holders.map { PortProcess($0) }, waiting: listener.waiting, backlog: listener.limit,
            drops: listener.drops)
    }
}

extension PortProcess {
    fileprivate init(_ holder: PortHolder) { self.init(pid: holder.pid, name: holder.name, sockets: holder.count) }
}

extension EphemeralRange {
    fileprivate init(_ ports: EphemeralPorts) {
        self.init(
            first: ports.first, last: ports.last,
            reserved: ports.reserved.map {
                $0.count == 1 ? String($0.lowerBound) : "\($0.lowerBound)-\($0.upperBound)"
            }, count: ports.count)
    }
}

extension API.PortPressure {
    fileprivate init(_ pressure: Model.PortPressure, _ ports: EphemeralPorts?) {
        let count = ports?.count ?? 0
        let seconds = pressure.exhausted(of: count)
        self.init(
            source: pressure.source.description, peer: pressure.peer.address.description,
            peerPort: pressure.peer.port, inUse: pressure.inUse, timeWait: pressure.timeWait, available: count,
            processes: pressure.holders.map { PortProcess($0) },
            growth: pressure.growth.map { Int($0.rounded()) },
            // Beyond a day it is no forecast.
            exhaustedIn: seconds.flatMap { $0 < 86_400 ? Milliseconds(microseconds: Int64($0 * 1e6)) : nil })
    }
}

extension API.PortRule {
    fileprivate init(_ rule: Model.PortRule) {
        self.init(
            transports: rule.transports.map(\.name), family: rule.rule.family, table: rule.rule.table,
            chain: rule.rule.chain, handle: rule.rule.handle, hook: rule.hook, action: rule.rule.action,
            text: rule.rule.text, certain: rule.isCertain)
    }
}

extension PortRequest {
    fileprivate init(_ request: RequestDigest) {
        self.init(
            id: request.id.description, first: Time(request.first), transport: request.transport,
            direction: request.direction, client: request.client.description, server: request.server.description,
            outcome: request.outcome,
            failure: request.failure.map { "\($0.stage.rawValue) \($0.reason)" })
    }
}
