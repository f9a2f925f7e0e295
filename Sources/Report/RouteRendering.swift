package import API
package import Model

// The kernel's routes and neighbours in the contract's words.

extension RecordRenderer {
    package func routes(_ snapshot: RouteSnapshot, to address: IPAddress? = nil) -> RouteList {
        var list = RouteList(
            routes: snapshot.routes.map { RouteList.Route($0) }, rules: snapshot.rules.map { RouteList.Rule($0) },
            changes: snapshot.changes.reversed().map { API.RouteChange($0) }, trouble: snapshot.trouble)
        if let address, let report = snapshot.answer { list.answer = RouteAnswer(report, to: address) }
        return list
    }

    package func neighbours(_ page: Page<API.Neighbour>, _ snapshot: NeighbourSnapshot) -> NeighbourPage {
        NeighbourPage(
            page, kernel: snapshot.neighbours.map { KernelNeighbour($0) },
            changes: snapshot.changes.reversed().map { API.RouteChange($0) })
    }
}

extension RouteList.Route {
    fileprivate init(_ route: HostRoute) {
        self.init(
            family: route.version.name, type: route.kind.name, destination: route.destination.text,
            table: route.table.name, origin: route.origin, metric: route.metric,
            nextHops: route.hops.map {
                RouteList.NextHop(
                    gateway: $0.gateway?.description, interface: $0.interface, weight: $0.weight, usable: $0.isUsable)
            })
        source = route.source?.description
        preferredSource = route.preferredSource?.description
        mtu = route.mtu
        since = route.since.map { Time($0) }
    }
}

extension RouteList.Rule {
    fileprivate init(_ rule: HostRule) {
        self.init(
            family: rule.version.name, priority: rule.priority, selectors: rule.selectors, action: rule.action,
            origin: rule.origin)
    }
}

extension API.RouteChange {
    fileprivate init(_ change: Model.RouteChange) {
        self.init(
            time: Time(change.time), kind: change.kind.name, subject: change.subject, before: change.before,
            after: change.after, table: change.table?.name, late: change.isLate)
    }
}

extension RouteAnswer {
    fileprivate init(_ report: RouteReport, to address: IPAddress) {
        switch report.answer {
        case .chosen(let choice):
            self.init(to: address.description, status: .ok)
            type = choice.kind.name
            gateway = choice.gateway?.description
            interface = choice.interface
            preferredSource = choice.preferredSource?.description
            table = choice.table.name
            mtu = choice.mtu
            destination = choice.prefix?.text
            origin = choice.origin
            metric = choice.metric
            neighbour = report.neighbour.map { KernelNeighbour($0) }
        case .failed(let failure):
            self.init(to: address.description, status: .failed, reason: failure.name)
            switch failure {
            case .interfaceDown(let name): interface = name
            case .noRoute, .prohibited, .unreachable, .blackhole, .other: break
            }
        case .unknown(let reason): self.init(to: address.description, status: .unseen, reason: reason)
        }
    }
}

extension KernelNeighbour {
    fileprivate init(_ neighbour: HostNeighbour) {
        self.init(
            address: neighbour.address.description, interface: neighbour.interface, state: neighbour.state.name,
            mac: neighbour.mac?.description, router: neighbour.isRouter,
            earlierMAC: neighbour.earlierMAC?.description, moved: neighbour.moved.map { Time($0) },
            moves: neighbour.moves)
    }
}

extension IPAddress.Version {
    /// The contract's word for it.
    package var name: String { self == .v4 ? "ipv4" : "ipv6" }
}

extension IPPrefix {
    /// `default` for all of a family.
    fileprivate var text: String { length == 0 ? "default" : description }
}
