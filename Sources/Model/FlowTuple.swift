/// Who sends to whom: what names a socket's exchange, and what NAT rewrites.
package struct FlowTuple: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    package var transport: TransportProtocol
    package var source: Endpoint
    package var destination: Endpoint

    package init(_ transport: TransportProtocol, _ source: Endpoint, _ destination: Endpoint) {
        self.transport = transport
        self.source = source
        self.destination = destination
    }

    /// The way back.
    package var reversed: FlowTuple { FlowTuple(transport, destination, source) }

    package var description: String { "\(transport.name) \(source) → \(destination)" }
}
