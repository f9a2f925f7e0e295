import Decode
import Model

/// DHCP exchanges under way, told apart by client and transaction (RFC 2131 §4.1).
///
/// Bounded: when it is full, the oldest is completed as it stands. One that is answered stays for a while, so that the
/// same answer once more does not look like another exchange.
struct LeaseTable {
    private var exchanges: [Key: Exchange] = [:]
    /// All exchanges in the order in which they began, and those offers that wait for the client's answer: a flood of
    /// messages must find its oldest, and its own, without a look at all others.
    private var order: [UInt64: Key] = [:]
    private var offers: [Offer: Key] = [:]
    private var oldest: UInt64 = 1
    private var serial: UInt64 = 0
    private let capacity: Int
    private let timeout: TimeSpan
    private(set) var peak = 0
    private(set) var evictions: UInt64 = 0
    private var completed: [Lease] = []

    struct Key: Hashable {
        var high: UInt64
        var low: UInt64
        var transactionID: UInt32
    }

    private struct Offer: Hashable {
        let high: UInt64
        let low: UInt64
        let server: IPAddress
    }

    private struct Exchange {
        var lease: Lease
        let serial: UInt64
        var isOver = false
        /// The client has the address already and asks to keep it.
        var isRenewal = false
    }

    init(capacity: Int, timeout: TimeSpan) {
        self.capacity = max(1, capacity)
        self.timeout = timeout
    }

    var summary: TableSummary {
        TableSummary(name: "leases", count: exchanges.count, peak: peak, capacity: capacity, evictions: evictions)
    }

    mutating func takeCompleted() -> [Lease] {
        defer { completed.removeAll(keepingCapacity: true) }
        return completed
    }

    /// Exchanges under way, the newest first.
    var open: [Lease] {
        exchanges.values.filter { !$0.isOver }.sorted { $0.serial > $1.serial }.map(\.lease)
    }

    /// Where a message was seen.
    struct Place {
        var time: Timestamp
        var interface: String?
        var vlan: VLANTags
        var tunnels: [Tunnel]
    }

    mutating func note(_ message: borrowing DHCPView, _ options: DHCPOptions, _ place: Place) {
        guard let type = options.messageType else { return }
        let (high, low) = message.hardwareAddress
        let key = Key(high: high, low: low, transactionID: message.transactionID)
        let isOfClient =
            switch type {
            case .discover, .request, .decline, .release, .inform: true
            case .offer, .acknowledge, .refuse: false
            }
        // The client goes on with the same number: another exchange. An answer once more is none.
        if exchanges[key]?.isOver == true {
            guard isOfClient else { return }
            remove(key)
        }
        var exchange =
            remove(key) ?? (type == .request ? takeOffered(key, options.server) : nil) ?? begin(message, place)
        apply(type, message, options, place.time, &exchange)
        if exchange.isOver { completed.append(exchange.lease) }
        insert(exchange, key)
        peak = max(peak, exchanges.count)
    }

    private mutating func insert(_ exchange: Exchange, _ key: Key) {
        if let offer = Self.offer(exchange, key) { offers[offer] = key }
        order[exchange.serial] = key
        exchanges[key] = exchange
    }

    @discardableResult
    private mutating func remove(_ key: Key) -> Exchange? {
        guard let exchange = exchanges.removeValue(forKey: key) else { return nil }
        order[exchange.serial] = nil
        // A later offer of the same server may have taken its place.
        if let offer = Self.offer(exchange, key), offers[offer] == key { offers[offer] = nil }
        return exchange
    }

    /// What the client has still to answer.
    private static func offer(_ exchange: Exchange, _ key: Key) -> Offer? {
        guard !exchange.isOver, exchange.lease.offered != nil, exchange.lease.requested == nil,
            let server = exchange.lease.server
        else { return nil }
        return Offer(high: key.high, low: key.low, server: server)
    }

    /// The exchange in which `server` made its offer, when the client answers it under another number: it should not
    /// (RFC 2131 §4.4.1), and some do.
    private mutating func takeOffered(_ key: Key, _ server: IPAddress?) -> Exchange? {
        guard let server, let offered = offers[Offer(high: key.high, low: key.low, server: server)] else { return nil }
        return remove(offered)
    }

    private mutating func begin(_ message: borrowing DHCPView, _ place: Place) -> Exchange {
        if exchanges.count >= capacity { removeOldest() }
        serial &+= 1
        var lease = Lease(transactionID: message.transactionID, first: place.time)
        lease.clientMAC = message.clientMAC
        lease.interface = place.interface
        lease.vlan = place.vlan
        lease.tunnels = place.tunnels
        return Exchange(lease: lease, serial: serial)
    }

    private mutating func removeOldest() {
        while oldest <= serial {
            defer { oldest &+= 1 }
            guard let key = order[oldest], let exchange = remove(key) else { continue }
            evictions &+= 1
            return giveUp(exchange)
        }
    }

    private func apply(
        _ type: DHCPOptions.MessageType, _ message: borrowing DHCPView, _ options: DHCPOptions, _ time: Timestamp,
        _ exchange: inout Exchange
    ) {
        exchange.lease.last = max(exchange.lease.last, time)
        if let relay = message.relayAddress { exchange.lease.relay = relay }
        if let hostname = options.hostname { exchange.lease.hostname = exchange.lease.hostname ?? hostname }
        func finish(_ outcome: Lease.Outcome) {
            exchange.lease.outcome = outcome
            exchange.isOver = true
        }
        switch type {
        case .discover:
            exchange.lease.discovered = exchange.lease.discovered ?? time
            exchange.lease.attempts &+= 1
            if let wanted = options.requestedAddress { exchange.lease.requestedAddress = wanted }
        case .offer:
            exchange.lease.offered = exchange.lease.offered ?? time
            exchange.lease.offers &+= 1
            if exchange.lease.offers == 1 { take(message, options, &exchange.lease) }
        case .request:
            exchange.lease.requested = exchange.lease.requested ?? time
            exchange.lease.attempts &+= 1
            exchange.isRenewal = message.clientAddress != nil
            if let wanted = options.requestedAddress ?? message.clientAddress {
                exchange.lease.requestedAddress = wanted
            }
            // Of several offers, this one was chosen.
            if let server = options.server { exchange.lease.server = server }
        case .inform:
            exchange.lease.informed = exchange.lease.informed ?? time
            if let own = message.clientAddress { exchange.lease.address = own }
        case .acknowledge:
            exchange.lease.acknowledged = time
            exchange.lease.parameters = Lease.Parameters()
            take(message, options, &exchange.lease)
            let isInformed = exchange.lease.informed != nil && exchange.lease.requested == nil
            finish(isInformed ? .informed : exchange.isRenewal ? .renewed : .bound)
        case .refuse:
            exchange.lease.refused = time
            exchange.lease.message = options.message
            if let server = options.server { exchange.lease.server = server }
            finish(.refused)
        case .decline:
            exchange.lease.declined = time
            exchange.lease.address = options.requestedAddress ?? exchange.lease.address
            exchange.lease.server = options.server ?? exchange.lease.server
            exchange.lease.message = options.message
            finish(.declined)
        case .release:
            exchange.lease.released = time
            exchange.lease.address = message.clientAddress ?? exchange.lease.address
            exchange.lease.server = options.server ?? exchange.lease.server
            finish(.released)
        }
    }

    /// What a server gives, or offers.
    private func take(_ message: borrowing DHCPView, _ options: DHCPOptions, _ lease: inout Lease) {
        if let address = message.yourAddress { lease.address = address }
        if let server = options.server { lease.server = server }
        lease.parameters = options.parameters
    }

    private mutating func giveUp(_ exchange: Exchange) {
        guard !exchange.isOver else { return }
        var lease = exchange.lease
        lease.outcome = lease.offered == nil ? .noAnswer : .notCompleted
        completed.append(lease)
    }

    /// Completes what has been quiet for long enough at `time`, in the order in which it began.
    mutating func expire(at time: Timestamp) {
        guard !exchanges.isEmpty else { return }
        let timeout = timeout
        finish { time - $0.last > timeout }
    }

    mutating func finish() { finish { _ in true } }

    private mutating func finish(where isOver: (Lease) -> Bool) {
        let over = exchanges.filter { isOver($0.value.lease) }.sorted { $0.value.serial < $1.value.serial }
        for (key, exchange) in over {
            remove(key)
            giveUp(exchange)
        }
    }
}
