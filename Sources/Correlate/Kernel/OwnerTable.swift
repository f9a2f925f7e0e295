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
        var time: Timestamp
        var owner: SocketOwner
    }

    /// A connect waits for its neighbour for some seconds before its first packet leaves, never longer than this.
    static let patience = TimeSpan.seconds(10)
    /// Clocks of frames and of facts are the same; each is read a little apart from what it tells of.
    static let slack = TimeSpan.milliseconds(50)
    /// How far apart the clocks of the two are read.
    private static let tick = TimeSpan.milliseconds(1)
    private static let walkLimit = 8

    init(capacity: Int) { owners = KeyedRing(capacity: capacity) }

    var isEmpty: Bool { owners.isEmpty }
    var summary: TableSummary { owners.summary("socket_owners") }

    mutating func keep(_ tuple: FlowTuple, _ owner: SocketOwner, at time: Timestamp) {
        owners.insert(Entry(source: tuple.source.address, time: time, owner: owner), for: Key(tuple))
    }

    /// Who opened the socket that `tuple` began on at `time`: the latest that fits.
    ///
    /// One that was told with the very address comes before one that was told while the kernel had not chosen any. Where
    /// sockets of several namespaces fit alike, nobody is named.
    func owner(of tuple: FlowTuple, _ direction: Direction, at time: Timestamp) -> SocketOwner? {
        let fitting = owners.all(of: Key(tuple), limit: Self.walkLimit) { entry in
            entry.time <= time + Self.slack && entry.time >= time - Self.patience && entry.owner.mayOwn(direction)
        }
        // Whoever asked for that way after the first packet, as `ip route get` does, did not send it.
        let before = fitting.filter { $0.time <= time + Self.tick }
        var (exact, open): (SocketOwner?, SocketOwner?)
        for entry in before.isEmpty ? fitting : before {
            if entry.source == tuple.source.address {
                exact = exact?.agreed(with: entry.owner) ?? entry.owner
            } else if entry.source.isUnspecified, direction.isFromHere || entry.owner.isElsewhere {
                open = open?.agreed(with: entry.owner) ?? entry.owner
            }
        }
        return exact ?? open
    }
}
