/// What stands out among the segments of each side: Wireshark's TCP analysis, mark by mark.
extension Facts {
    /// tshark's marks, and the counts of a side that say the same.
    private static let marks = [
        ("fast_retransmission", "fast_retransmissions"), ("spurious_retransmission", "spurious_retransmissions"),
        ("duplicate_ack", "duplicate_acks"), ("lost_segment", "lost_segments"),
        ("ack_lost_segment", "acked_unseen_segments"), ("zero_window", "zero_windows"),
        ("zero_window_probe", "zero_window_probes"), ("window_full", "window_full"),
        ("window_update", "window_updates"), ("keep_alive", "keep_alives"), ("keep_alive_ack", "keep_alive_acks"),
        ("retransmission", "retransmitted_segments"), ("out_of_order", "out_of_order_segments"),
    ]
    static let analysisFields = marks.map { "tcp.analysis." + $0.0 } + ["tcp.analysis.reused_ports"]

    mutating func addAnalysis(_ frame: TShark.Frame, _ subject: String, _ from: String) {
        for (mark, _) in Self.marks where frame.has("tcp.analysis." + mark) { count(subject, "\(from) \(mark)") }
        if frame.has("tcp.analysis.reused_ports") { set(subject, "reused_ports", "true") }
        // Which of the two it is, is a guess of Wireshark's; that it is one of them, is none.
        if frame.has("tcp.analysis.retransmission") || frame.has("tcp.analysis.out_of_order") {
            count(subject, "\(from) again_or_late")
        }
    }

    /// What Waybill says of the same.
    mutating func addAnalysis(of side: JSONValue, _ subject: String, _ end: String) {
        for (mark, field) in Self.marks where side[field].whole > 0 {
            count(subject, "\(end) \(mark)", side[field].whole)
        }
        let both = side["retransmitted_segments"].whole + side["out_of_order_segments"].whole
        if both > 0 { count(subject, "\(end) again_or_late", both) }
    }
}
