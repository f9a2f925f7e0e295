import Confine
import Glibc
import Model

/// Whose socket a request came from, found in the kernel's tables: for requests of which no tracepoint told.
///
///     asked ──a few ms──▶ told meanwhile: nothing to do
///                    └──▶ looked up by tuple ──has an inode──▶ holders wanted ──walk──▶ owner, or why not
///
/// At most ``capacity`` requests wait; further ones get no answer and are counted.
final class SocketPart: HostPart {
    private let processes: ProcessTable
    var folder: ProcFolder { processes.folder }
    private let tracing: TracingPart
    private var finder: SocketFinder<KernelNetlinkSocket>?
    private var holders: SocketHolders
    private var containers: OtherNamespaces
    /// Sockets that were there when observing began.
    private var existing: Set<UInt64> = []
    private var waiting: [Waiting] = []
    /// Inbound requests come as fast as others like; those beyond this rate are not looked up.
    private var servings = TokenBucket(burst: 1024, perSecond: 512)
    private var peak = 0
    private var refused: UInt64 = 0
    private var trouble: String?
    private let ports = PortWatch()
    private let surroundings: Surroundings

    private static let capacity = 4096
    private static let existingCapacity = 65_536
    /// A tracepoint's record of the request is on its way while its first packet is seen.
    private static let courtesy = TimeSpan.milliseconds(5)
    /// Whoever waits longer is told that nobody could be found.
    private static let patience = TimeSpan.seconds(15)
    private static let lookupsPerTurn = 256

    private struct Waiting {
        var question: HostQuestion
        var asked: Timestamp
        /// As the kernel's table had it, and when.
        var socket: KernelSocket?
        /// Of an inbound request: what is known of its server, and when to look again.
        var served: ServingSocket?
        var again = Timestamp.distantPast
        var lookedUp = Timestamp.distantPast
    }

    /// - Parameter tracing: what it has told of need not be looked up.
    init(_ processes: ProcessTable, _ tracing: TracingPart) {
        self.processes = processes
        self.tracing = tracing
        holders = SocketHolders(folder: processes.folder)
        containers = OtherNamespaces(folder: processes.folder)
        surroundings = Surroundings(folder: processes.folder, .current)
        open()
        noteExisting()
    }

    private func open() {
        do throws(NetlinkError) {
            finder = try SocketFinder()
            trouble = nil
        } catch {
            finder = nil
            trouble = error.description
        }
    }

    private func noteExisting() {
        for transport in [TransportProtocol.tcp, .udp] {
            // Without a list each is simply found as any other socket is.
            try? finder?.all(transport) { socket in
                if socket.inode != 0, self.existing.count < Self.existingCapacity { self.existing.insert(socket.inode) }
            }
        }
    }

    var source: HostSource {
        var source = HostSource(name: .sockets, trouble: trouble ?? blindness)
        source.gaps = finder?.gaps ?? 0
        return source
    }

    /// What a look into /proc/PID/fd needs and this program does not have: then only its own user's sockets have names.
    private var blindness: String? {
        let missing = Capabilities.needed.filter { need in
            [.readSearch, .ptrace].contains(need.capability) && !surroundings.may(need.capability)
        }
        guard !missing.isEmpty else { return nil }
        return "looking whose socket it is needs \(missing.map(\.name).joined(separator: " and "))"
    }

    func checks(_ surroundings: Surroundings) -> [Check] {
        let fix = trouble == nil ? surroundings.grantingCapabilities : nil
        return [source.check("the kernel's tables of sockets and /proc/PID/fd can be read", fix: fix)]
    }

    var descriptors: [CInt] { [] }

    var due: Timestamp? {
        waiting.map { $0.socket == nil ? max($0.asked + Self.courtesy, $0.again) : holders.due }.min()
    }

    var tables: [TableSummary] {
        [
            TableSummary(
                name: "socket_questions", count: waiting.count, peak: peak, capacity: Self.capacity,
                evictions: refused),
            holders.summary,
        ]
    }

    func ask(_ questions: [HostQuestion]) {
        let now = HostClock.now
        for question in questions where question.needsOwner {
            switch question.direction {
            // A forwarded one may be a container's.
            case .outbound, .local, .forwarded: break
            // Who serves it; the kernel itself answers echo requests.
            case .inbound:
                guard [.tcp, .udp].contains(question.tuple.transport), servings.take(at: now) else { continue }
            }
            guard waiting.count < Self.capacity else {
                refused &+= 1
                continue
            }
            waiting.append(Waiting(question: question, asked: now))
        }
        peak = max(peak, waiting.count)
    }

    func expire(at now: Timestamp) {
        if finder == nil { open() }
        ports.look(at: now)
    }

    func turn(_ now: Timestamp) -> [Fact] {
        var facts = ports.take().map { [Fact(time: now, body: .portsScarce($0))] } ?? []
        guard !waiting.isEmpty else { return facts }
        var lookups = 0
        waiting = waiting.compactMap { entry in
            let question = entry.question
            if tracing.owners.hasTold(
                question.tuple, since: question.first, isInbound: question.direction == .inbound)
            {
                return nil
            }
            guard entry.socket == nil else { return entry }
            let time = max(entry.asked + Self.courtesy, entry.again)
            guard now >= time || now < entry.asked, lookups < Self.lookupsPerTurn else { return entry }
            lookups += 1
            return entry.question.direction == .inbound
                ? lookUpServer(entry, now, &facts) : lookUp(entry, now, &facts)
        }
        if waiting.contains(where: { $0.socket != nil }) {
            holders.turn(at: now)
            waiting = waiting.compactMap { settle($0, now, &facts) }
        }
        return facts
    }

    private func lookUp(_ entry: Waiting, _ now: Timestamp, _ facts: inout [Fact]) -> Waiting? {
        func give(_ reason: String, _ user: UInt32? = nil) -> Waiting? {
            let owner = SocketOwner(nil, .socket, user: user.flatMap { processes.user($0) }, reason: reason)
            facts.append(Fact(time: entry.question.first, body: .socketOwner(entry.question.tuple, owner)))
            return nil
        }
        if let sender = echoSender(entry.question) {
            facts.append(Fact(time: entry.question.first, body: .socketOwner(entry.question.tuple, sender)))
            return nil
        }
        if isEcho(entry.question), tracing.trouble == nil, now >= entry.asked, now < entry.asked + Self.echoPatience {
            var entry = entry
            entry.again = now + Self.courtesy
            return entry
        }
        let answer: SocketAnswer?
        if entry.question.direction == .forwarded {
            guard let found = containers.find(entry.question.tuple, at: now) else { return nil }
            answer = found
        } else {
            answer = find(entry.question.tuple)
        }
        switch answer {
        case nil: return give("the kernel's table of sockets could not be read")
        case .none?:
            let tuple = entry.question.tuple
            switch tuple.transport {
            case .udp where OwnerFinder.isOfTunnels(tuple):
                return give("no socket has its port: a tunnel of the kernel's own sends so")
            case .tcp, .udp:
                return give("its socket was gone before it could be looked up, or a raw socket sent it\(tracingHint)")
            // Only sockets made for pinging (icmp(7)) have an identifier that the kernel tells.
            case .icmp, .icmpv6: return give("it was sent through a raw socket, or its socket was gone by then")
            }
        case .several(let count)?:
            return give(
                entry.question.direction == .forwarded
                    ? "\(count) sockets in other network namespaces may have sent it"
                    : "\(count) sockets may have sent it, none of them connected")
        case .one(let socket)? where socket.isTimeWait:
            return give("its socket was closed before it could be looked up\(tracingHint)")
        case .one(let socket)? where socket.inode == 0:
            return give(
                "its process closed the socket, or ended, before it could be looked up\(tracingHint)", socket.user)
        case .one(let socket)?:
            var entry = entry
            entry.socket = socket
            entry.lookedUp = now
            return entry
        }
    }

    /// Who made the socket of `tuple`; `nil` when it is gone, or another may have it.
    func user(of tuple: FlowTuple) -> UInt32? {
        guard case .one(let socket)? = find(tuple), !socket.isTimeWait, socket.inode != 0 else { return nil }
        return socket.user
    }

    /// The sockets of this network namespace that are in SYN-SENT; `nil` when the kernel cannot be asked.
    func connecting() -> [FlowTuple]? {
        var found: [FlowTuple] = []
        do throws(NetlinkError) {
            guard finder != nil else { return nil }
            try finder?.messages(.tcp, states: SocketState.synSent.bit) {
                found.append(FlowTuple(.tcp, $0.local, $0.peer))
            }
        } catch {
            open()
            return nil
        }
        return found
    }

    /// A server accepts at once or is busy; how long it takes says nothing after that.
    private static let acceptPatience = TimeSpan.seconds(2)

    private func lookUpServer(_ entry: Waiting, _ now: Timestamp, _ facts: inout [Fact]) -> Waiting? {
        var entry = entry
        func give(_ reason: String, _ listener: ServingListener? = nil) -> Waiting? {
            var owner = SocketOwner(nil, .listening, reason: reason)
            owner.listener = listener
            facts.append(Fact(time: entry.question.first, body: .socketOwner(entry.question.tuple, owner)))
            return nil
        }
        func take(_ socket: KernelSocket, _ served: ServingSocket) -> Waiting? {
            guard socket.inode != 0 else { return give("its socket was closed before it could be looked up") }
            entry.socket = socket
            entry.served = served
            entry.lookedUp = now
            return entry
        }
        let isTCP = entry.question.tuple.transport == .tcp
        switch server(of: entry.question.tuple) {
        case nil: return give("the kernel's table of sockets could not be read")
        case .taken(let socket)?: return take(socket, isTCP ? .accepted : .receiving)
        case .waiting?:
            guard now < entry.asked + Self.acceptPatience else {
                return give(
                    "no process had accepted the connection after \(Self.acceptPatience.nanoseconds / 1_000_000_000) s")
            }
            // 5 ms after the question, then at doubling distance.
            let waited = now - entry.asked
            entry.again = now + max(Self.courtesy, waited)
            return entry
        case .listening(let socket)?: return take(socket, .listening)
        case .several(let count)?:
            return give("its socket was gone before it could be looked up, and \(count) sockets have its port")
        case .elsewhere(let socket)?:
            return give(
                "no socket had its port at this address when it was looked up: one is bound to \(socket.local.address)",
                socket.listener)
        case .nobody?: return give("no socket had its port when it was looked up")
        }
    }

    private func server(of tuple: FlowTuple) -> ServerAnswer? {
        do throws(NetlinkError) { return try finder?.server(of: tuple) } catch {
            open()
            return nil
        }
    }

    /// What is told of echoes comes with other processors' records, which are waited for.
    private static let echoPatience = TimeSpan.milliseconds(30)

    private func isEcho(_ question: HostQuestion) -> Bool {
        question.direction != .forwarded && [.icmp, .icmpv6].contains(question.tuple.transport)
    }

    /// What would have helped.
    private var tracingHint: String {
        tracing.trouble == nil ? "" : "; the kernel's tracepoints would have told (waybill doctor)"
    }

    /// Who sent an echo request; `nil` when nobody told, or several did.
    private func echoSender(_ question: HostQuestion) -> SocketOwner? {
        guard isEcho(question) else { return nil }
        let senders = tracing.owners.echoes.senders(of: question.tuple, at: question.first).filter { process in
            if case .other = process.networkNamespace { false } else { true }
        }
        guard let sender = senders.first, senders.count == 1 else { return nil }
        return SocketOwner(sender, .traced)
    }

    private func find(_ tuple: FlowTuple) -> SocketAnswer? {
        switch tuple.transport {
        case .tcp, .udp:
            do throws(NetlinkError) { return try finder?.find(tuple) } catch {
                open()
                return nil
            }
        case .icmp, .icmpv6: return SocketRows(processes.folder, "self", tuple.transport)?.find(tuple)
        }
    }

    private func settle(_ entry: Waiting, _ now: Timestamp, _ facts: inout [Fact]) -> Waiting? {
        guard let socket = entry.socket else { return entry }
        var owner = SocketOwner(nil, .socket, user: processes.user(socket.user))
        switch holders.holders(of: socket.inode, since: entry.lookedUp) {
        case .notYet:
            guard now > entry.asked + Self.patience else { return entry }
            owner.reason = "too many sockets were looked for at once"
        case .nobody(let denied):
            owner.how = entry.served?.how ?? owner.how
            owner.reason =
                denied > 0
                ? "none of the processes that may be looked at has its socket open"
                : "no process has its socket open: it was closed meanwhile, or is the kernel's own"
        case .found(let found, let time):
            let known = found.processes.compactMap { processes.process($0, at: time) }
            if let served = entry.served {
                owner = served.owner(among: known, of: found.count)
                owner.user = processes.user(socket.user)
                if served == .listening { owner.listener = socket.listener }
            } else {
                owner = self.owner(of: entry.question, socket, known, count: found.count)
            }
        }
        facts.append(Fact(time: entry.question.first, body: .socketOwner(entry.question.tuple, owner)))
        return nil
    }

    private func owner(
        of question: HostQuestion, _ socket: KernelSocket, _ known: [Process], count: Int
    ) -> SocketOwner {
        var owner = SocketOwner(nil, .socket, user: processes.user(socket.user))
        guard count == 1 else {
            owner.reason = "several processes have its socket open: \(Process.list(known, of: count))"
            return owner
        }
        guard let process = known.first else {
            owner.reason = "its process ended before it could be looked at"
            return owner
        }
        // Whoever came later was given the socket; it is not who asked.
        if let started = process.started, started > question.first + ProcessTable.tick {
            owner.reason = "its socket was handed on to \(process.name) (\(process.pid)), which began later"
            return owner
        }
        owner.process = process
        owner.how = existing.contains(socket.inode) ? .existing : .socket
        return owner
    }
}
