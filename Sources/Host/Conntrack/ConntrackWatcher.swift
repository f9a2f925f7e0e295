import CLinux
import Model

/// Follows conntrack through ctnetlink: a dump, then every change.
///
///     opened ──entries asked──▶ listing ──done──▶ synchronised
///                                  ▲                   │
///                                  └── messages lost ──┘
///
/// It has no thread and never waits: poll the socket, then call ``receive(at:)``. When the kernel had to drop messages, a
/// fact says so and a new dump follows. Only what is translated becomes a fact by itself; ``table`` has the rest.
final class ConntrackWatcher<Socket: NetlinkSocket & ~Copyable> {
    private(set) var socket: Socket
    private(set) var table: ConntrackTable
    private(set) var ended = EndedTranslations()
    private var phase = Phase.synchronised
    private var sequence: UInt32 = 0
    private var mustDumpAgain = false
    private var repeatedDumps = 0
    /// The first dump is only read: who wants to know of one of its entries asks.
    private var isFirstDump = true
    /// Datagrams that ended in a message whose length was a lie.
    private(set) var malformedDatagrams: UInt64 = 0
    /// How often messages were lost.
    private(set) var overruns: UInt64 = 0

    private enum Phase { case listing, synchronised }

    /// One call takes in no more than this: other sources have their turns while a large table is listed, and questions do
    /// not wait for a flood of events. A datagram of a dump holds about a hundred.
    private static var messagesPerCall: Int { 4096 }
    private static var repeatedDumpLimit: Int { 4 }

    /// Asks for the first dump.
    ///
    /// - Throws: ``NetlinkError`` when the request cannot be sent.
    init(socket: consuming Socket, table: ConntrackTable = ConntrackTable()) throws(NetlinkError) {
        self.socket = socket
        self.table = table
        try beginDump()
    }

    /// The last dump is complete: what the table does not have is not there.
    var isSynchronised: Bool { !isFirstDump && phase != .listing && !mustDumpAgain }

    /// Takes in what has arrived, without waiting.
    ///
    /// - Returns: translations that began and ended, in order.
    /// - Throws: ``NetlinkError`` when the socket fails or the kernel refuses the dump. Make a new watcher then.
    func receive(at now: Timestamp) throws(NetlinkError) -> [Fact] {
        var facts: [Fact] = []
        var taken = 0
        reading: while taken < Self.messagesPerCall {
            switch try socket.receive() {
            case .nothing: break reading
            case .lost(let reason):
                overruns &+= 1
                taken += 1
                facts.append(Fact(time: now, body: .translationsMissed(reason)))
                try dumpAgain()
            case .datagram(let bytes): taken += max(1, try read(bytes, now, &facts))
            }
        }
        return facts
    }

    /// - Returns: how many messages it held.
    private func read(
        _ datagram: [UInt8], _ now: Timestamp, _ facts: inout [Fact]
    ) throws(NetlinkError) -> Int {
        var messages = NetlinkMessages(datagram)
        var count = 0
        while let message = messages.next() {
            count += 1
            try apply(message, now, &facts)
        }
        if messages.isMalformed { malformedDatagrams &+= 1 }
        return count
    }

    private func apply(
        _ message: NetlinkMessage, _ now: Timestamp, _ facts: inout [Fact]
    ) throws(NetlinkError) {
        let isOfDump = phase != .synchronised && message.sequence == sequence
        if isOfDump && message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { mustDumpAgain = true }
        switch Int(message.type) {
        case ConntrackEntry.type(IPCTNL_MSG_CT_NEW):
            guard var entry = ConntrackEntry(message.payload) else { return }
            let isEvent = !isOfDump
            if isEvent, entry.began == nil, message.flags & UInt16(NLM_F_CREATE) != 0 { entry.began = now }
            let isNew =
                switch table.apply(entry, at: now) {
                case .added: isEvent || !isFirstDump
                // It has no place in the table, but the kernel says itself that it was made just now.
                case .refused: isEvent && message.flags & UInt16(NLM_F_CREATE) != 0
                case .none: false
                }
            guard isNew, entry.isTranslated else { return }
            facts.append(Fact(time: now, body: .translation(Translation(entry))))
        case ConntrackEntry.type(IPCTNL_MSG_CT_DELETE):
            guard var entry = ConntrackEntry(message.payload) else { return }
            let known = table.remove(entry)
            if entry.began == nil { entry.began = known?.entry.began }
            // The last event of a connection does not say what became of it.
            if entry.status == 0 { entry.status = known?.entry.status ?? 0 }
            if entry.tcpState == nil { entry.tcpState = known?.entry.tcpState }
            if entry.isTranslated { end(entry, known?.serial ?? table.serial, at: entry.ended ?? now, &facts) }
        case Int(NLMSG_DONE) where isOfDump: try finishPart(now, &facts)
        case Int(NLMSG_ERROR) where isOfDump:
            // A negative errno, or 0 for an acknowledgement, which was not asked for.
            let number = message.payload.load(Int32.self) ?? 0
            guard number != 0 else { return }
            throw .refused(request: "connections (conntrack)", errno: 0 &- number)
        default: break
        }
    }

    private func end(_ entry: ConntrackEntry, _ serial: UInt64, at time: Timestamp, _ facts: inout [Fact]) {
        var state = TranslationState(entry, serial: serial, heard: time)
        state.translation.ended = time
        ended.append(state)
        facts.append(Fact(time: time, body: .translation(state.translation)))
    }

    private func finishPart(_ now: Timestamp, _ facts: inout [Fact]) throws(NetlinkError) {
        if mustDumpAgain && repeatedDumps < Self.repeatedDumpLimit {
            repeatedDumps += 1
            return try beginDump()
        }
        phase = .synchronised
        mustDumpAgain = false
        repeatedDumps = 0
        isFirstDump = false
        var gone: [(ConntrackEntry, UInt64)] = []
        table.endDump { gone.append(($0, $1)) }
        // They ended while nobody listened; now is when that is known.
        for (entry, serial) in gone { end(entry, serial, at: now, &facts) }
    }

    private func dumpAgain() throws(NetlinkError) {
        // The kernel runs one dump a socket at a time and refuses another (EBUSY) until that one is read.
        guard phase == .synchronised else {
            mustDumpAgain = true
            return
        }
        repeatedDumps = 0
        try beginDump()
    }

    private func beginDump() throws(NetlinkError) {
        mustDumpAgain = false
        table.beginDump()
        phase = .listing
        sequence = sequence == .max ? 1 : sequence + 1
        try socket.send(NetlinkRequest.allConnections(sequence: sequence))
    }
}

extension Translation {
    init(_ entry: ConntrackEntry) {
        self.init(original: entry.original, reply: entry.reply, how: .conntrack, began: entry.began)
        ended = entry.ended
        zone = entry.zone
        mark = entry.mark
    }
}
