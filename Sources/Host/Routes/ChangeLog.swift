import Model

/// The latest changes of routes, rules and neighbours, each in a ring of its own, so that a neighbour that comes and goes
/// does not push out that the default route was switched. Beyond ``capacity`` of a kind the oldest goes first.
struct ChangeLog {
    private var routes: [RouteChange] = []
    private var neighbours: [RouteChange] = []
    private(set) var forgotten: UInt64 = 0

    static let capacity = 256

    mutating func note(_ change: RouteChange) {
        switch change.kind {
        case .defaultRoute, .routeAdded, .routeRemoved, .routeChanged, .ruleAdded, .ruleRemoved:
            Self.append(change, to: &routes, &forgotten)
        case .neighbourFailed, .neighbourAnswers, .neighbourMoved: Self.append(change, to: &neighbours, &forgotten)
        }
    }

    private static func append(_ change: RouteChange, to ring: inout [RouteChange], _ forgotten: inout UInt64) {
        if ring.count >= 2 * capacity {
            ring.removeFirst(capacity)
            forgotten &+= UInt64(capacity)
        }
        ring.append(change)
    }

    /// Oldest first.
    var ofRoutes: [RouteChange] { ring(routes) }
    var ofNeighbours: [RouteChange] { ring(neighbours) }

    private func ring(_ changes: [RouteChange]) -> [RouteChange] { Array(changes.suffix(Self.capacity)) }
}
