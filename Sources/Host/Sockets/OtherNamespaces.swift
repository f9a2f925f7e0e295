import Model

/// The network namespaces of this host's containers, each with a process through which its sockets can be seen:
/// /proc/PID/net shows them without CAP_SYS_ADMIN (network_namespaces(7)).
///
/// Looked for anew when asked, once in ``believed``. Knows ``capacity``; of more, requests stay without an owner.
struct OtherNamespaces {
    private let folder: ProcFolder
    private let own: UInt64?
    private var members: [UInt64: Int32] = [:]
    private var looked: Timestamp?
    private var questions = TokenBucket(burst: 256, perSecond: 128)
    /// Tables as they were read in one turn, which came after all that is asked in it.
    private var tables: [TableKey: SocketRows] = [:]
    private var read = Timestamp.distantPast
    /// When what reading has taken so far is worked off, at ``share``.
    private var idle = Timestamp.distantPast
    private let clock: () -> Timestamp

    private struct TableKey: Hashable {
        var pid: Int32
        var transport: TransportProtocol
    }

    /// For a table the kernel goes through the sockets of all namespaces, milliseconds on a large machine: one part in so
    /// many of a processor, beyond what may be taken at once.
    private static let share: Int64 = 20
    private static let atOnce = TimeSpan.milliseconds(100)

    private static let capacity = 256
    private static let believed = TimeSpan.seconds(2)
    /// Looking at each takes about two microseconds.
    private static let processLimit = 8192

    /// - Parameter clock: one that nobody sets.
    init(folder: ProcFolder, clock: @escaping () -> Timestamp = { HostClock.monotonic }) {
        self.folder = folder
        self.clock = clock
        own = folder.networkNamespace("self")
    }

    /// Which socket of which container `tuple` belongs to. Two that look alike are `several`.
    ///
    /// - Parameter now: the same for all that is asked in one turn.
    /// - Returns: `nil` when it may be another host's, or when there was no time to look.
    mutating func find(_ tuple: FlowTuple, at now: Timestamp) -> SocketAnswer? {
        refresh(now)
        guard !members.isEmpty, questions.take(at: now) else { return nil }
        if now != read { tables.removeAll() }
        read = now
        var found: [KernelSocket] = []
        for pid in members.values {
            let key = TableKey(pid: pid, transport: tuple.transport)
            guard let table = tables[key] ?? look(key) else { return nil }
            switch table.find(tuple) {
            case .one(let socket): found.append(socket)
            case .several(let count): return .several(count)
            case .none: break
            }
        }
        return found.isEmpty ? nil : found.count == 1 ? .one(found[0]) : .several(found.count)
    }

    /// Reads a table, if there is time: `nil` when not.
    private mutating func look(_ key: TableKey) -> SocketRows? {
        let began = clock()
        guard idle - began <= TimeSpan(nanoseconds: Self.atOnce.nanoseconds * Self.share) else { return nil }
        let rows = SocketRows(folder, String(key.pid), key.transport) ?? SocketRows("", key.transport)
        tables[key] = rows
        let taken = max(0, (clock() - began).nanoseconds)
        idle = max(idle, began) + TimeSpan(nanoseconds: taken.multipliedReportingOverflow(by: Self.share).partialValue)
        return rows
    }

    private mutating func refresh(_ now: Timestamp) {
        if let looked, now >= looked, now < looked + Self.believed { return }
        looked = now
        members.removeAll(keepingCapacity: true)
        for pid in folder.processes().prefix(Self.processLimit) {
            guard let namespace = folder.networkNamespace(String(pid)), namespace != own else { continue }
            if members.count < Self.capacity || members[namespace] != nil { members[namespace] = pid }
        }
    }
}
