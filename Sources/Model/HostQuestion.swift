/// A request that has begun, for those who ask the kernel about it: what no event has told yet.
package struct HostQuestion: Sendable, Equatable {
    /// From the request's client to its server.
    package var tuple: FlowTuple
    package var direction: Direction
    package var first: Timestamp
    /// The kernel has not told whose socket it is.
    package var needsOwner: Bool
    /// The owner's, when that is known: rules of routing may ask for it.
    package var user: UInt32?
    /// The interface that its first packet was seen on.
    package var interface: String?
    /// Of what this host forwards, once it is known what NAT makes of it: how its packets come in and where they go.
    package var forwarding: Forwarding?

    package struct Forwarding: Sendable, Equatable {
        /// Whom its frames are addressed to: this host, if it is the router.
        package var station: MACAddress
        /// Where the packets go after destination NAT.
        package var destination: IPAddress

        package init(station: MACAddress, destination: IPAddress) {
            self.station = station
            self.destination = destination
        }
    }

    package init(tuple: FlowTuple, direction: Direction, first: Timestamp, needsOwner: Bool) {
        self.tuple = tuple
        self.direction = direction
        self.first = first
        self.needsOwner = needsOwner
    }
}
