import CLinux
import Model

/// The records that perf_event_open(2) wrote, read one after the other. In bytes:
///
///     0      4      6      8
///     | type | misc | size | body, its length a multiple of 8 …
///
/// It ends at the first record that is cut or whose size is a lie.
struct PerfRecords {
    private var rest: KernelBytes
    private let layouts: TracepointLayouts

    init(_ bytes: [UInt8], _ layouts: TracepointLayouts) {
        rest = KernelBytes(bytes)
        self.layouts = layouts
    }

    /// - Returns: `nil` at the end; records that mean nothing here are passed over.
    mutating func next() -> KernelEvent? {
        while true {
            let size = MemoryLayout<perf_event_header>.size
            guard let header = rest.load(perf_event_header.self), Int(header.size) >= size,
                let body = rest.part(at: size, length: Int(header.size) - size)
            else { return nil }
            rest = rest.dropping(Int(header.size))
            if let event = event(header, body) { return event }
        }
    }

    private func event(_ header: perf_event_header, _ body: KernelBytes) -> KernelEvent? {
        switch header.type {
        case PERF_RECORD_SAMPLE.rawValue: return sample(body)
        case PERF_RECORD_COMM.rawValue:
            // pid, tid, name padded to 8, then who and when. Another thread may have given it; threads' names are passed over.
            let isExec = header.misc & UInt16(PERF_RECORD_MISC_COMM_EXEC) != 0
            guard let pid = body.load(Int32.self), let thread = body.load(Int32.self, at: 4), isExec || pid == thread
            else { return nil }
            return event(body, fixed: 8, of: pid) { .named(body.dropping(8).text, isExec: isExec) }
        case PERF_RECORD_FORK.rawValue:
            // pid, ppid, tid, ptid: of a new thread both processes are the same.
            guard let child = body.load(Int32.self), let parent = body.load(Int32.self, at: 4), child != parent
            else { return nil }
            return event(body, fixed: 24, of: child) { .forked(parent: parent) }
        case PERF_RECORD_EXIT.rawValue:
            // Threads end too: a process ends with the last one, which mostly is the first.
            guard let pid = body.load(Int32.self), let thread = body.load(Int32.self, at: 8), pid == thread
            else { return nil }
            return event(body, fixed: 24, of: pid) { .exited }
        case PERF_RECORD_LOST.rawValue:
            // Identifier of the event, how many.
            guard let count = body.load(UInt64.self, at: 8) else { return nil }
            return event(body, fixed: 16) { .lost(count) }
        default: return nil
        }
    }

    /// PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW: pid, tid, time, size of the tracepoint's record, the record.
    private func sample(_ body: KernelBytes) -> KernelEvent? {
        guard let pid = body.load(Int32.self), let thread = body.load(Int32.self, at: 4),
            let time = body.load(Int64.self, at: 8), let size = body.load(UInt32.self, at: 16),
            let record = body.part(at: 20, length: Int(size)), let number = record.load(UInt16.self),
            let read = reader(of: UInt64(number)), let body = read(record)
        else { return nil }
        return KernelEvent(time: Timestamp(nanoseconds: time), pid: pid, thread: thread, body: body)
    }

    private func reader(of number: UInt64) -> ((KernelBytes) -> KernelEvent.Body?)? {
        if let layout = layouts.routeLookup, layout.identifier == number { return layout.read }
        if let layout = layouts.routeLookup6, layout.identifier == number { return layout.read }
        if let layout = layouts.stateChange, layout.identifier == number { return layout.read }
        if let layout = layouts.neighbourSend, layout.identifier == number { return layout.read }
        if let layout = layouts.exec, layout.identifier == number { return layout.read }
        return nil
    }

    /// A record that is no sample: who and when stand at its end, as sample_id_all has it.
    private func event(
        _ body: KernelBytes, fixed: Int, of process: Int32? = nil, _ make: () -> KernelEvent.Body
    ) -> KernelEvent? {
        let end = body.count - 16
        guard end >= fixed, let pid = body.load(Int32.self, at: end), let thread = body.load(Int32.self, at: end + 4),
            let time = body.load(Int64.self, at: end + 8)
        else { return nil }
        return KernelEvent(
            time: Timestamp(nanoseconds: time), pid: process ?? pid, thread: process ?? thread, body: make())
    }
}
