import API

/// The facts of a stage as short phrases, most important first.
struct FactText {
    let drawing: Drawing
    /// Also what is as one would expect: no retries, one SYN, no such option.
    let isComplete: Bool
    /// What the page says already.
    var known: Set<String> = []

    func phrases(_ stage: Stage) -> [Line] {
        var phrases: [Line] = []
        // Where a name led matters more than how it got there.
        let addresses = stage.facts.filter { $0.name == "addresses" }
        let exchange = exchange(stage)
        if let exchange { phrases.append(exchange) }
        var facts = (addresses + stage.facts.filter { $0.name != "addresses" })[...]
        while let fact = facts.popFirst() {
            if exchange != nil, Self.exchangeNames.contains(fact.name) { continue }
            guard isComplete || isRemarkable(fact) && !repeats(stage.reason, fact) else { continue }
            // The exchange has told the bytes.
            if !isComplete, stage.stage == .close, fact.name == "client_bytes" || fact.name == "server_bytes" {
                continue
            }
            // What both sides say of one thing is set side by side: `mss 1460/1380`.
            if let subject = Self.pairs[fact.name], let other = facts.first, Self.pairs[other.name] == subject {
                facts.removeFirst()
                phrases.append(Line("\(subject) \(text(fact.value))/\(text(other.value))", .quiet))
                continue
            }
            // Options that only one side offered were never in force.
            if Self.pairs[fact.name] != nil, !isComplete { continue }
            let text = phrase(fact)
            phrases.append(Line(isComplete && fact.source == .inferred ? "\(text) (inferred)" : text, Self.style(fact)))
        }
        return phrases
    }

    private static let exchangeNames: Set = ["method", "path", "http_status"]

    /// `GET /index.html 200`, when it was HTTP.
    private func exchange(_ stage: Stage) -> Line? {
        guard let method = stage.fact("method") else { return nil }
        var line = Line(text(method))
        if let path = stage.fact("path") { line.append(" \(text(path))") }
        if let status = stage.fact("http_status") {
            let isError = if case .integer(400...) = status { true } else { false }
            line.append(" \(drawing.arrow) ", .quiet)
            line.append(text(status), isError ? .doubtful : .good)
        }
        return line
    }

    /// Whether a fact says what the reason of the failure has said.
    private func repeats(_ reason: String?, _ fact: Fact) -> Bool {
        guard let reason, case .text(let text) = fact.value else { return false }
        return text.lowercased() == reason || reason.hasSuffix("_\(text)")
    }

    private static let pairs = [
        "client_mss": "mss", "server_mss": "mss", "client_window_scale": "window scale",
        "server_window_scale": "window scale", "client_segments": "segments", "server_segments": "segments",
    ]

    private func phrase(_ fact: Fact) -> String {
        switch (fact.name, fact.value) {
        case ("name", _), ("type", _), ("types", _), ("next_hop", _), ("interface", _), ("source_port", _),
            ("version", _), ("server_name", _), ("method", _), ("path", _), ("host", _), ("protocol", _),
            ("cipher_suite", _), ("error", _), ("http_status", _), ("questions", _), ("rcode", _), ("lookup_rcode", _),
            ("how_closed", _):
            return text(fact.value)
        case ("addresses", .list(let list)):
            return list.count > 2
                ? "\(list.prefix(2).joined(separator: ", ")), \(list.count - 2) more" : list.joined(separator: ", ")
        case ("quic_version", _): return "QUIC \(text(fact.value))"
        case ("first_version", _): return "first tried with QUIC \(text(fact.value))"
        case ("moved_to", .list(let list)): return "moved to \(list.joined(separator: ", then "))"
        case ("reason_phrase", _): return "saying \(text(fact.value))"
        case ("chain", .list(let list)): return "via \(list.joined(separator: ", "))"
        case ("lookup_kind", _): return "asked by \(spoken(text(fact.value)))"
        case ("searched", .list(let list)): return "in vain before: \(list.map(spoken).joined(separator: ", "))"
        case ("asked_before", .list(let list)): return "asked before: \(list.map(spoken).joined(separator: ", "))"
        case ("pair", .text(let text)): return spoken(text)
        case ("pair_ms", _): return "in \(text(fact.value))"
        case ("extended_errors", .list(let list)): return list.joined(separator: "; ")
        case ("attempts", .list(let list)):
            return "\(list.count) attempts: \(list.map(spoken).joined(separator: ", "))"
        case ("attempts_ms", _): return "\(text(fact.value)) before this one"
        case ("how", _): return "known by \(spoken(text(fact.value)))"
        case ("server", _), ("from", _): return "from \(text(fact.value))"
        case ("failed_exchanges", .integer(let count)): return "\(count) failed"
        case ("upgrade", _): return "changes to \(text(fact.value))"
        case ("tunnel_to", _): return "tunnel to \(text(fact.value))"
        case ("unread", .text(let why)): return "later exchanges not read (\(spoken(why)))"
        case ("by", _): return "by \(text(fact.value))"
        case ("mac", _): return "at \(text(fact.value))"
        case ("age_ms", _): return "\(text(fact.value)) old"
        case ("ttl", .integer(let seconds)): return "ttl \(seconds) s"
        case ("client_bytes", .integer(let count)): return "\(bytes(count)) sent"
        case ("server_bytes", .integer(let count)): return "\(bytes(count)) received"
        case ("missing_bytes", .integer(let count)): return "\(bytes(count)) not seen"
        case ("syn_count", .integer(let count)): return "\(count) \(count == 1 ? "SYN" : "SYNs")"
        case ("syn_ack_count", .integer(let count)): return "\(count) \(count == 1 ? "SYN-ACK" : "SYN-ACKs")"
        case ("client_fin", .flag(true)): return "client FIN"
        case ("server_fin", .flag(true)): return "server FIN"
        case ("client_rst", .flag(true)): return "client RST"
        case ("server_rst", .flag(true)): return "server RST"
        case ("duplicate_acks", .integer(let count)):
            return "\(count) duplicate \(count == 1 ? "ACK" : "ACKs")"
        case ("window_full", .integer(let count)): return "window full \(count == 1 ? "once" : "\(count) times")"
        case (_, .integer(let count)) where Self.counted.contains(fact.name):
            return "\(count) \(spoken(fact.name))"
        case ("awaited", .flag(false)): return "not awaited"
        case ("order", .list(let list)): return list.map(spoken).joined(separator: ", then ")
        case ("application_protocol", _): return "speaks \(text(fact.value))"
        case ("ech", _): return "ECH \(text(fact.value))"
        case ("certificate_subject", _): return "certificate \(text(fact.value))"
        case ("certificate_expires", .text(let time)): return "valid until \(time.prefix(10))"
        case ("certificate_self_signed", _): return "self-signed"
        case ("alert", .text(let alert)): return "alert \(spoken(alert))"
        case (_, .flag(true)): return spoken(fact.name)
        case (_, .flag(false)): return "no \(spoken(fact.name))"
        default: return "\(label(fact.name)) \(text(fact.value))"
        }
    }

    private static let counted: Set = [
        "retries", "requests", "retransmitted_segments", "zero_windows", "lost_segments", "keep_alives",
        "echo_requests", "echo_replies", "exchanges",
    ]

    private func label(_ name: String) -> String {
        switch name {
        case "handshake_rtt_ms", "rtt_ms": "rtt"
        case "server_rtt_ms": "server rtt"
        case "client_rtt_ms": "client rtt"
        case "alpn": "ALPN"
        case "ja4": "JA4"
        default: spoken(name.hasSuffix("_ms") ? String(name.dropLast(3)) : name)
        }
    }

    private func bytes(_ count: Int64) -> String { Quantity.bytes(UInt64(max(count, 0))) }

    private func text(_ value: Fact.Value) -> String {
        switch value {
        case .span(let span): Quantity.span(span, drawing)
        case .text(let text): text
        case .integer, .flag, .list: value.description
        }
    }

    private static func style(_ fact: Fact) -> Style {
        switch fact.name {
        case "name", "server_name", "method", "path", "http_status", "addresses", "error", "alert", "rcode", "version":
            .plain
        case "retries", "retransmitted_segments", "lost_segments", "window_full", "zero_windows", "missing_bytes",
            "port_reused", "syn_count", "certificate_expired", "certificate_not_yet_valid",
            "certificate_for_another_name", "certificate_self_signed":
            .doubtful
        default: .quiet
        }
    }

    /// Whether a fact tells more than that nothing went out of the ordinary.
    private func isRemarkable(_ fact: Fact) -> Bool {
        switch (fact.name, fact.value) {
        case ("name", .text(let name)), ("server_name", .text(let name)), ("host", .text(let name)),
            ("protocol", .text(let name)):
            !known.contains(name.lowercased())
        case ("how", .text(let how)): how != "answer"
        case ("type", _), ("types", _), ("pair_ms", _): false
        case ("pair", .text(let pair)): !pair.hasSuffix(" answered") && !pair.hasSuffix(" no_data")
        case ("ja4", _), ("certificate_subject", _), ("certificate_expires", _): false
        case ("requests", .integer(let count)): count > 1
        case ("syn_count", .integer(let count)), ("syn_ack_count", .integer(let count)): count > 1
        case ("rcode", .text(let code)), ("lookup_rcode", .text(let code)): code != "NOERROR"
        case (_, .integer(0)) where Self.counted.contains(fact.name) || fact.name == "missing_bytes": false
        case (_, .flag(false)): false
        case (_, .list(let list)): !list.isEmpty
        default: true
        }
    }
}
