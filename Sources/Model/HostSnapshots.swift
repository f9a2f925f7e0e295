/// What the kernel's routing tables said at one moment.
package struct RouteSnapshot: Sendable {
    package var routes: [HostRoute] = []
    package var rules: [HostRule] = []
    /// Of routes and rules, oldest first.
    package var changes: [RouteChange] = []
    /// The way to the address that was asked for.
    package var answer: RouteReport?
    /// Why the kernel cannot be asked.
    package var trouble: String?

    package init() {}
}

/// What the kernel's neighbour tables said at one moment.
package struct NeighbourSnapshot: Sendable {
    package var neighbours: [HostNeighbour] = []
    /// Oldest first.
    package var changes: [RouteChange] = []

    package init() {}
}
