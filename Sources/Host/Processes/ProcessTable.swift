import Model

/// Processes as they come and go, each looked at once.
///
/// It learns of starts, names and ends from the kernel's events, and reads /proc when somebody asks for a process. What
/// is gone by then is told as far as events told of it. Holds at most ``capacity`` processes; beyond that those that
/// ended first go first, then those that began first.
struct ProcessTable {
    private var entries: [Int32: Entry] = [:]
    /// PIDs in the order in which they came or ended, for making room.
    private var order: [Ticket] = []
    private var nextInOrder = 0
    private var serial: UInt64 = 0
    private var users = UserNames()
    private let folder: ProcFolder
    private let boot: Timestamp
    private let ownNamespace: UInt64?
    private let keepsArguments: Bool
    private var evictions: UInt64 = 0
    private var peak = 0

    static let capacity = 16_384
    /// After its end a process is still asked for: records about its last packets come a little later.
    static let remembered = TimeSpan.seconds(10)
    /// /proc counts in hundredths of a second.
    private static let tick = TimeSpan.milliseconds(20)

    private struct Entry {
        var serial: UInt64
        var parent: Int32?
        /// As events told, since it began to run this program.
        var name: String?
        var file: String?
        var forked: Timestamp?
        /// The last exec.
        var changed: Timestamp?
        var ended: Timestamp?
        var process: Process?
        var readAt: Timestamp?
    }

    private struct Ticket {
        var pid: Int32
        var serial: UInt64
    }

    init(folder: ProcFolder = ProcFolder(), boot: Timestamp = ProcFolder.boot, keepsArguments: Bool = true) {
        self.folder = folder
        self.boot = boot
        self.keepsArguments = keepsArguments
        ownNamespace = folder.networkNamespace("self")
    }

    var summary: TableSummary {
        TableSummary(
            name: "processes", count: entries.count, peak: peak, capacity: Self.capacity, evictions: evictions)
    }

    mutating func apply(_ event: KernelEvent) {
        switch event.body {
        case .forked(let parent):
            var entry = fresh(event.pid)
            entry.parent = parent
            entry.forked = event.time
            // Until it runs a program of its own it is called like its parent.
            entry.name = entries[parent]?.name ?? entries[parent]?.process?.name
            entry.file = entries[parent]?.file ?? entries[parent]?.process?.executable
            entries[event.pid] = entry
        case .executed(let path):
            change(event) { entry in
                entry.file = path
                entry.name = nil
            }
        case .named(let name, let isExec):
            change(event, isExec: isExec) { $0.name = name }
        case .exited:
            guard entries[event.pid] != nil else { return }
            entries[event.pid]?.ended = event.time
        case .routed, .connecting, .settled, .lost: break
        }
    }

    private mutating func change(_ event: KernelEvent, isExec: Bool = true, _ body: (inout Entry) -> Void) {
        var entry = entries[event.pid] ?? fresh(event.pid)
        if isExec {
            entry.changed = event.time
            entry.process = nil
        }
        body(&entry)
        entries[event.pid] = entry
    }

    /// The process that was `pid` at `time`; `nil` when nothing at all is known of it.
    mutating func process(_ pid: Int32, at time: Timestamp) -> Process? {
        if let entry = entries[pid] {
            // The events tell of another process by that number since.
            if let forked = entry.forked, forked > time { return nil }
            if let process = entry.process { return process }
        }
        if let process = look(pid, at: time) {
            var entry = entries[pid] ?? fresh(pid)
            entry.process = process
            entries[pid] = entry
            return process
        }
        return remember(pid, at: time)
    }

    /// Reads /proc. `nil` when it is gone, or when another process has the number by now.
    private mutating func look(_ pid: Int32, at time: Timestamp) -> Process? {
        guard let stat = folder.stat(pid) else { return nil }
        let executable = folder.executable(pid)
        let arguments = keepsArguments ? folder.arguments(pid) : nil
        let controlGroup = folder.controlGroup(pid)
        let user = folder.user(pid)
        let namespace = folder.networkNamespace(String(pid))
        let ticks = stat.started.multipliedReportingOverflow(by: 1_000_000_000 / ProcFolder.ticks)
        let started = boot + TimeSpan(nanoseconds: Int64(clamping: ticks.partialValue))
        guard started <= time + Self.tick, folder.stat(pid)?.started == stat.started else { return nil }
        // It runs another program since: what /proc shows is not what asked.
        if let changed = entries[pid]?.changed, changed > time { return nil }
        let group = controlGroup.map { ControlGroupName(path: $0) }
        var gap: String?
        if executable == nil && arguments != [] { gap = "its program file may not be looked at" }
        return Process(
            pid: pid, name: stat.name, started: started, executable: executable, arguments: arguments,
            ancestors: ancestors(of: stat.parent),
            user: user.map { Process.User(identifier: $0, name: users.name(of: $0)) },
            controlGroup: controlGroup, unit: group?.unit, container: group?.container,
            networkNamespace: namespace == ownNamespace ? nil : namespace, gap: gap)
    }

    /// What events alone told of a process that is gone.
    private mutating func remember(_ pid: Int32, at time: Timestamp) -> Process? {
        guard let entry = entries[pid], let name = entry.name ?? entry.file.map(Self.lastPart) else { return nil }
        let known = Process(
            pid: pid, name: name, started: entry.forked,
            executable: entry.file.flatMap { $0.hasPrefix("/") ? $0 : nil }, arguments: nil,
            ancestors: entry.parent.map { ancestors(of: $0) } ?? [],
            gap: "it had ended before /proc could be read: its command line and user are not known")
        entries[pid]?.process = known
        return known
    }

    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map { String($0.prefix(15)) } ?? path
    }

    private func ancestors(of parent: Int32) -> [Process.Ancestor] {
        var found: [Process.Ancestor] = []
        var pid = parent
        // A chain of parents may change under the reader; it never grows without end.
        while pid > 0, found.count < Process.ancestorCapacity {
            if let process = entries[pid]?.process {
                found.append(Process.Ancestor(pid: pid, name: process.name))
                return found + process.ancestors.prefix(Process.ancestorCapacity - found.count)
            }
            if let stat = folder.stat(pid) {
                found.append(Process.Ancestor(pid: pid, name: stat.name))
                pid = stat.parent
            } else if let entry = entries[pid], let name = entry.name ?? entry.file.map(Self.lastPart) {
                found.append(Process.Ancestor(pid: pid, name: name))
                guard let parent = entry.parent else { break }
                pid = parent
            } else {
                break
            }
        }
        return found
    }

    private mutating func fresh(_ pid: Int32) -> Entry {
        serial &+= 1
        order.append(Ticket(pid: pid, serial: serial))
        if entries.count >= Self.capacity { makeRoom() }
        peak = max(peak, entries.count + 1)
        return Entry(serial: serial)
    }

    private mutating func makeRoom() {
        while nextInOrder < order.count {
            let ticket = order[nextInOrder]
            nextInOrder += 1
            guard let entry = entries[ticket.pid], entry.serial == ticket.serial else { continue }
            entries[ticket.pid] = nil
            evictions &+= 1
            break
        }
        if nextInOrder > Self.capacity {
            order.removeFirst(nextInOrder)
            nextInOrder = 0
        }
    }

    /// Forgets what ended long enough ago.
    mutating func expire(at time: Timestamp) {
        let limit = time - Self.remembered
        for (pid, entry) in entries {
            if let ended = entry.ended, ended < limit { entries[pid] = nil }
        }
        if order.count > 2 * Self.capacity {
            order = order.dropFirst(nextInOrder).filter { entries[$0.pid]?.serial == $0.serial }
            nextInOrder = 0
        }
    }
}
