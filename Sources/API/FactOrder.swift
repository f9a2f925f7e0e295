/// The names of all facts in order of importance within their stages. Reports write facts in this order and readers
/// of JSON, where an object has none, restore it.
package enum FactOrder {
    package static let names = [
        // process
        "process", "pid", "process_age_ms", "executable", "command_line", "user", "unit", "container",
        "container_runtime", "parents",
        "control_group", "network_namespace", "found_by", "not_known",
        // name
        "name", "how", "type", "types", "rcode", "chain", "addresses", "server", "from_cache", "upstream",
        "upstream_ms", "lookup_kind",
        "searched", "asked_before", "pair", "pair_ms", "extended_errors",
        // route, neighbour; `age_ms` is that of a lookup or a resolution
        "interface", "vlan_ids", "next_hop", "mac", "other_mac", "age_ms", "ttl", "retries", "requests", "awaited",
        "gateway", "out_interface", "preferred_source", "route_type", "route", "table", "route_protocol", "metric",
        "mtu",
        "next_hops", "neighbour_state", "earlier_mac",
        // port
        "source_port", "ports_in_use", "ports_in_time_wait", "port_range", "ports", "exhausted_in_ms", "port_reused",
        "remembered_by_server",
        // translation
        "source_nat", "destination_nat", "known_by", "rule", "source_belongs_to", "insert_failed", "packets_refused",
        "tracked", "track_limit", "lasted_ms",
        "unclaimed_answer", "unclaimed_after_ms", "turned_away_with",
        // connect
        "attempts", "attempts_ms", "error", "from", "handshake_rtt_ms", "server_rtt_ms", "client_rtt_ms", "syn_count",
        "syn_ack_count",
        "client_mss", "server_mss", "client_window_scale", "server_window_scale", "sack", "timestamps", "fast_open",
        "multipath", "quic_version", "first_version", "versions_offered", "retry",
        // secure
        "server_name", "version", "cipher_suite", "alpn", "application_protocol", "resumed", "early_data", "ech",
        "certificate_subject", "certificate_expires", "certificate_expired", "certificate_not_yet_valid",
        "certificate_for_another_name", "certificate_self_signed", "ja4", "alert", "alert_from", "reason_phrase",
        // exchange
        "encrypted", "protocol", "method", "host", "path", "http_status", "exchanges", "failed_exchanges", "upgrade",
        "tunnel_to", "unread", "moved_to", "echo_requests", "echo_replies",
        // close
        "by", "order", "client_bytes", "server_bytes", "client_segments", "server_segments",
        "retransmitted_segments", "duplicate_acks", "lost_segments", "window_full", "zero_windows", "keep_alives",
        "missing_bytes",
    ]

    private static let ranks: [String: Int] = Dictionary(
        names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })

    /// Known names in their order, then the others by their spelling.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        let (leftRank, rightRank) = (ranks[left] ?? names.count, ranks[right] ?? names.count)
        return leftRank != rightRank ? leftRank < rightRank : left < right
    }
}
