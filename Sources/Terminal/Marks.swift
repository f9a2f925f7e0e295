import API

// Marks are shape and colour at once, and words where shapes cannot be seen.
extension StageStatus {
    func mark(_ drawing: Drawing) -> Line {
        switch (self, drawing) {
        case (.ok, .unicode): Line("✓", .good)
        case (.ok, .ascii): Line("+", .good)
        case (.ok, .words): Line("ok", .good)
        case (.failed, .unicode): Line("✗", .bad)
        case (.failed, .ascii): Line("x", .bad)
        case (.failed, .words): Line("failed", .bad)
        case (.pending, .unicode): Line("…", .doubtful)
        case (.pending, .ascii): Line("~", .doubtful)
        case (.pending, .words): Line("pending", .doubtful)
        case (.unseen, .unicode): Line("·", .quiet)
        case (.unseen, .ascii): Line(".", .quiet)
        case (.unseen, .words): Line("unseen", .quiet)
        case (.notApplicable, .words): Line("not applicable", .quiet)
        case (.notApplicable, _): Line(" ")
        }
    }
}

extension Outcome {
    /// The status whose mark stands for the whole request.
    var status: StageStatus {
        switch self {
        case .ok: .ok
        case .failed: .failed
        case .pending: .pending
        case .unknown: .unseen
        }
    }

    var style: Style {
        switch self {
        case .ok: .good
        case .failed: .bad
        case .pending: .doubtful
        case .unknown: .quiet
        }
    }
}

extension StageName {
    var style: Style {
        switch self {
        case .process, .name, .route, .neighbour: .waiting
        case .port, .translation, .connect: .connecting
        case .secure: .securing
        case .exchange, .close: .exchanging
        }
    }
}

/// A word of the contract as a person reads it: `reset_by_server` becomes `reset by server`, `nxdomain` NXDOMAIN.
func spoken(_ word: String) -> String {
    word.split(separator: "_").map { part in abbreviations[String(part)] ?? String(part) }.joined(separator: " ")
}

private let abbreviations: [String: String] = {
    let capitals = [
        "nxdomain", "servfail", "formerr", "notimp", "rcode", "fin", "rst", "syn", "ack", "icmp", "tcp", "udp", "dns",
        "tls", "ttl", "mac", "mss", "sni", "ca", "ech", "http", "quic", "llmnr", "nbns", "vxlan", "gre", "mpls", "ip",
    ]
    var words = Dictionary(uniqueKeysWithValues: capitals.map { ($0, $0.uppercased()) })
    words["mdns"] = "mDNS"
    words["pppoe"] = "PPPoE"
    words["geneve"] = "Geneve"
    return words
}()
