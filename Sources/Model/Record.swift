/// One finished thing that a reader can print or a store can keep. Boxed: it passes through several hands, and a
/// lifecycle is large.
package indirect enum Record: Sendable, Equatable {
    case request(Lifecycle)
    case lookup(Lookup)
    case neighbour(NeighbourResolution)
    case lease(Lease)
    case icmpError(ICMPErrorReport)
}
