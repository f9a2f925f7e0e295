package import API
package import Model

extension API.Translation {
    init(_ translation: Model.Translation) {
        self.init(
            transport: API.Transport(translation.original.transport), kinds: translation.kinds,
            original: Tuple(translation.original), translated: Tuple(translation.translated),
            knownBy: translation.how.name)
        began = translation.began.map { Time($0) }
        ended = translation.ended.map { Time($0) }
        zone = translation.zone == 0 ? nil : translation.zone
        mark = translation.mark == 0 ? nil : translation.mark
        rule = translation.rule.map { API.TranslationRule($0) }
    }
}

extension API.Translation.Tuple {
    /// An echo has its identifier for a port, at the source.
    init(_ tuple: FlowTuple) {
        switch tuple.transport {
        case .tcp, .udp:
            self.init(source: SocketAddress(tuple.source), destination: SocketAddress(tuple.destination))
        case .icmp, .icmpv6:
            self.init(
                source: SocketAddress(tuple.source),
                destination: SocketAddress(address: tuple.destination.address.description, port: nil))
        }
    }
}

extension API.TranslationRule {
    init(_ rule: Model.TranslationRule) {
        self.init(
            family: rule.family, table: rule.table, chain: rule.chain, handle: rule.handle, action: rule.action,
            text: rule.text)
    }
}

extension RecordRenderer {
    /// Each with its delay from the one before, there and back.
    func legs(_ legs: [Model.Leg]) -> [API.Leg] {
        let answers = legs.compactMap(\.firstAnswer).sorted()
        var previous: Timestamp?
        return legs.map { leg in
            var result = API.Leg(
                interface: leg.interface, tuple: API.Translation.Tuple(leg.tuple), knownBy: leg.how?.name ?? "tuple")
            result.tunnels = leg.tunnels.map { API.Tunnel($0) }
            result.first = leg.firstRequest.map { Time($0) }
            result.firstAnswer = leg.firstAnswer.map { Time($0) }
            if let first = leg.firstRequest {
                result.delay = previous.map { Milliseconds(first - $0) }
                previous = first
            }
            if let answer = leg.firstAnswer, let before = answers.last(where: { $0 < answer }) {
                result.answerDelay = Milliseconds(answer - before)
            }
            return result
        }
    }
}

extension RecordRenderer {
    package func forwards(_ snapshot: PortForwardSnapshot) -> PortForwardList {
        PortForwardList(items: snapshot.forwards.map { API.PortForward($0) }, trouble: snapshot.trouble)
    }
}

extension API.PortForward {
    fileprivate init(_ forward: Model.PortForward) {
        self.init(rule: API.TranslationRule(forward.rule), uses: forward.use.count)
        transport = forward.transport
        address = forward.address
        ports = forward.ports
        interface = forward.interface
        targetAddress = forward.targetAddress
        targetPort = forward.targetPort
        open = forward.use.open
        lastUsed = forward.use.last.map { Time($0) }
        last = forward.use.latest.map { API.Translation.Tuple($0.original) }
    }
}
