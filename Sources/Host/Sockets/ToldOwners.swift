import Model

/// Of which sockets the owner was told lately, so that nobody looks for it again.
///
/// By port and peer: the local address may have been open when it was told. Holds ``capacity``; when it is full all are
/// forgotten at once, which costs a look that was not needed.
struct ToldOwners {
    private var times: [Key: Timestamp] = [:]

    private static let capacity = 8192
    private static let remembered = TimeSpan.seconds(10)

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

    mutating func note(_ tuple: FlowTuple, at time: Timestamp) {
        if times.count >= Self.capacity { times.removeAll(keepingCapacity: true) }
        times[Key(tuple)] = time
    }

    func has(_ tuple: FlowTuple, at time: Timestamp) -> Bool {
        guard let told = times[Key(tuple)] else { return false }
        return told > time - Self.remembered
    }

    mutating func expire(at time: Timestamp) {
        times = times.filter { $0.value > time - Self.remembered }
    }
}
