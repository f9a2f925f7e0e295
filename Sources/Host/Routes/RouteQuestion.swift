import Model

/// What decides about the way of a packet (ip-route(8), `route get`).
struct RouteQuestion: Hashable {
    var destination: IPAddress
    /// `nil` when the socket has none yet.
    var source: IPAddress?
    var transport: TransportProtocol?
    var sourcePort: UInt16 = 0
    var destinationPort: UInt16 = 0
    /// The socket's; the kernel takes the asker's own for one that is not told.
    var user: UInt32?
    var mark: UInt32?
    /// The interface that the socket is bound to, or that its address belongs to.
    var interface: Int32?
    /// Of a packet that is forwarded, the interface that it comes in by.
    var inInterface: Int32?

    init(to destination: IPAddress, from source: IPAddress? = nil) {
        self.destination = destination
        self.source = source
    }
}

extension RouteQuestion {
    /// The request's own question, with what is looked at by no rule left out, so that one answer serves many requests.
    init(_ question: HostQuestion, asks: RuleMessage.Asks) {
        let destination = question.forwarding?.destination ?? question.tuple.destination.address
        self.init(to: destination, from: question.tuple.source.address)
        if asks.contains(.user) { user = question.user }
        if asks.contains(.transport) || asks.contains(.ports) { transport = question.tuple.transport }
        if asks.contains(.ports) {
            sourcePort = question.tuple.source.port
            destinationPort = question.tuple.destination.port
        }
    }

    /// The whole question, for a route with several next hops: ports may choose among them.
    func full(_ tuple: FlowTuple) -> RouteQuestion {
        var full = self
        full.transport = tuple.transport
        full.sourcePort = tuple.source.port
        full.destinationPort = tuple.destination.port
        return full
    }
}
