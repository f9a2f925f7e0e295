import Model

/// What a rule looks at, and the words that rules share.
struct Case {
    let lifecycle: Lifecycle
    let waterfall: Waterfall

    init(_ lifecycle: Lifecycle, _ waterfall: Waterfall) {
        self.lifecycle = lifecycle
        self.waterfall = waterfall
    }

    /// Whether the request failed first at `stage`, for `reason`.
    func failed(_ stage: StageKind, _ reason: String) -> Bool {
        waterfall.failure == StageFailure(stage: stage, reason: reason)
    }

    func failed(_ stage: StageKind) -> Bool { waterfall.failure?.stage == stage }

    func stage(_ kind: StageKind) -> Stage { waterfall.stage(kind) }

    func side(_ party: Party) -> Side { party == .client ? lifecycle.client : lifecycle.server }

    /// Who sent FIN or RST first, and when.
    var firstEnd: (party: Party, time: Timestamp)? {
        guard let party = lifecycle.tcp?.closedFirst, let tcp = side(party).tcp,
            let time = [tcp.fin, tcp.rst].compactMap({ $0 }).min()
        else { return nil }
        return (party, time)
    }

    /// The side's RST has another TTL than its first packet: somebody on the way sent it, or it took another way.
    func isResetForeign(_ party: Party) -> Bool {
        guard let ttl = side(party).ttl, let other = side(party).tcp?.resetTTL else { return false }
        return ttl != other
    }

    func foreignResetEvidence(_ party: Party) -> [String] {
        guard isResetForeign(party), let ttl = side(party).ttl, let other = side(party).tcp?.resetTTL else { return [] }
        return [
            "the RST has the TTL \(other), the \(party.name)'s first packet had \(ttl): something on the way probably sent it"
        ]
    }

    /// `example.org (192.0.2.1:80)`, or the address alone.
    var server: String {
        let endpoint = withPort(lifecycle.server.endpoint)
        guard let name = lifecycle.serverName else { return endpoint }
        return "\(Words.printable(name)) (\(endpoint))"
    }

    /// The address alone for protocols without ports.
    func withPort(_ endpoint: Endpoint) -> String {
        switch lifecycle.transport {
        case .tcp, .udp: endpoint.description
        case .icmp, .icmpv6: endpoint.address.description
        }
    }

    /// Where NAT led it, when that is elsewhere than the client meant.
    var forwardedTo: Endpoint? {
        guard let translation = lifecycle.translation, translation.rewritesDestination else { return nil }
        return translation.translated.destination
    }

    /// How far it went on this host, as far as that was seen: where it left, as what, and whether it was answered there.
    var passageEvidence: [String] {
        guard let translation = lifecycle.translation,
            let last = lifecycle.legs.last(where: { $0.tuple == translation.translated && $0.firstRequest != nil })
        else { return forwardedTo.map { ["NAT leads it to \(withPort($0))"] } ?? [] }
        let place = last.interface.map { " on \($0)" } ?? ""
        let passed = "NAT made it \(withPort(last.tuple.source)) \u{2192} \(withPort(last.tuple.destination))"
        guard let answer = last.firstAnswer else { return ["\(passed), which was seen\(place) and not answered there"] }
        return ["\(passed), answered\(place) after \(Words.span(answer - lifecycle.first))"]
    }

    var serverAddress: String { lifecycle.server.endpoint.address.description }

    /// What was missed and could have changed the finding. The end of a capture counts when the finding is that
    /// something did not happen: an answer on the wire stays an answer.
    var coverageEvidence: [String] {
        var evidence: [String] = []
        if lifecycle.coverage.joinedMidstream { evidence.append("the capture began in the middle of it") }
        // An answer that found nobody is all that there was to see.
        guard !lifecycle.isUnsolicited, lifecycle.unclaimed == nil else { return evidence }
        guard waterfall.outcome == .unknown || isFailedBySilence else { return evidence }
        switch lifecycle.ending {
        case .captureEnded: evidence.append("the capture ended before it did")
        case .evicted: evidence.append("it was dropped from a full table before it ended")
        case .closed, .idle, .portReused, nil: break
        }
        return evidence
    }

    private var isFailedBySilence: Bool {
        switch lifecycle.tcp?.state {
        case .refused, .aborted, .closed, .resetByClient, .resetByServer: return false
        case .noAnswer, .halfOpen, .established, .halfClosed, .midstream, nil: break
        }
        return ["no_answer", "half_open", "no_response", "unanswered"].contains(waterfall.failure?.reason)
    }

    /// The ICMP error that a stage failed of, as evidence.
    var icmpEvidence: [String] {
        guard let error = lifecycle.fatalError else { return [] }
        let after = Words.span(error.time - lifecycle.first)
        return ["ICMP \(error.name) from \(error.from), \(after) after the first packet"]
    }

    /// What is wrong with the server's certificate.
    var certificateEvidence: [String] {
        guard let tls = lifecycle.application.tls, let time = tls.certificateTime,
            let certificate = tls.certificates?.certificates.first
        else { return [] }
        var faults: [String] = []
        if certificate.isExpired(at: time) == true {
            faults.append("expired" + (certificate.notAfter.map { " \(Words.day($0.text))" } ?? ""))
        }
        if certificate.isNotYetValid(at: time) == true {
            faults.append("not valid before" + (certificate.notBefore.map { " \(Words.day($0.text))" } ?? " later"))
        }
        if let name = tls.serverName, certificate.isFor(name) == false {
            faults.append("not for \(Words.printable(name))")
        }
        if certificate.isSelfSigned == true { faults.append("signed by itself") }
        guard !faults.isEmpty else { return [] }
        let subject = certificate.subject.map { " \(Words.printable($0))" } ?? ""
        return ["the server's certificate\(subject): \(faults.joined(separator: ", "))"]
    }

    /// A command that tries the handshake again.
    var handshakeAgain: String {
        let endpoint = lifecycle.server.endpoint
        let tls = lifecycle.application.tls
        if lifecycle.application.quic != nil {
            guard let name = tls?.serverName, Words.isPlainArgument(name) else {
                return "curl --http3-only -v https://\(endpoint)/  # with a curl that has HTTP/3"
            }
            return "curl --http3-only -v https://\(name):\(endpoint.port)/  # with a curl that has HTTP/3"
        }
        let name = tls?.serverName.map { " -servername \(Words.argument($0))" } ?? ""
        return "openssl s_client -connect \(endpoint)\(name)"
    }

    /// - Parameters:
    ///   - stage: where it differs from the finding's own.
    ///   - severity: where it differs from the finding's own.
    func verdict(
        _ finding: Finding, at stage: StageKind? = nil, _ summary: String, severity: Verdict.Severity? = nil,
        evidence: [String], confidence: Verdict.Confidence = .certain, next: [String] = []
    ) -> Verdict {
        Verdict(
            id: finding.id, severity: severity ?? finding.severity, stage: stage ?? finding.stage, summary: summary,
            evidence: evidence + coverageEvidence, confidence: confidence, next: next)
    }
}
