import API

/// The facts of a stage as short phrases, most important first.
struct FactText {
    let drawing: Drawing
    /// Also what is as one would expect: no retries, one SYN, no such option.
    let isComplete: Bool
    /// What the page says already.
    var known: Set<String> = []

    /// The phrases, and how many of them, from the first on, must not be left out for want of room.
    func phrases(_ stage: Stage) -> (lines: [Line], needed: Int) {
        var phrases: [Line] = []
        var needed = 0
        let exchange = exchange(stage)
        if let exchange { phrases.append(exchange) }
        let owner = isComplete ? nil : owner(stage)
        if let owner {
            phrases += owner
            needed = phrases.count
        }
        var facts = sorted(stage.facts)[...]
        while let fact = facts.popFirst() {
            if exchange != nil, Self.exchangeNames.contains(fact.name) { continue }
            if owner != nil, !Self.besideOwner.contains(fact.name) { continue }
            guard isComplete || isRemarkable(fact) && !repeats(stage, fact) else { continue }
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
            phrases.append(Line(isComplete && fact.source == .inferred ? "\(text) (inferred)" : text, style(fact)))
            if isNotable(fact) { needed = phrases.count }
        }
        return (phrases, needed)
    }

    /// First what the stage is about, then what is out of the ordinary, then the rest, each in the order given.
    private func sorted(_ facts: [Fact]) -> [Fact] {
        func rank(_ fact: Fact) -> Int {
            // Where a name led matters more than how it got there.
            if fact.name == "addresses" { return 0 }
            if Self.subjects.contains(fact.name) { return 1 }
            if isNotable(fact) { return 2 }
            return Self.longWinded.contains(fact.name) ? 4 : 3
        }
        return facts.enumerated().sorted { left, right in
            (rank(left.element), left.offset) < (rank(right.element), right.offset)
        }.map(\.element)
    }

    private static let subjects: Set = [
        "source_nat", "destination_nat", "name", "server_name", "version", "quic_version", "by", "error", "from",
        "rcode", "encrypted", "next_hop", "gateway",
    ]

    /// What tells little for the room that it takes.
    private static let longWinded: Set = ["cipher_suite", "ja4"]

    /// Worth a line of its own where there is no room beside the others.
    private func isNotable(_ fact: Fact) -> Bool {
        isRemarkable(fact) && (Self.doubtful.contains(fact.name) || Self.notable.contains(fact.name))
    }

    private static let notable: Set = [
        "retry", "first_version", "versions_offered", "moved_to", "alert", "alert_from", "reason_phrase", "attempts",
        "failed_exchanges", "upgrade", "tunnel_to", "unread", "early_data", "resumed", "lookup_kind", "searched",
        "asked_before", "from_cache", "upstream", "extended_errors", "duplicate_acks", "destination_nat", "rule",
        "ports_in_use",
    ]

    /// `curl (4242)`, the unit that it belongs to or else its user, and what it was told to do.
    private func owner(_ stage: Stage) -> [Line]? {
        guard stage.stage == .process, let name = stage.fact("process") else { return nil }
        var line = Line(text(name))
        if let pid = stage.fact("pid") { line.append(" (\(text(pid)))", .quiet) }
        var lines = [line]
        for (fact, label) in [("unit", "unit"), ("container_runtime", "in"), ("user", "user")] {
            guard let value = stage.fact(fact), fact != "user" || stage.fact("unit") == nil else { continue }
            lines.append(Line("\(label) \(text(value))", .quiet))
        }
        if let words = stage.fact("command_line") {
            lines.append(Line(Self.commandLine(words), .quiet))
        } else if let file = stage.fact("executable") {
            lines.append(Line(text(file), .quiet))
        }
        return lines
    }

    /// As it might be typed, cut where it would fill a page.
    private static func commandLine(_ words: Fact.Value) -> String {
        guard case .list(let words) = words else { return words.description }
        let text = words.map { word in
            word.isEmpty || word.contains { " \t\n'\"".contains($0) }
                ? "'" + word.replacing("'", with: "'\\''") + "'" : word
        }.joined(separator: " ")
        return text.count > commandLimit ? text.prefix(commandLimit) + "…" : text
    }

    private static let commandLimit = 160
    /// What is told of a process beside that: how sure it is, and where else it lives.
    private static let ways = [
        "traced": "traced as it connected or sent", "socket_table": "found by its socket",
        "existing_socket": "its socket was open before", "accepted_socket": "has the accepted socket open",
        "receiving_socket": "has the socket open that receives", "listening_socket": "has the listening socket open",
    ]

    private static let besideOwner: Set = ["network_namespace", "not_known"]

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

    /// Whether a fact says what the reason of the failure, or another fact, has said.
    private func repeats(_ stage: Stage, _ fact: Fact) -> Bool {
        guard case .text(let text) = fact.value else { return false }
        // A handshake in QUIC that an alert ended was closed by the same side.
        if fact.name == "by", stage.fact("alert_from") == fact.value { return true }
        guard let reason = stage.reason else { return false }
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
        case ("source_nat", _): return "from \(rewritten(fact.value))"
        case ("destination_nat", _): return "to \(rewritten(fact.value))"
        case ("rule", _): return "by rule \(text(fact.value))"
        case ("source_belongs_to", _): return "an address of \(text(fact.value))"
        case ("insert_failed", .integer(let count)): return "insert_failed rose by \(count)"
        case ("unclaimed_answer", _): return "nobody at \(rewritten(fact.value))"
        case ("unclaimed_after_ms", _): return "after \(text(fact.value))"
        case ("turned_away_with", _): return "turned away with \(spoken(text(fact.value)))"
        case ("lasted_ms", _): return "for \(text(fact.value))"
        case ("addresses", .list(let list)):
            return list.count > 2
                ? "\(list.prefix(2).joined(separator: ", ")), \(list.count - 2) more" : list.joined(separator: ", ")
        case ("quic_version", _): return "QUIC \(text(fact.value))"
        case ("first_version", _): return "first tried with QUIC \(text(fact.value))"
        case ("moved_to", .list(let list)): return "moved to \(list.joined(separator: ", then "))"
        case ("reason_phrase", _): return "saying \(text(fact.value))"
        case ("chain", .list(let list)): return "via \(list.joined(separator: ", "))"
        case ("lookup_kind", _): return "asked by \(spoken(text(fact.value)))"
        case ("searched", .list(let list)): return "in vain before: \(list.map(spokenEnd).joined(separator: ", "))"
        case ("from_cache", _): return "from the stub's cache"
        case ("upstream", .list(let list)): return "asked on: \(list.map(spokenEnd).joined(separator: ", "))"
        case ("upstream_ms", _): return "in \(text(fact.value))"
        case ("asked_before", .list(let list)): return "asked before: \(list.map(spokenEnd).joined(separator: ", "))"
        case ("pair", .text(let text)): return spokenEnd(text)
        case ("pair_ms", _): return "in \(text(fact.value))"
        case ("extended_errors", .list(let list)): return list.joined(separator: "; ")
        case ("attempts", .list(let list)):
            // Each has a row of its own.
            return "\(list.count) attempts"
        case ("attempts_ms", _): return "\(text(fact.value)) before this one"
        case ("how", _): return "known by \(spoken(text(fact.value)))"
        case ("process", _), ("executable", _): return text(fact.value)
        case ("command_line", _): return Self.commandLine(fact.value)
        case ("parents", .list(let list)): return "started by \(list.joined(separator: ", "))"
        case ("process_age_ms", _): return "\(text(fact.value)) old"
        case ("found_by", .text(let how)): return Self.ways[how] ?? "found by \(spoken(how))"
        case ("not_known", _): return text(fact.value)
        case ("server", _), ("from", _): return "from \(text(fact.value))"
        case ("failed_exchanges", .integer(let count)): return "\(count) failed"
        case ("upgrade", _): return "changes to \(text(fact.value))"
        case ("tunnel_to", _): return "tunnel to \(text(fact.value))"
        case ("unread", .text(let why)): return "later exchanges not read (\(spoken(why)))"
        case ("by", _): return "by \(text(fact.value))"
        case ("mac", _): return "at \(text(fact.value))"
        case ("gateway", _): return "via \(text(fact.value))"
        case ("out_interface", _): return "by \(text(fact.value))"
        case ("preferred_source", _): return "from \(text(fact.value))"
        case ("route", _): return "\(text(fact.value)) route"
        case ("mtu", .integer(let octets)): return "MTU \(octets)"
        case ("earlier_mac", _): return "before at \(text(fact.value))"
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
            return "\(count) \(count == 1 ? singular(spoken(fact.name)) : spoken(fact.name))"
        case ("awaited", .flag(false)): return "not awaited"
        case ("order", .list(let list)): return list.map(spoken).joined(separator: ", then ")
        case ("application_protocol", _): return "speaks \(text(fact.value))"
        case ("ech", _):
            return "ECH \(text(fact.value))" + (isComplete ? ": the name may be that of a server in front" : "")
        case ("certificate_subject", _): return "certificate \(text(fact.value))"
        case ("certificate_expires", .text(let time)): return "valid until \(time.prefix(10))"
        case ("certificate_self_signed", _): return "self-signed"
        case ("alert", .text(let alert)): return "alert \(spoken(alert))"
        case (_, .flag(true)): return spoken(fact.name)
        case (_, .flag(false)): return "no \(spoken(fact.name))"
        default: return "\(label(fact.name)) \(text(fact.value))"
        }
    }

    /// `192.0.2.1:40000 → 198.51.100.7:1189`: the title and the legs have the first part, unless all is wanted.
    private func rewritten(_ value: Fact.Value) -> String {
        let text = text(value)
        guard !isComplete, let arrow = text.lastIndex(of: "→") else { return text }
        return String(text[text.index(after: arrow)...].drop { $0 == " " })
    }

    private static let counted: Set = [
        "retries", "requests", "retransmitted_segments", "zero_windows", "lost_segments", "keep_alives",
        "echo_requests", "echo_replies", "exchanges",
    ]

    private func singular(_ noun: String) -> String {
        noun.hasSuffix("ies") ? noun.dropLast(3) + "y" : noun.hasSuffix("s") ? String(noun.dropLast()) : noun
    }

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

    /// A name and what came of it: only that is the contract's word, and a name keeps its underscores.
    private func spokenEnd(_ text: String) -> String {
        guard let space = text.lastIndex(of: " ") else { return text }
        return text[...space] + spoken(String(text[text.index(after: space)...]))
    }

    private func bytes(_ count: Int64) -> String { Quantity.bytes(UInt64(max(count, 0))) }

    private func text(_ value: Fact.Value) -> String {
        switch value {
        case .span(let span): Quantity.span(span, drawing)
        case .text(let text): text
        case .integer, .flag, .list: value.description
        }
    }

    private func style(_ fact: Fact) -> Style {
        switch fact.name {
        case "name", "server_name", "method", "path", "http_status", "addresses", "error", "alert", "rcode", "version":
            .plain
        default: Self.doubtful.contains(fact.name) && isRemarkable(fact) ? .doubtful : .quiet
        }
    }

    private static let doubtful: Set = [
        "retries", "retransmitted_segments", "lost_segments", "window_full", "zero_windows", "missing_bytes",
        "port_reused", "remembered_by_server", "syn_count", "failed_exchanges", "certificate_expired",
        "certificate_not_yet_valid",
        "certificate_for_another_name", "certificate_self_signed",
    ]

    /// Whether a fact tells more than that nothing went out of the ordinary.
    private func isRemarkable(_ fact: Fact) -> Bool {
        switch (fact.name, fact.value) {
        case ("name", .text(let name)), ("server_name", .text(let name)), ("host", .text(let name)),
            ("protocol", .text(let name)):
            !known.contains(name.lowercased())
        case ("how", .text(let how)): how != "answer"
        case ("known_by", .text(let how)): how != "conntrack"
        case ("type", _), ("types", _), ("pair_ms", _): false
        case ("pair", .text(let pair)): !pair.hasSuffix(" answered") && !pair.hasSuffix(" no_data")
        case ("table", .text(let table)): table != "main" && table != "local"
        case ("preferred_source", _), ("route", _), ("route_protocol", _), ("metric", _): false
        // Ethernet's own, and loopback's.
        case ("mtu", .integer(let octets)): octets < 1500
        case ("neighbour_state", .text(let state)): state == "failed" || state == "incomplete"
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
