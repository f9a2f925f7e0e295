/// A request that never left: the kernel refused to send it, and no frame tells of it.
package struct UnsentRequest: Sendable, Equatable {
    package var tuple: FlowTuple
    package var time: Timestamp
    package var owner: SocketOwner
    package var cause: Cause
    /// When its socket was closed, if it waited before.
    package var ended: Timestamp?
    /// The way that it would have taken.
    package var route: RouteReport?

    package enum Cause: Sendable, Equatable {
        /// There is no way to the destination.
        case route(RouteFailure)
        /// No local port is free towards this peer.
        case port(EphemeralPorts?)
        /// The next hop did not answer, so the kernel held the packet back until the socket was closed.
        case neighbour(HostNeighbour)
    }

    package init(tuple: FlowTuple, time: Timestamp, owner: SocketOwner, cause: Cause) {
        self.tuple = tuple
        self.time = time
        self.owner = owner
        self.cause = cause
    }
}

/// From which ports the kernel chooses for sockets that name none (ip(7), `ip_local_port_range`).
package struct EphemeralPorts: Sendable, Equatable {
    package var first: UInt16
    package var last: UInt16
    /// Never chosen (`ip_local_reserved_ports`).
    package var reserved: [ClosedRange<UInt16>]

    package init(first: UInt16, last: UInt16, reserved: [ClosedRange<UInt16>] = []) {
        self.first = min(first, last)
        self.last = max(first, last)
        self.reserved = reserved
    }

    package func contains(_ port: UInt16) -> Bool {
        (first...last).contains(port) && !reserved.contains { $0.contains(port) }
    }

    /// How many there are to choose from.
    package var count: Int {
        let held = reserved.reduce(0) { sum, range in
            sum + max(0, Int(min(range.upperBound, last)) - Int(max(range.lowerBound, first)) + 1)
        }
        return max(0, Int(last) - Int(first) + 1 - held)
    }
}
