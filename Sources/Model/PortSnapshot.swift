/// Who has which port of this host, at one moment.
package struct PortSnapshot: Sendable {
    package var listeners: [PortListener] = []
    /// From which ports the kernel chooses; `nil` when it does not say.
    package var ephemeral: EphemeralPorts?
    /// Peers towards which most of those ports are taken, the fullest first.
    package var pressure: [PortPressure] = []
    /// Processes whose sockets may not be looked at: their listeners have no name.
    package var denied = 0
    /// Why the kernel cannot be asked.
    package var trouble: String?

    package init() {}
}

/// A socket that waits for others: a TCP listener, or a UDP socket that is connected to nobody.
package struct PortListener: Sendable, Equatable {
    package var transport: TransportProtocol
    /// `::` serves IPv4 as well, unless ``isIPv6Only``.
    package var endpoint: Endpoint
    package var isIPv6Only: Bool
    package var user: UInt32
    /// Processes that have it open, the first few.
    package var holders: [PortHolder] = []
    /// TCP: connections that wait to be accepted, and how many may.
    package var waiting: UInt32?
    package var limit: UInt32?
    /// Connections or datagrams that were dropped for want of room, since it was opened.
    package var drops: UInt32?

    package init(transport: TransportProtocol, endpoint: Endpoint, isIPv6Only: Bool, user: UInt32) {
        self.transport = transport
        self.endpoint = endpoint
        self.isIPv6Only = isIPv6Only
        self.user = user
    }
}

package struct PortHolder: Sendable, Equatable {
    package var pid: Int32
    package var name: String
    /// Sockets of it that are meant.
    package var count: Int

    package init(pid: Int32, name: String, count: Int = 1) {
        self.pid = pid
        self.name = name
        self.count = count
    }
}

/// Local ports in use from one address towards one peer: a port is free again for another peer.
package struct PortPressure: Sendable, Equatable {
    package var source: IPAddress
    package var peer: Endpoint
    /// TIME_WAIT included.
    package var inUse: Int
    package var timeWait: Int
    package var holders: [PortHolder] = []
    /// More ports taken than given back, a second, measured for a moment; `nil` when it was not.
    package var growth: Double?

    package init(source: IPAddress, peer: Endpoint, inUse: Int, timeWait: Int) {
        self.source = source
        self.peer = peer
        self.inUse = inUse
        self.timeWait = timeWait
    }

    /// Seconds until no port is free, if it goes on like this.
    package func exhausted(of count: Int) -> Double? {
        guard let growth, growth > 0 else { return nil }
        return Double(max(0, count - inUse)) / growth
    }
}
