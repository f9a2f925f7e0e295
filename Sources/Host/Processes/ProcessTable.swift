import Model

/// Processes as they come and go: who a PID was at a moment.
///
/// It learns of starts, programs, names and ends from the kernel's events and reads /proc: already when a program
/// begins or connects, as often as ``TokenBucket`` lets it, and again when somebody asks. What is gone by then is told as far as
/// events and the earlier look told of it. Without events nothing is kept: every question reads /proc.
///
/// Holds at most ``capacity`` processes; beyond that those that came first go first.
final class ProcessTable {
    /// Somebody passes on the kernel's events, so that what was read once may be believed later.
    var followsEvents = false
    private var entries: [Int32: Entry] = [:]
    private var order: [Ticket] = []
    private var nextInOrder = 0
    private var serial: UInt64 = 0
    let folder: ProcFolder
    private var reader: ProcessReader
    /// A look takes about 50 µs. Programs that only begin are looked at less readily than those that connect.
    private var beginners = TokenBucket(burst: 1024, perSecond: 512)
    private var connecters = TokenBucket(burst: 1024, perSecond: 1024)
    /// Looks at processes of which the events are still on their way, with the time.
    private var peeks: [Int32: (process: Process, time: Timestamp)] = [:]
    private let capacity: Int
    private var evictions: UInt64 = 0
    private var peak = 0

    static let capacity = 16_384
    /// After its end a process is still asked for: records about its last packets come a little later.
    static let remembered = TimeSpan.seconds(10)
    /// A process may change its user or its unit, and no event says so.
    static let believed = TimeSpan.seconds(5)
    /// /proc counts in hundredths of a second.
    static let tick = TimeSpan.milliseconds(20)

    private struct Entry {
        var serial: UInt64
        var parent: Int32?
        /// As events told, since it began to run this program.
        var name: String?
        var file: String?
        /// `name` is this process's own, not what its parent was called when it came.
        var isNamed = false
        var forked: Timestamp?
        /// The last exec, and what it ran before.
        var changed: Timestamp?
        var before: Process?
        var ended: Timestamp?
        /// As it was read, and when; a look when the program began says little of what it did then.
        var process: Process?
        var read: Timestamp?
        /// Its parent when it came: it runs the same program until it runs one of its own.
        var inherited: Process?
    }

    private struct Ticket {
        var pid: Int32
        var serial: UInt64
    }

    init(
        folder: ProcFolder = ProcFolder(), boot: Timestamp = ProcFolder.boot, keepsArguments: Bool = true,
        users: UserNames = UserNames(), capacity: Int = ProcessTable.capacity
    ) {
        self.folder = folder
        reader = ProcessReader(folder: folder, boot: boot, keepsArguments: keepsArguments, users: users)
        self.capacity = max(1, capacity)
    }

    var summary: TableSummary {
        TableSummary(name: "processes", count: entries.count, peak: peak, capacity: capacity, evictions: evictions)
    }

    /// Whether the arguments of processes that are read from now on are kept.
    var keepsArguments: Bool {
        get { reader.keepsArguments }
        set { reader.keepsArguments = newValue }
    }

    func user(_ identifier: UInt32) -> Process.User? { reader.user(identifier) }

    // MARK: - Events

    /// Looks at a process whose events ``apply(_:)`` is told of in a moment: it may be gone by then.
    ///
    /// - Parameter isNew: it has just begun to run this program; what was seen of it before says nothing.
    func peek(_ pid: Int32, at now: Timestamp, isNew: Bool) {
        if !isNew {
            if let read = entries[pid]?.read, now < read + Self.believed { return }
            if let peek = peeks[pid], now < peek.time + Self.believed { return }
        }
        let mayLook = isNew ? beginners.take(at: now) : connecters.take(at: now)
        guard mayLook, let read = read(pid, at: now), read.isWhole else {
            if isNew { peeks[pid] = nil }
            return
        }
        if peeks.count >= Self.peekCapacity { peeks.removeAll(keepingCapacity: true) }
        peeks[pid] = (read.process, now)
    }

    /// What was seen of `pid` since `entry` began to run its program, and lately.
    private func peeked(_ pid: Int32, _ entry: Entry?) -> Process? {
        guard let (process, time) = peeks[pid], time >= entry?.changed ?? entry?.forked ?? .distantPast,
            isOf(entry, process)
        else { return nil }
        return process
    }

    private static let peekCapacity = 1024

    /// What does not tell of processes is passed over.
    func apply(_ event: KernelEvent) {
        switch event.body {
        case .forked(let parent): fork(event, parent)
        case .executed(let path):
            // Its name was told a moment before; now all of the program is in place.
            if entries[event.pid]?.changed == nil { exec(event) }
            entries[event.pid]?.file = path
            let seen = peeked(event.pid, entries[event.pid])
            entries[event.pid]?.process = seen
        case .named(let name, let isExec):
            if isExec { exec(event) }
            guard entries[event.pid] != nil else { return }
            entries[event.pid]?.name = name
            entries[event.pid]?.isNamed = true
            entries[event.pid]?.read = nil
        case .exited:
            entries[event.pid]?.ended = event.time
        case .lost:
            // Any number may be another process's by now.
            entries.removeAll(keepingCapacity: true)
            peeks.removeAll(keepingCapacity: true)
        case .routed, .lookupFailed, .noPort, .connecting, .settled, .abandoned, .held: break
        }
    }

    private func fork(_ event: KernelEvent, _ parent: Int32) {
        if entries[parent] == nil, followsEvents, beginners.take(at: event.time) { _ = process(parent, at: event.time) }
        if let entry = entries[event.pid], let changed = entry.changed, changed >= event.time {
            // It runs a program of its own already: this record came late.
            entries[event.pid]?.parent = parent
            entries[event.pid]?.forked = event.time
            return
        }
        let inherited = known(parent, at: event.time, withAncestors: false)
        var entry = fresh(event.pid)
        entry.parent = parent
        entry.forked = event.time
        entry.inherited = inherited
        // Until it runs a program of its own it is called like its parent.
        entry.name = entries[parent]?.name ?? inherited?.name
        entry.file = entries[parent]?.file ?? inherited?.executable
        entries[event.pid] = entry
    }

    private func exec(_ event: KernelEvent) {
        let before = known(event.pid, at: event.time, withAncestors: false)
        var entry = entries[event.pid] ?? fresh(event.pid)
        entry.before = before
        entry.changed = event.time
        entry.process = nil
        entry.read = nil
        entry.inherited = nil
        entry.name = nil
        entry.file = nil
        entry.isNamed = false
        entries[event.pid] = entry
    }

    // MARK: - Questions

    /// The process that was `pid` at `time`; `nil` when nothing at all is known of it.
    func process(_ pid: Int32, at time: Timestamp) -> Process? {
        guard followsEvents else { return look(pid, at: time) }
        if let entry = entries[pid] {
            // Events tell of another process by that number since.
            if let forked = entry.forked, forked > time { return nil }
            // It runs another program since.
            if let changed = entry.changed, changed > time { return entry.before }
            if let ended = entry.ended, ended < time {
                // No event told of the one that has the number now.
                entries[pid] = nil
            } else if let process = entry.process, let read = entry.read, time < read + Self.believed {
                return process
            }
        }
        guard let process = look(pid, at: time) else {
            let known = known(pid, at: time, withAncestors: true)
            entries[pid]?.process = known
            return known
        }
        var entry = entries[pid] ?? fresh(pid)
        if let known = entry.process, known.isSame(as: process) {
            // One object for all its requests.
        } else {
            entry.process = process
        }
        entry.read = time
        entries[pid] = entry
        return entry.process
    }

    /// Reads /proc. `nil` when it is gone, or when another process has the number by now.
    private func look(_ pid: Int32, at time: Timestamp) -> Process? {
        let entry = entries[pid]
        guard let (process, isWhole) = read(pid, at: time), isOf(entry, process) else { return peeked(pid, entry) }
        guard !isWhole else { return process }
        // Its end has begun: what was seen of it earlier tells more, if it still ran the same.
        if let peeked = peeked(pid, entry) { return peeked }
        if let known = entry?.process ?? entry?.inherited, known.name == process.name { return nil }
        return process
    }

    private func read(_ pid: Int32, at time: Timestamp) -> (process: Process, isWhole: Bool)? {
        let read = reader.read(pid, file: entries[pid]?.file) { ancestors(of: $0, before: time) }
        guard let read, let started = read.process.started, started <= time + Self.tick else { return nil }
        return read
    }

    /// Whether it runs what the kernel last told of it. If not, it runs another program since, and the event is on its
    /// way.
    private func isOf(_ entry: Entry?, _ process: Process) -> Bool {
        guard let entry, entry.isNamed else { return true }
        return entry.name == process.name
    }

    /// What is known without a look into /proc.
    ///
    /// - Parameter withAncestors: whether /proc may be read for those.
    private func known(_ pid: Int32, at time: Timestamp, withAncestors: Bool) -> Process? {
        guard let entry = entries[pid] else { return nil }
        if let process = entry.process { return process }
        if let parent = entry.inherited {
            return Process(
                pid: pid, name: entry.name ?? parent.name, started: entry.forked, executable: parent.executable,
                arguments: parent.arguments,
                ancestors: [Process.Ancestor(pid: parent.pid, name: parent.name)]
                    + parent.ancestors.prefix(Process.ancestorCapacity - 1),
                user: parent.user, controlGroup: parent.controlGroup, unit: parent.unit, container: parent.container,
                networkNamespace: parent.networkNamespace,
                gap: "/proc could not be read in time: shown as its parent was, whose program it ran")
        }
        guard let name = entry.name ?? entry.file.map(Self.lastPart) else { return nil }
        return Process(
            pid: pid, name: name, started: entry.forked,
            executable: entry.file.flatMap { $0.hasPrefix("/") ? $0 : nil }, arguments: nil,
            ancestors: withAncestors
                ? entry.parent.map { ancestors(of: $0, before: entry.forked ?? time) } ?? [] : [],
            gap: "/proc could not be read in time: its command line and user are not known")
    }

    private static func lastPart(_ path: String) -> String {
        // TASK_COMM_LEN, with its NUL.
        path.split(separator: "/").last.map { String($0.prefix(15)) } ?? path
    }

    /// From `parent` on upwards, of a process that was there at `time`.
    private func ancestors(of parent: Int32, before time: Timestamp) -> [Process.Ancestor] {
        var found: [Process.Ancestor] = []
        var pid = parent
        // A chain of parents may change under the reader; it never grows without end.
        while pid > 0, found.count < Process.ancestorCapacity {
            let entry = entries[pid]
            // A parent is there before its children: this number is another process's by now.
            if let forked = entry?.forked, forked > time { break }
            if followsEvents, let known = entry?.process {
                found.append(Process.Ancestor(pid: pid, name: known.name))
                return found + known.ancestors.prefix(Process.ancestorCapacity - found.count)
            }
            if let stat = folder.stat(pid) {
                found.append(Process.Ancestor(pid: pid, name: stat.name))
                pid = stat.parent
            } else if let entry, let name = entry.name ?? entry.process?.name ?? entry.file.map(Self.lastPart) {
                found.append(Process.Ancestor(pid: pid, name: name))
                guard let parent = entry.parent else { break }
                pid = parent
            } else {
                break
            }
        }
        return found
    }

    // MARK: - Room

    private func fresh(_ pid: Int32) -> Entry {
        serial &+= 1
        if entries[pid] == nil, entries.count >= capacity { makeRoom() }
        order.append(Ticket(pid: pid, serial: serial))
        peak = max(peak, entries.count + (entries[pid] == nil ? 1 : 0))
        return Entry(serial: serial)
    }

    private func makeRoom() {
        while nextInOrder < order.count {
            let ticket = order[nextInOrder]
            nextInOrder += 1
            guard let entry = entries[ticket.pid], entry.serial == ticket.serial else { continue }
            entries[ticket.pid] = nil
            evictions &+= 1
            break
        }
        if nextInOrder > capacity { compact() }
    }

    private func compact() {
        order = order.dropFirst(nextInOrder).filter { entries[$0.pid]?.serial == $0.serial }
        nextInOrder = 0
    }

    /// Forgets what ended long enough ago.
    func expire(at time: Timestamp) {
        let limit = time - Self.remembered
        for (pid, entry) in entries {
            if let ended = entry.ended, ended < limit { entries[pid] = nil }
        }
        peeks = peeks.filter { $0.value.time > limit }
        if order.count > 2 * capacity { compact() }
    }
}

extension Process {
    /// Nothing that can be told of it has changed.
    fileprivate func isSame(as other: Process) -> Bool {
        pid == other.pid && name == other.name && started == other.started && executable == other.executable
            && arguments == other.arguments && ancestors == other.ancestors && user == other.user
            && controlGroup == other.controlGroup && networkNamespace == other.networkNamespace && gap == other.gap
    }
}
