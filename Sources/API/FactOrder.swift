/// The names of all facts in order of importance within their stages. Reports write facts in this order and readers
/// of JSON, where an object has none, restore it.
package enum FactOrder {
    package static let names = [
        // name
        "name", "how", "type", "types", "rcode", "chain", "addresses", "server", "rtt_ms", "age_ms", "ttl", "retries",
        // route, neighbour
        "interface", "vlan_ids", "next_hop", "mac", "requests", "awaited",
        // port
        "source_port", "identifier",
        // connect
        "error", "from", "handshake_rtt_ms", "server_rtt_ms", "client_rtt_ms", "syn_count", "syn_ack_count",
        "client_mss", "server_mss", "client_window_scale", "server_window_scale", "sack", "timestamps", "fast_open",
        "multipath",
        // secure
        "server_name", "version", "alpn", "alert", "alert_from",
        // exchange
        "protocol", "method", "host", "path", "http_status", "questions", "lookup_rcode", "first_byte_ms",
        "client_bytes", "server_bytes", "echo_requests", "echo_replies",
        // close
        "by", "how_closed", "client_fin", "server_fin", "client_rst", "server_rst", "client_segments",
        "server_segments", "retransmitted_segments", "zero_windows", "missing_bytes",
    ]

    private static let ranks: [String: Int] = Dictionary(
        names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })

    /// Known names in their order, then the others by their spelling.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (leftRank, rightRank) = (ranks[left] ?? names.count, ranks[right] ?? names.count)
        return leftRank != rightRank ? leftRank < rightRank : left < right
    }
}
