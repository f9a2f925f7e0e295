import Model

/// Of which sockets the owner was told lately, so that nobody looks for it again.
///
/// By port and peer: the local address may have been open when it was told. Holds ``capacity``; when it is full all are
/// forgotten at once, which costs a look that was not needed.
struct ToldOwners {
    private var told: [Key: Told] = [:]

    private struct Told {
        var time: Timestamp
        /// Unspecified where the kernel had not chosen it yet.
        var source: IPAddress
        /// Of a process of this network namespace.
        var user: UInt32?
    }

    private static let capacity = 8192
    private static let remembered = TimeSpan.seconds(10)
    /// A first packet that comes later after its connect is looked up for nothing; one that an earlier socket's word hid
    /// would stay without an owner.
    private static let lead = TimeSpan.milliseconds(50)

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

    mutating func note(_ tuple: FlowTuple, user: UInt32?, at time: Timestamp) {
        if told.count >= Self.capacity { told.removeAll(keepingCapacity: true) }
        told[Key(tuple)] = Told(time: time, source: tuple.source.address, user: user)
    }

    /// - Parameter first: when the request's first packet was seen; a word about the socket that had the port before is
    ///   none about this one.
    func has(_ tuple: FlowTuple, since first: Timestamp) -> Bool {
        guard let told = told[Key(tuple)] else { return false }
        return told.time >= first - Self.lead
    }

    /// The same of an inbound request: a process of another network namespace on this host may have sent it, and NAT between
    /// the two have made it somebody else's, whose server is asked for.
    func hasInbound(_ tuple: FlowTuple, since first: Timestamp) -> Bool {
        guard has(tuple, since: first), let source = told[Key(tuple)]?.source else { return false }
        return source == tuple.source.address || source.isUnspecified
    }

    func user(of tuple: FlowTuple, at time: Timestamp) -> UInt32? {
        told[Key(tuple)].flatMap { $0.time > time - Self.remembered ? $0.user : nil }
    }

    mutating func expire(at time: Timestamp) {
        told = told.filter { $0.value.time > time - Self.remembered }
    }
}
