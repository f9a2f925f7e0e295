import CLinux
import Glibc

/// The memory into which the kernel writes the records of one processor's events, owned with the event that it
/// belongs to (perf_event_open(2), "MMAP layout").
@safe final class PerfRing {
    /// Readable when records wait.
    let descriptor: CInt
    private let memory: UnsafeMutableRawPointer
    private static let pageSize = Int(sysconf(CInt(_SC_PAGESIZE)))
    /// A power of two; about 600 connects.
    private static let dataSize = 32 * pageSize

    /// Takes over `descriptor`, of an event that is not enabled yet.
    ///
    /// - Throws: ``TracingError`` when the kernel gives no memory; the descriptor is closed then.
    init(descriptor: CInt) throws(TracingError) {
        let memory = unsafe mmap(
            nil, Self.pageSize + Self.dataSize, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            let number = errno
            close(descriptor)
            throw .refused(what: "memory for its records", errno: number)
        }
        self.descriptor = descriptor
        unsafe self.memory = memory
    }

    deinit {
        unsafe munmap(memory, Self.pageSize + Self.dataSize)
        close(descriptor)
    }

    /// What was written since the last call; empty when nothing was.
    func read() -> [UInt8] {
        let head = unsafe wb_ring_head(memory)
        let tail = unsafe memory.load(
            fromByteOffset: Self.tailOffset, as: UInt64.self)
        let waiting = Int(clamping: head &- tail)
        // More than the ring holds cannot be: then its counters are not to be believed.
        guard waiting > 0, waiting <= Self.dataSize else {
            if waiting != 0 { unsafe wb_ring_set_tail(memory, head) }
            return []
        }
        let start = Int(tail & UInt64(Self.dataSize - 1))
        let first = min(waiting, Self.dataSize - start)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(waiting)
        unsafe bytes.append(
            contentsOf: UnsafeRawBufferPointer(start: memory + Self.pageSize + start, count: first))
        unsafe bytes.append(
            contentsOf: UnsafeRawBufferPointer(start: memory + Self.pageSize, count: waiting - first))
        unsafe wb_ring_set_tail(memory, head)
        return bytes
    }

    private static let tailOffset = MemoryLayout<perf_event_mmap_page>.offset(of: \.data_tail) ?? 1032
}

/// Why the kernel cannot be listened to.
package enum TracingError: Error, Equatable, CustomStringConvertible {
    /// tracefs is nowhere to be seen.
    case noTracepoints
    /// It is there, for root alone.
    case notReadable
    /// This kernel has none of the tracepoints, or they look different.
    case unknownTracepoints
    case refused(what: String, errno: Int32)

    package var description: String {
        switch self {
        case .noTracepoints:
            "tracefs is not mounted; `mount -t tracefs tracefs /sys/kernel/tracing` makes it visible"
        case .notReadable: "reading tracefs needs the capability CAP_DAC_READ_SEARCH"
        case .unknownTracepoints: "this kernel has no tracepoints that tell which thread connects"
        case .refused(let what, EACCES), .refused(let what, EPERM):
            "the kernel refused \(what): that needs the capability CAP_PERFMON"
        case .refused(let what, let number):
            "the kernel refused \(what): \(unsafe strerror(number).map { unsafe String(cString: $0) } ?? "errno \(number)")"
        }
    }
}
