import Model

// An answer that came back to a tuple that nobody has: behind NAT, at a closed socket, or where nobody ever asked.

extension Finding {
    static let translationMappingGone = Finding(
        id: "translation.mapping_gone", stage: .translation, severity: .error,
        title: "The NAT mapping had ended when the answer came",
        cause:
            "The router keeps a mapping for so long and no longer: the server took more time than that, the connection was idle for more, or the table was flushed. The answer reached a port that nobody has any more.",
        evidence:
            "An answer where the mapping led to, and not before it; and the kernel's word that the mapping had ended, or what turned the answer away there (ICMP, RST).",
        fix:
            "Raise the kernel's time limit for the protocol (net.netfilter.nf_conntrack_*_timeout*), or have the client send keep-alives more often than that."
    )

    static let exchangeUnclaimed = Finding(
        id: "exchange.unclaimed_answer", stage: .exchange, severity: .warning,
        title: "An answer that nobody waited for",
        cause:
            "The client had closed its socket before the answer came, since its own time limit is shorter than the server's answer; or it never asked.",
        evidence: "The first answer to a datagram, or one to no question at all, and the client's ICMP error about it.",
        fix: "Find out why the server is slow, or give the client more time.")

    static let connectUnsolicited = Finding(
        id: "connect.unclaimed_answer", stage: .connect, severity: .notice,
        title: "A segment to a port that nobody has",
        cause:
            "It answers what was sent under this address by somebody else (backscatter), by a host that forgot (a restart), or through a mapping that is gone.",
        evidence:
            "A segment of the server, no SYN and no acknowledgment of the client, and a RST that acknowledges nothing.",
        fix: "None is needed when it stays rare. Behind NAT: `conntrack -L`, has the port another mapping now?")
}

extension Diagnosis {
    /// The mapping had ended before the answer came.
    static func translationMappingGone(_ subject: Case) -> Verdict? {
        guard subject.failed(.translation, "mapping_gone"), let answer = subject.lifecycle.unclaimed,
            let translation = subject.lifecycle.translation
        else { return nil }
        let lifecycle = subject.lifecycle
        let after = Words.span(answer.time - lifecycle.first)
        let outside = subject.withPort(answer.tuple.source)
        let reached = lifecycle.server.payloadBytes > 0 ? "a later answer" : "the answer"
        return subject.verdict(
            .translationMappingGone,
            "NAT no longer had a mapping for \(outside) when \(reached) of \(subject.server) came back to it, \(after) after "
                + "the request began: it did not reach \(subject.withPort(translation.original.source)).",
            evidence: subject.passageEvidence + subject.arrivalEvidence(answer) + subject.mappingEvidence(translation)
                + subject.leakEvidence(translation),
            confidence: answer.refusal != nil && translation.ended != nil ? .certain : .likely,
            next: [
                "conntrack -E -e DESTROY -d \(subject.serverAddress)  # on the router: how long does a mapping live?",
                "sysctl -a --pattern 'nf_conntrack_\(lifecycle.transport.name).*timeout'  # is the answer slower than that?",
            ])
    }

    /// The host that had asked turned the answer away: whoever asked had stopped waiting.
    static func exchangeUnclaimed(_ subject: Case) -> Verdict? {
        guard subject.failed(.exchange, "answer_unclaimed"), let answer = subject.lifecycle.unclaimed else {
            return nil
        }
        let lifecycle = subject.lifecycle
        let client = subject.withPort(lifecycle.client.endpoint)
        guard !lifecycle.isAskedByNobody else {
            return subject.verdict(
                .exchangeUnclaimed,
                "An answer of \(subject.server) came to \(client), where nobody waited for one: no question was seen, and "
                    + "it was turned away.",
                evidence: subject.arrivalEvidence(answer), confidence: .likely,
                next: [subject.mappings])
        }
        return subject.verdict(
            .exchangeUnclaimed,
            "\(subject.server) answered after \(Words.span(answer.time - lifecycle.first)), when nobody at \(client) waited for "
                + "it any more: the answer was turned away.",
            evidence: ["\(Words.count(lifecycle.client.segments, "packet")) sent"] + subject.arrivalEvidence(answer),
            next: [
                "waybill list --to \(subject.serverAddress)  # do others wait as long for it?",
                subject.clientJournal("it had closed its socket by then: is its time limit too short?"),
            ])
    }

    /// A segment to a port that nobody has; nothing that asks for it was seen.
    static func connectUnsolicited(_ subject: Case) -> Verdict? {
        let lifecycle = subject.lifecycle
        guard lifecycle.isUnsolicited else { return nil }
        let client = subject.withPort(lifecycle.client.endpoint)
        let isHandshake = (lifecycle.server.tcp?.synCount ?? 0) > 0
        let came =
            isHandshake
            ? Words.count(lifecycle.server.tcp?.synCount ?? 0, "SYN-ACK")
            : "\(Words.count(lifecycle.server.segments, "segment")) with \(lifecycle.server.payloadBytes) bytes"
        return subject.verdict(
            .connectUnsolicited,
            "An answer of \(subject.server) came to \(client), a port that nobody has: it was reset, and nothing that asks for "
                + "it was seen.",
            evidence: [
                "\(came) of \(subject.server), and no SYN before",
                "RST of \(lifecycle.client.endpoint.address) without an acknowledgment: there is no such connection",
            ],
            next: [
                "\(subject.mappings) None: others may give \(lifecycle.client.endpoint.address) for their own address (backscatter)"
            ])
    }
}

extension Case {
    fileprivate var mappings: String {
        "conntrack -L -d \(serverAddress)  # which ports do mappings to it have now?"
    }

    fileprivate func arrivalEvidence(_ answer: UnclaimedAnswer) -> [String] {
        let to = withPort(answer.tuple.source)
        let place =
            lifecycle.legs.last { $0.tuple == answer.tuple && $0.interface != nil }?.interface ?? lifecycle.interface
        let came =
            "the answer came to \(to)\(place.map { " on \($0)" } ?? ""), \(Words.span(answer.time - lifecycle.first)) "
            + "after the first packet"
        switch answer.refusal {
        case .reset?: return ["\(came), and was answered with RST"]
        case .icmp(let name)?: return ["\(came), and was answered with ICMP \(name)"]
        case nil: return ["\(came), and went no further"]
        }
    }

    fileprivate func mappingEvidence(_ translation: Translation) -> [String] {
        guard let ended = translation.ended else { return [] }
        return ["the kernel told of the mapping's end \(Words.span(ended - lifecycle.first)) after the first packet"]
    }

    /// Without a mapping, what the client still sends leaves as it is.
    fileprivate func leakEvidence(_ translation: Translation) -> [String] {
        let outside = Set(lifecycle.legs.filter { $0.tuple == translation.translated }.compactMap(\.interface))
        guard translation.rewritesSource,
            let leak = lifecycle.legs.first(where: { leg in
                leg.tuple == translation.original && leg.interface.map(outside.contains) == true
            }), let place = leak.interface
        else { return [] }
        return ["later packets of the client left \(place) untranslated, as \(withPort(translation.original.source))"]
    }
}
