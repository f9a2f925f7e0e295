import API
import Model

/// What `/metrics` tells: counts of the whole host and of the daemon itself. No label has a value from the wire, so that
/// nobody outside can make more of them.
struct Metrics {
    let status: API.Status
    let serving: Serving
    /// How requests went, of those that came to the history.
    let requests: [(kind: RequestTally.Kind, count: UInt64)]
    /// News of the kernel that were lost, by the source.
    let gaps: [(source: String, count: UInt64)]

    /// How the server itself goes.
    struct Serving {
        var connections: Int
        var accepted: UInt64
        var streams: Int
        var refused: [Refusal: UInt64]
    }

    var text: String {
        var page = PrometheusText()
        write(daemonTo: &page)
        write(interfacesTo: &page)
        if let totals = status.totals { write(totals, to: &page) }
        if !requests.isEmpty {
            page.family(
                "waybill_requests_total", .counter,
                "Requests that are over and came to the history on disk, by what is said of them and how they went.")
            for (kind, count) in requests {
                page.sample(count, ("verdict", kind.verdict), ("outcome", kind.outcome))
            }
        }
        page.family(
            "waybill_kernel_gaps_total", .counter, "Times or records that the kernel's news were lost, by the source.")
        for (source, count) in gaps { page.sample(count, ("source", source)) }
        if let history = status.history { write(history, to: &page) }
        write(servingTo: &page)
        write(processTo: &page)
        return page.text
    }

    private func write(daemonTo page: inout PrometheusText) {
        page.family("waybill_build_info", .gauge, "1; the version is in the label.")
        page.sample(1, ("version", status.version))
        page.family("waybill_up", .gauge, "Whether any interface is captured.")
        page.sample(status.interfaces.contains { $0.state == .capturing } ? 1 : 0)
        page.family("waybill_start_time_seconds", .gauge, "When observing began, since 1970.")
        page.sample(nanoseconds: status.started.nanoseconds)
        if let observed = status.observedUntil {
            page.family(
                "waybill_observed_until_seconds", .gauge,
                "Until when everything has been taken into account, since 1970.")
            page.sample(nanoseconds: observed.nanoseconds)
        }
        if let checks = status.checks {
            page.family(
                "waybill_check_ok", .gauge, "Whether what answers depend on is there: 1, or 0 where some are lost.")
            var seen: Set<String> = []
            for check in checks where seen.insert(check.name).inserted {
                page.sample(check.state == .ok ? 1 : 0, ("check", check.name))
            }
        }
    }

    private func write(interfacesTo page: inout PrometheusText) {
        let interfaces = Self.unique(status.interfaces)
        page.family("waybill_interface_capturing", .gauge, "Whether the interface is captured now.")
        for interface in interfaces {
            page.sample(interface.state == .capturing ? 1 : 0, ("interface", interface.name))
        }
        page.family("waybill_interface_received_frames_total", .counter, "Frames that were captured.")
        for interface in interfaces {
            if let count = interface.received { page.sample(count, ("interface", interface.name)) }
        }
        page.family(
            "waybill_interface_dropped_frames_total", .counter,
            "Frames that were lost before they could be read, by the kernel for want of room or by the interface.")
        for interface in interfaces {
            if let count = interface.droppedByKernel {
                page.sample(count, ("interface", interface.name), ("by", "kernel"))
            }
            if let count = interface.droppedByInterface {
                page.sample(count, ("interface", interface.name), ("by", "interface"))
            }
        }
        page.family("waybill_interface_cut_frames_total", .counter, "Frames that the snap length cut.")
        for interface in interfaces {
            if let count = interface.cut { page.sample(count, ("interface", interface.name)) }
        }
    }

    /// An interface that went and came again is there twice; the one that is captured counts.
    private static func unique(_ interfaces: [InterfaceStatus]) -> [InterfaceStatus] {
        var kept: [InterfaceStatus] = []
        for interface in interfaces {
            if let index = kept.firstIndex(where: { $0.name == interface.name }) {
                if interface.state == .capturing { kept[index] = interface }
            } else {
                kept.append(interface)
            }
        }
        return kept
    }

    private func write(_ totals: API.Summary, to page: inout PrometheusText) {
        page.family("waybill_frames_total", .counter, "Frames that were read.")
        page.sample(totals.frames)
        page.family("waybill_frame_bytes_total", .counter, "Their bytes on the wire.")
        page.sample(totals.bytes)
        page.family("waybill_undecoded_frames_total", .counter, "Frames of protocols that are not decoded.")
        page.sample(totals.otherFrames)
        page.family("waybill_decoded_headers_total", .counter, "Headers that could be read, by their layer.")
        for layer in totals.layers { page.sample(layer.decoded, ("layer", layer.layer)) }
        page.family("waybill_cut_headers_total", .counter, "Headers that the snap length cut, by their layer.")
        for layer in totals.layers { page.sample(layer.cut, ("layer", layer.layer)) }
        page.family("waybill_malformed_headers_total", .counter, "Headers that are wrong, by their layer and why.")
        for layer in totals.layers {
            for reason in layer.reasons { page.sample(reason.count, ("layer", layer.layer), ("reason", reason.reason)) }
        }
        page.family("waybill_records_total", .counter, "Records that were made, by their kind.")
        page.sample(totals.requests, ("kind", "request"))
        page.sample(totals.lookups, ("kind", "lookup"))
        page.sample(totals.neighbours, ("kind", "neighbour"))
        page.sample(totals.leases, ("kind", "lease"))
        page.sample(totals.icmpErrors, ("kind", "icmp_error"))
        page.family("waybill_table_entries", .gauge, "Entries of a table now.")
        for table in totals.tables { page.sample(table.count, ("table", table.name)) }
        page.family("waybill_table_capacity", .gauge, "Entries that a table can have.")
        for table in totals.tables { page.sample(table.capacity, ("table", table.name)) }
        page.family("waybill_table_evictions_total", .counter, "Entries that a full table dropped or refused.")
        for table in totals.tables { page.sample(table.evictions, ("table", table.name)) }
    }

    private func write(_ history: HistoryStatus, to page: inout PrometheusText) {
        page.family("waybill_history_trouble", .gauge, "Whether nothing is written to the history on disk: 1, else 0.")
        page.sample(history.state == .writing ? 0 : 1)
        page.family("waybill_history_size_bytes", .gauge, "Of the history on disk.")
        page.sample(history.bytes)
        page.family("waybill_history_limit_bytes", .gauge, "What it may grow to.")
        page.sample(history.limitBytes)
        page.family("waybill_history_waiting_records", .gauge, "Records that wait to be written.")
        page.sample(history.waiting)
        page.family("waybill_history_written_records_total", .counter, "Records that were written.")
        page.sample(history.written)
        page.family("waybill_history_lost_records_total", .counter, "Records that never came to disk.")
        page.sample(history.lost)
        page.family(
            "waybill_history_dropped_records_total", .counter, "Records that were dropped from disk, by the cause.")
        page.sample(history.droppedForSize, ("reason", "size"))
        page.sample(history.droppedForAge, ("reason", "age"))
    }

    private func write(servingTo page: inout PrometheusText) {
        page.family("waybill_http_connections", .gauge, "Connections of clients.")
        page.sample(serving.connections)
        page.family("waybill_http_accepted_connections_total", .counter, "Connections that were let in.")
        page.sample(serving.accepted)
        page.family("waybill_http_streams", .gauge, "Streams of requests that are open.")
        page.sample(serving.streams)
        page.family(
            "waybill_http_refused_total", .counter, "Connections and calls that were refused or cut off, by the reason."
        )
        for refusal in Refusal.allCases { page.sample(serving.refused[refusal] ?? 0, ("reason", refusal.rawValue)) }
    }

    /// Under the names that client libraries of Prometheus give them.
    private func write(processTo page: inout PrometheusText) {
        page.family("process_start_time_seconds", .gauge, "When the daemon began, since 1970.")
        page.sample(nanoseconds: status.started.nanoseconds)
        guard let daemon = status.daemon else { return }
        page.family(
            "process_cpu_seconds_total", .counter, "Processor time that the daemon took, the kernel's for it too.")
        page.sample(nanoseconds: daemon.cpu.microseconds &* 1000)
        func gauge(_ name: StaticString, _ help: StaticString, _ value: (some BinaryInteger)?) {
            guard let value else { return }
            page.family(name, .gauge, help)
            page.sample(value)
        }
        gauge("process_resident_memory_bytes", "What the daemon has in memory.", daemon.resident)
        gauge("process_open_fds", "File descriptors that the daemon has open.", daemon.openFiles)
        gauge("process_max_fds", "File descriptors that it may have open.", daemon.openFilesLimit)
        gauge("process_threads", "Its threads.", daemon.threads)
    }
}
