import Model

/// Which processes have which sockets open: looked up in all of /proc at once, a little in each turn.
///
///     idle ──wanted──▶ walking ──all looked at──▶ idle, with what was found
///
/// What a walk found answers only what was asked before it began: sockets are handed on, and numbers used again. A walk
/// costs about a microsecond for each open file of the host, so there is a pause after it, twenty times as long.
struct SocketHolders {
    private let folder: ProcFolder
    private var walk: Walk?
    private var found = Walk(began: .distantPast, left: [])
    private var nextWalk = Timestamp.distantPast
    private(set) var overflows: UInt64 = 0

    /// Sockets in one walk; of more the holders are not known.
    private static let capacity = 262_144
    /// Processes that are told of one socket.
    private static let tellLimit = 16
    /// A turn takes no longer.
    private static let turn = TimeSpan.milliseconds(2)
    private static let pauseFactor: Int64 = 20

    private struct Walk {
        var began: Timestamp
        var left: [Int32]
        var holders: [UInt64: Holders] = [:]
        var denied = 0
        var nanoseconds: Int64 = 0
    }

    struct Holders: Equatable {
        /// The first few.
        var processes: [Int32]
        var count: Int
    }

    enum Answer: Equatable {
        /// A walk that began later has to come to its end first.
        case notYet
        /// Nobody has it open; so many processes could not be looked at.
        case nobody(denied: Int)
        case found(Holders, at: Timestamp)
    }

    init(folder: ProcFolder) { self.folder = folder }

    /// The next moment at which ``turn(at:)`` has something to do, when somebody waits.
    var due: Timestamp { walk == nil ? nextWalk : .distantPast }

    var summary: TableSummary {
        TableSummary(
            name: "open_sockets", count: found.holders.count, peak: found.holders.count, capacity: Self.capacity,
            evictions: overflows)
    }

    func holders(of inode: UInt64, since time: Timestamp) -> Answer {
        guard found.began >= time else { return .notYet }
        return found.holders[inode].map { .found($0, at: found.began) } ?? .nobody(denied: found.denied)
    }

    /// Goes on with a walk, or begins one.
    mutating func turn(at now: Timestamp) {
        if walk == nil {
            guard now >= nextWalk || nextWalk > now + .seconds(60) else { return }
            walk = Walk(began: now, left: folder.processes())
        }
        guard var current = walk.take() else { return }
        let start = HostClock.monotonic
        var spent = TimeSpan.zero
        while spent < Self.turn, let pid = current.left.popLast() {
            note(folder.sockets(pid), of: pid, in: &current)
            spent = HostClock.monotonic - start
        }
        current.nanoseconds += spent.nanoseconds
        guard current.left.isEmpty else {
            walk = current
            return
        }
        nextWalk = now + TimeSpan(nanoseconds: min(current.nanoseconds * Self.pauseFactor, 10_000_000_000))
        found = current
    }

    private mutating func note(_ sockets: ProcFolder.OpenSockets, of pid: Int32, in walk: inout Walk) {
        let inodes: [UInt64]
        switch sockets {
        case .found(let open): inodes = open
        case .denied:
            walk.denied += 1
            return
        case .gone: return
        }
        for inode in Set(inodes) {
            guard var holders = walk.holders[inode] else {
                guard walk.holders.count < Self.capacity else {
                    overflows &+= 1
                    continue
                }
                walk.holders[inode] = Holders(processes: [pid], count: 1)
                continue
            }
            holders.count += 1
            if holders.processes.count < Self.tellLimit { holders.processes.append(pid) }
            walk.holders[inode] = holders
        }
    }
}
