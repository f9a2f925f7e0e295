import Model

/// Socket owners that were told before their request's first packet was seen.
///
/// They are kept by what is known of a socket before its first packet leaves: its port and its peer. The local address may
/// be open until then.
struct OwnerTable: ~Copyable {
    private var owners: KeyedRing<Key, Entry>

    private struct Key: Hashable {
        var transport: TransportProtocol
        var port: UInt16
        var peer: Endpoint

        init(_ tuple: FlowTuple) {
            transport = tuple.transport
            port = tuple.source.port
            peer = tuple.destination
        }
    }

    private struct Entry {
        var source: IPAddress
        var word: OwnerWord
        /// A request has begun that it was about: what comes later on the same ports is somebody else's word.
        var isUsed = false
    }

    /// A connect waits for its neighbour for some seconds before its first packet leaves, never longer than this.
    static let patience = TimeSpan.seconds(10)
    /// A connect is always before its first packet. Clocks of frames and of facts are the same, but what lies between two of
    /// them is measured a few microseconds wrong; whoever has the port next may connect a millisecond later.
    static let slack = TimeSpan(nanoseconds: 500_000)
    private static let walkLimit = 32

    init(capacity: Int) { owners = KeyedRing(capacity: capacity) }

    var isEmpty: Bool { owners.isEmpty }
    var summary: TableSummary { owners.summary("socket_owners") }

    mutating func keep(_ tuple: FlowTuple, _ owner: SocketOwner, at time: Timestamp) {
        // One connect asks for its way several times.
        let isRepeated = owners.first(of: Key(tuple), limit: 1) { entry in
            !entry.isUsed && entry.source == tuple.source.address && entry.word.owner == owner
                && entry.word.time <= time && time - entry.word.time < Self.slack
        }
        guard isRepeated == nil else { return }
        owners.insert(
            Entry(source: tuple.source.address, word: OwnerWord(owner: owner, time: time)), for: Key(tuple))
    }

    /// What was told of `tuple` until `time` counts no longer.
    mutating func forget(_ tuple: FlowTuple, until time: Timestamp) {
        owners.changeAll(of: Key(tuple), limit: Self.walkLimit) { entry in
            if entry.word.time <= time { entry.isUsed = true }
        }
    }

    /// Takes the word about the socket that `tuple` began on at `first`: the latest before that. It counts once.
    ///
    /// One that was told with the very address comes before one that was told while the kernel had not chosen any. Where
    /// sockets of several namespaces fit alike, nobody is named.
    mutating func take(_ tuple: FlowTuple, _ direction: Direction, at first: Timestamp) -> OwnerWord? {
        var (exact, open): (OwnerWord?, OwnerWord?)
        owners.changeAll(of: Key(tuple), limit: Self.walkLimit) { entry in
            let word = entry.word
            guard !entry.isUsed, word.time <= first + Self.slack, word.time >= first - Self.patience,
                word.owner.mayOwn(direction)
            else { return }
            if entry.source == tuple.source.address {
                exact = exact?.agreed(with: word, of: first) ?? word
            } else if entry.source.isUnspecified, direction.isFromHere || word.owner.isElsewhere {
                open = open?.agreed(with: word, of: first) ?? word
            } else {
                return
            }
            entry.isUsed = true
        }
        return exact ?? open
    }
}

/// A socket's owner, and when that was true.
struct OwnerWord: Equatable {
    var owner: SocketOwner
    var time: Timestamp

    /// Which of two words counts for a request that began at `first`; none where they are of different network namespaces,
    /// in which the same addresses and ports mean different sockets.
    func agreed(with other: OwnerWord, of first: Timestamp) -> OwnerWord {
        guard !owner.isContested, !other.owner.isContested else { return owner.isContested ? self : other }
        guard let process = owner.process, let theirs = other.owner.process, process.pid != theirs.pid else {
            return owner.process == nil && other.owner.process != nil ? other : self
        }
        if process.networkNamespace == theirs.networkNamespace {
            return other.isNearer(than: self, to: first) ? other : self
        }
        var nobody = SocketOwner(
            nil, owner.how,
            reason: "\(process.name) (\(process.pid)) and \(theirs.name) (\(theirs.pid)) in different network "
                + "namespaces have such a socket")
        nobody.isContested = true
        return OwnerWord(owner: nobody, time: time)
    }

    /// Ports are used again by others: the last one to connect before the first packet is the one that sent it. What the
    /// socket's table says is about a later moment.
    private func isNearer(than other: OwnerWord, to first: Timestamp) -> Bool {
        switch (owner.how, other.owner.how) {
        case (.traced, .traced): break
        case (.traced, _): return true
        case (_, _): return false
        }
        switch (time <= first, other.time <= first) {
        case (true, true): return time > other.time
        case (false, false): return time < other.time
        case (let isBefore, _): return isBefore
        }
    }
}
