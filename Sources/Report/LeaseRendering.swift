package import API
package import Model

extension RecordRenderer {
    package func lease(_ lease: Model.Lease) -> API.Lease {
        var result = API.Lease(
            transactionID: lease.transactionID, outcome: lease.outcome.name, attempts: lease.attempts,
            offers: lease.offers, first: Time(lease.first), last: Time(lease.last),
            duration: Milliseconds(lease.last - lease.first), complete: lease.outcome != .pending)
        result.clientMAC = lease.clientMAC?.description
        result.interface = lease.interface
        result.vlanIDs = lease.vlan.identifiers
        result.tunnels = lease.tunnels.map { API.Tunnel($0) }
        result.hostname = lease.hostname
        result.requestedAddress = lease.requestedAddress?.description
        result.address = lease.address?.description
        result.server = lease.server?.description
        result.relay = lease.relay?.description
        let parameters = lease.parameters
        result.subnetMask = parameters.subnetMask?.description
        result.routers = parameters.routers.map(\.description)
        result.nameServers = parameters.nameServers.map(\.description)
        result.domain = parameters.domain
        result.search = parameters.search
        result.timeServers = parameters.timeServers.map(\.description)
        result.mtu = parameters.mtu
        result.leaseSeconds = parameters.leaseTime
        result.renewalSeconds = parameters.renewalTime
        result.rebindingSeconds = parameters.rebindingTime
        result.routes = parameters.routes.map {
            API.Lease.Route(destination: "\($0.destination)/\($0.prefixLength)", gateway: $0.gateway.description)
        }
        result.message = lease.message
        result.discover = lease.discovered.map { Time($0) }
        result.offer = lease.offered.map { Time($0) }
        result.request = lease.requested.map { Time($0) }
        result.ack = lease.acknowledged.map { Time($0) }
        result.nak = lease.refused.map { Time($0) }
        result.decline = lease.declined.map { Time($0) }
        result.inform = lease.informed.map { Time($0) }
        result.release = lease.released.map { Time($0) }
        return result
    }
}
