// Host's door for interfaces: the engine polls `fileDescriptor` and calls `receive`.

import CLinux
import Glibc
package import Model

/// Follows the host's links and addresses through rtnetlink(7): a dump of both, then every change, as facts.
///
///     opened ──links asked──▶ links ──done──▶ addresses ──done──▶ synchronised
///                               ▲                                     │
///                               └──────────── messages lost ──────────┘
///
/// It has no thread and never waits: poll ``fileDescriptor``, then call ``receive(at:)``. When the kernel had to
/// drop messages, a `resynchronised` fact says so and a new dump follows; what it shows to have changed meanwhile
/// becomes facts like any other change.
package struct LinkWatcher<Socket: NetlinkSocket & ~Copyable>: ~Copyable {
    private var socket: Socket
    private var table = LinkTable()
    private var phase = Phase.synchronised
    private var sequence: UInt32 = 0
    /// The dump under way is useless: messages were lost, or the kernel changed its tables while it listed them.
    private var mustDumpAgain = false
    private var repeatedDumps = 0
    /// Datagrams that ended in a message whose length was a lie.
    package private(set) var malformedDatagrams: UInt64 = 0
    /// How often messages were lost.
    package private(set) var overruns: UInt64 = 0

    private enum Phase { case links, addresses, synchronised }

    /// One call takes in no more than this, so that a burst of events does not keep frames waiting.
    private static var datagramsPerCall: Int { 256 }
    /// On a host whose interfaces never hold still a dump may never be consistent; events mend what it missed.
    private static var repeatedDumpLimit: Int { 4 }

    /// Asks for the first dump.
    ///
    /// - Throws: ``NetlinkError`` when the request cannot be sent.
    package init(socket: consuming Socket) throws(NetlinkError) {
        self.socket = socket
        try beginDump()
    }

    /// The last dump is complete: links and addresses are all known.
    package var isSynchronised: Bool { phase == .synchronised }

    /// As last heard, by index.
    package var links: [LinkState] { table.links.values.compactMap(\.state).sorted { $0.index < $1.index } }

    /// How full the tables are; beyond the cap a new link or address is not taken in, and counted.
    package var tables: [TableSummary] { table.tables }

    /// Takes in what has arrived, without waiting; at most 256 datagrams a call, then poll(2) says that more waits.
    ///
    /// - Returns: what changed, in order, all at the time `now`.
    /// - Throws: ``NetlinkError`` when the socket fails or the kernel refuses a dump. Make a new watcher then.
    package mutating func receive(at now: Timestamp = HostClock.now) throws(NetlinkError) -> [Fact] {
        var changes: [Fact.Body] = []
        reading: for _ in 0..<Self.datagramsPerCall {
            switch try socket.receive() {
            case .nothing: break reading
            case .lost(let reason):
                overruns &+= 1
                changes.append(.resynchronised(missed: reason))
                try dumpAgain()
            case .datagram(let bytes): try read(bytes, into: &changes)
            }
        }
        return changes.map { Fact(time: now, body: $0) }
    }

    private mutating func read(_ datagram: [UInt8], into changes: inout [Fact.Body]) throws(NetlinkError) {
        var messages = NetlinkMessages(datagram)
        while let message = messages.next() { try apply(message, into: &changes) }
        if messages.isMalformed { malformedDatagrams &+= 1 }
    }

    private mutating func apply(_ message: NetlinkMessage, into changes: inout [Fact.Body]) throws(NetlinkError) {
        let isOfDump = phase != .synchronised && message.sequence == sequence
        if isOfDump && message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { mustDumpAgain = true }
        switch Int(message.type) {
        case RTM_NEWLINK, RTM_DELLINK:
            guard let link = LinkMessage(message.payload) else { return }
            table.apply(link, isRemoval: Int(message.type) == RTM_DELLINK, into: &changes)
        case RTM_NEWADDR, RTM_DELADDR:
            guard let address = AddressMessage(message.payload) else { return }
            table.apply(address, isRemoval: Int(message.type) == RTM_DELADDR, into: &changes)
        case Int(NLMSG_DONE) where isOfDump: try finishPart(into: &changes)
        case Int(NLMSG_ERROR) where isOfDump:
            // A negative errno, or 0 for an acknowledgement, which was not asked for.
            let number = message.payload.load(Int32.self) ?? 0
            guard number != 0 else { return }
            throw .refused(request: phase == .links ? "interfaces" : "addresses", errno: 0 &- number)
        default: break
        }
    }

    private mutating func finishPart(into changes: inout [Fact.Body]) throws(NetlinkError) {
        if mustDumpAgain && repeatedDumps < Self.repeatedDumpLimit {
            repeatedDumps += 1
            try beginDump()
            return
        }
        switch phase {
        case .links: try ask(.addresses)
        case .addresses:
            phase = .synchronised
            mustDumpAgain = false
            repeatedDumps = 0
            table.endDump(into: &changes)
        case .synchronised: break
        }
    }

    private mutating func dumpAgain() throws(NetlinkError) {
        // The kernel runs one dump a socket at a time and refuses another (EBUSY) until that one is read.
        guard phase == .synchronised else {
            mustDumpAgain = true
            return
        }
        repeatedDumps = 0
        try beginDump()
    }

    private mutating func beginDump() throws(NetlinkError) {
        mustDumpAgain = false
        table.beginDump()
        try ask(.links)
    }

    private mutating func ask(_ next: Phase) throws(NetlinkError) {
        phase = next
        sequence = sequence == .max ? 1 : sequence + 1
        switch next {
        case .links: try socket.send(NetlinkRequest.allLinks(sequence: sequence))
        case .addresses: try socket.send(NetlinkRequest.allAddresses(sequence: sequence))
        case .synchronised: break
        }
    }
}

extension LinkWatcher where Socket == KernelNetlinkSocket {
    /// A watcher of this host's network namespace.
    package init() throws(NetlinkError) { try self.init(socket: KernelNetlinkSocket()) }

    /// Readable when facts wait.
    package var fileDescriptor: CInt { socket.fileDescriptor }

    /// Receives until the first dump is complete, so that a capture starts knowing the host's own addresses.
    ///
    /// - Returns: the facts; `isSynchronised` stays false when `patience` ran out first.
    /// - Throws: ``NetlinkError`` as ``receive(at:)`` does.
    package mutating func synchronise(patience: TimeSpan = .seconds(5)) throws(NetlinkError) -> [Fact] {
        let deadline = HostClock.now + patience
        var facts: [Fact] = []
        while true {
            facts += try receive()
            let now = HostClock.now
            if isSynchronised || now >= deadline { return facts }
            var readable = pollfd(fd: fileDescriptor, events: Int16(POLLIN), revents: 0)
            let wait = CInt(clamping: (deadline - now).nanoseconds / 1_000_000 + 1)
            _ = unsafe poll(&readable, 1, wait)
        }
    }
}
