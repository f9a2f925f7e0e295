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
    private var questions = TokenBucket(burst: 64, perSecond: 32)

    private static let capacity = 256
    private static let believed = TimeSpan.seconds(2)
    /// Looking at each takes about two microseconds.
    private static let processLimit = 8192

    init(folder: ProcFolder) {
        self.folder = folder
        own = folder.networkNamespace("self")
    }

    /// Which socket of which container `tuple` belongs to. Two that look alike are `several`.
    ///
    /// - Returns: `nil` when it may be another host's, or when there was no time to look.
    mutating func find(_ tuple: FlowTuple, at now: Timestamp) -> SocketAnswer? {
        refresh(now)
        guard !members.isEmpty, questions.take(at: now) else { return nil }
        var found: [KernelSocket] = []
        for pid in members.values {
            switch SocketRows(folder, String(pid), tuple.transport)?.find(tuple) {
            case .one(let socket)?: found.append(socket)
            case .several(let count)?: return .several(count)
            case .none?, nil: break
            }
        }
        return found.isEmpty ? nil : found.count == 1 ? .one(found[0]) : .several(found.count)
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
