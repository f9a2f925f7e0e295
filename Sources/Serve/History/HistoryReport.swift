import API
import Model
import Store

extension HistoryStatus {
    init(_ state: HistoryState) {
        func count(_ kind: HistoryKind) -> UInt64 { UInt64(max(state.counts[kind] ?? 0, 0)) }
        self.init(
            directory: state.directory,
            state: !state.isReadable ? .unavailable : state.trouble == nil ? .writing : .reading,
            trouble: state.trouble?.description, bytes: UInt64(max(state.byteCount, 0)),
            limitBytes: UInt64(max(state.byteLimit, 0)), keepDays: Int(state.span.nanoseconds / 86_400_000_000_000),
            oldest: state.oldest.map { Time(nanoseconds: $0.nanoseconds) }, requests: count(.request),
            lookups: count(.lookup), neighbours: count(.neighbour), leases: count(.lease),
            icmpErrors: count(.icmpError), waiting: UInt64(state.waiting), written: state.written,
            lost: state.lost.all, lostUnanswered: state.lost.unanswered, droppedForSize: state.droppedForSize,
            droppedForAge: state.droppedForAge, setAside: state.aside)
    }

    /// Of all kinds.
    var records: UInt64 { requests &+ lookups &+ neighbours &+ leases &+ icmpErrors }
}

extension API.Check {
    /// Whether what is seen outlives the daemon.
    init(_ state: HistoryState?) {
        let name = "history"
        guard let state else {
            self.init(
                name, .limited, "the history is kept in memory only: no directory is configured",
                lost: "everything, when the daemon ends", fix: "sudoedit /etc/waybill/waybill.yaml")
            return
        }
        let status = HistoryStatus(state)
        if let trouble = state.trouble {
            let kept =
                state.isReadable
                ? "what is on disk can still be read" : "what is on disk is not shown until that is mended"
            self.init(
                name, .limited, "nothing is written to the history: \(trouble); \(kept)",
                lost: "what is seen from now on, when the daemon ends", fix: trouble.fix)
            return
        }
        guard state.isReadable else {
            self.init(name, .unknown, "the history in \(state.directory) is being opened")
            return
        }
        if let aside = state.aside.last {
            self.init(
                name, .limited, "the history was damaged; it is kept as \(aside), and a new one was begun",
                lost: "what is in the damaged file", fix: "sqlite3 \(aside) .recover")
            return
        }
        if state.lost.all > 0 {
            let unanswered =
                state.lost.unanswered > 0 ? ", \(state.lost.unanswered) of them requests without an answer" : ""
            self.init(
                name, .limited, "\(state.lost.all) records did not come to disk since the start\(unanswered)",
                lost: "those records, when the daemon ends", fix: "waybill status")
            return
        }
        let clock = state.isHolding ? "; the clock jumped, so nothing is dropped for its age for a day" : ""
        self.init(name, .ok, "\(status.records) records in \(state.directory)\(clock)")
    }
}
