/// One exchange between a DHCP client and its servers: the record `lease`.
package struct Lease: Sendable, Equatable, Decodable {
    /// The exchange's number, as both sides chose it.
    package var transactionID: UInt32
    /// `bound`, `renewed`, `informed`, `refused`, `declined`, `released`, `no_answer`, `not_completed` or `pending`.
    package var outcome: String
    package var clientMAC: String?
    package var interface: String?
    package var vlanIDs: [Int] = []
    package var tunnels: [Tunnel] = []
    package var hostname: String?
    package var requestedAddress: String?
    /// Offered, and then given.
    package var address: String?
    package var server: String?
    package var relay: String?
    package var subnetMask: String?
    package var routers: [String] = []
    package var nameServers: [String] = []
    package var domain: String?
    package var search: [String] = []
    package var timeServers: [String] = []
    package var mtu: UInt16?
    package var leaseSeconds: UInt32?
    package var renewalSeconds: UInt32?
    package var rebindingSeconds: UInt32?
    package var routes: [Route] = []
    /// What the server said when it refused.
    package var message: String?
    package var discover: Time?
    package var offer: Time?
    package var request: Time?
    package var ack: Time?
    package var nak: Time?
    package var decline: Time?
    package var inform: Time?
    package var release: Time?
    /// DISCOVERs and REQUESTs, retries included.
    package var attempts: UInt32
    package var offers: UInt32
    package var first: Time
    package var last: Time
    package var duration: Milliseconds
    package var complete: Bool

    /// A classless static route.
    package struct Route: Sendable, Equatable, Decodable {
        /// With its prefix length: `10.0.0.0/8`.
        package var destination: String
        package var gateway: String

        package init(destination: String, gateway: String) {
            self.destination = destination
            self.gateway = gateway
        }
    }

    private enum CodingKeys: String, CodingKey {
        case outcome, interface, tunnels, hostname, address, server, relay, routers, domain, search, mtu, routes
        case message, discover, offer, request, ack, nak, decline, inform, release, attempts, offers, first, last
        case complete
        case transactionID = "transaction_id"
        case clientMAC = "client_mac"
        case vlanIDs = "vlan_ids"
        case requestedAddress = "requested_address"
        case subnetMask = "subnet_mask"
        case nameServers = "dns_servers"
        case timeServers = "ntp_servers"
        case leaseSeconds = "lease_seconds"
        case renewalSeconds = "renewal_seconds"
        case rebindingSeconds = "rebinding_seconds"
        case duration = "duration_ms"
    }

    package init(
        transactionID: UInt32, outcome: String, attempts: UInt32, offers: UInt32, first: Time, last: Time,
        duration: Milliseconds, complete: Bool
    ) {
        self.transactionID = transactionID
        self.outcome = outcome
        self.attempts = attempts
        self.offers = offers
        self.first = first
        self.last = last
        self.duration = duration
        self.complete = complete
    }
}

extension Lease: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("record", RecordKind.lease)
        writer.field("transaction_id", transactionID)
        writer.field("outcome", outcome)
        writer.field("client_mac", clientMAC)
        writer.field("interface", interface)
        writer.field("vlan_ids", vlanIDs)
        writer.field("tunnels", tunnels)
        writer.field("hostname", hostname)
        writer.field("requested_address", requestedAddress)
        writer.field("address", address)
        writer.field("server", server)
        writer.field("relay", relay)
        writer.field("subnet_mask", subnetMask)
        writer.field("routers", routers)
        writer.field("dns_servers", nameServers)
        writer.field("domain", domain)
        writer.field("search", search)
        writer.field("ntp_servers", timeServers)
        writer.field("mtu", mtu)
        writer.field("lease_seconds", leaseSeconds)
        writer.field("renewal_seconds", renewalSeconds)
        writer.field("rebinding_seconds", rebindingSeconds)
        writer.field("routes", routes)
        writer.field("message", message)
        writer.field("discover", discover)
        writer.field("offer", offer)
        writer.field("request", request)
        writer.field("ack", ack)
        writer.field("nak", nak)
        writer.field("decline", decline)
        writer.field("inform", inform)
        writer.field("release", release)
        writer.field("attempts", attempts)
        writer.field("offers", offers)
        writer.field("first", first)
        writer.field("last", last)
        writer.field("duration_ms", duration)
        writer.field("complete", complete)
        writer.endObject()
    }
}

extension Lease.Route: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("destination", destination)
        writer.field("gateway", gateway)
        writer.endObject()
    }
}
