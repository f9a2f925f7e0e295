import Model

/// Address resolutions under way, and the next hops that they found (RFC 826, RFC 4861).
///
/// Two bounded tables. When the first is full the oldest resolution is completed as it stands; when the second is
/// full the next hop learnt first is forgotten.
struct NeighbourTable {
    private var pending: [Key: NeighbourResolution] = [:]
    /// Keys in the order in which their resolutions began; those that are over meanwhile are passed over.
    private var order: [(key: Key, first: Timestamp)] = []
    private var orderHead = 0
    private var hops: [Hop: NeighbourJoin] = [:]
    private var hopOrder: [Hop] = []
    private var hopCursor = 0
    private let capacity: Int
    var timeout: TimeSpan
    private(set) var peak = 0
    private(set) var evictions: UInt64 = 0
    /// Resolutions that are over, for the correlator to take.
    private(set) var completed: [NeighbourResolution] = []

    struct Key: Hashable {
        /// A bridge shows one request on several interfaces: each has its own record.
        var link: UInt16
        /// Networks laid over one another may use the same addresses. The answer comes the other way, and a question to
        /// all may go elsewhere than to who answers: the ends of the tunnel do not tell them apart.
        var network: Network?
        var asker: IPAddress
        var target: IPAddress

        init(_ place: Place, asker: IPAddress, target: IPAddress) {
            link = place.link
            network = place.tunnels.last.map { Network(kind: $0.kind, identifier: $0.identifier) }
            self.asker = asker
            self.target = target
        }
    }

    struct Network: Hashable {
        var kind: Tunnel.Kind
        var identifier: UInt32?
    }

    /// Who sends to whom, by MAC.
    struct Hop: Hashable {
        /// A router answers for an IPv4 and for an IPv6 address; a request goes through one of them.
        var version: IPAddress.Version
        var asker: MACAddress
        var answerer: MACAddress
    }

    init(capacity: Int, timeout: TimeSpan) {
        self.capacity = max(1, capacity)
        self.timeout = timeout
    }

    var summary: TableSummary {
        TableSummary(
            name: "neighbours", count: pending.count, peak: peak, capacity: capacity, evictions: evictions)
    }

    var hasCompleted: Bool { !completed.isEmpty }
    var hasHops: Bool { !hops.isEmpty }

    mutating func takeCompleted() -> [NeighbourResolution] {
        defer { completed.removeAll(keepingCapacity: true) }
        return completed
    }

    /// Where a message was seen.
    struct Place {
        var time: Timestamp
        var link: UInt16
        var interface: String?
        var vlan: VLANTags
        var tunnels: [Tunnel] = []
    }

    /// Somebody asks who has `target`; `asker` is unspecified when the asker has no address yet (a probe).
    mutating func request(_ target: IPAddress, by asker: IPAddress, _ mac: MACAddress?, _ place: Place) {
        let key = Key(place, asker: asker, target: target)
        // Asked again after an answer: another resolution. Until then a second station may answer, too.
        if let answered = pending[key], answered.answered != nil {
            completed.append(answered)
            pending[key] = nil
        }
        if pending[key] == nil {
            var resolution = NeighbourResolution(
                kind: asker.isUnspecified ? .probe : .resolution, target: target, first: place.time)
            resolution.asker = asker.isUnspecified ? nil : asker
            resolution.askerMAC = mac
            resolution.interface = place.interface
            resolution.vlan = place.vlan
            resolution.tunnels = place.tunnels
            begin(resolution, key)
        }
        pending[key]?.requests &+= 1
        pending[key]?.last = place.time
    }

    /// The station `mac` says that `address` is its own, to `asker` or, when that is `nil`, to everybody.
    mutating func reply(_ address: IPAddress, at mac: MACAddress, to asker: IPAddress?, _ place: Place) {
        let probe = Key(place, asker: address.version == .v4 ? .anyIPv4 : .anyIPv6, target: address)
        if let asker, note(mac, Key(place, asker: asker, target: address), place) { return }
        if note(mac, probe, place) { return }
        if let asker {
            // The question was not seen; that it was answered is worth a record all the same.
            var resolution = NeighbourResolution(kind: .resolution, target: address, first: place.time)
            resolution.asker = asker
            resolution.interface = place.interface
            resolution.vlan = place.vlan
            resolution.tunnels = place.tunnels
            begin(resolution, Key(place, asker: asker, target: address))
            _ = note(mac, Key(place, asker: asker, target: address), place)
        } else {
            announce(address, mac, place)
        }
    }

    /// Unasked news of an address: complete at once.
    mutating func announce(_ address: IPAddress, _ mac: MACAddress, _ place: Place) {
        var announcement = NeighbourResolution(kind: .announcement, target: address, first: place.time)
        announcement.asker = address
        announcement.askerMAC = mac
        announcement.requests = 1
        announcement.macs = [mac]
        announcement.interface = place.interface
        announcement.vlan = place.vlan
        announcement.tunnels = place.tunnels
        completed.append(announcement)
    }

    private mutating func note(_ mac: MACAddress, _ key: Key, _ place: Place) -> Bool {
        guard var resolution = pending.removeValue(forKey: key) else { return false }
        resolution.replies &+= 1
        resolution.last = place.time
        if resolution.answered == nil { resolution.answered = place.time }
        if !resolution.macs.contains(mac), resolution.macs.count < NeighbourResolution.macCapacity {
            resolution.macs.append(mac)
        }
        pending[key] = resolution
        if let asker = resolution.askerMAC {
            learn(Hop(version: resolution.family, asker: asker, answerer: mac), resolution, mac)
        }
        return true
    }

    private mutating func learn(_ hop: Hop, _ resolution: NeighbourResolution, _ mac: MACAddress) {
        if hops[hop] == nil {
            if hopOrder.count < capacity {
                hopOrder.append(hop)
            } else {
                hops[hopOrder[hopCursor]] = nil
                hopOrder[hopCursor] = hop
                hopCursor = (hopCursor + 1) % capacity
            }
        }
        var join = NeighbourJoin(
            address: resolution.target, asked: resolution.first, answered: resolution.answered,
            requests: resolution.requests, mac: mac, awaited: false)
        join.otherMAC = resolution.macs.first { $0 != mac }
        hops[hop] = join
        // Whoever answered before is contested by now.
        for other in resolution.macs where other != mac {
            let earlier = Hop(version: hop.version, asker: hop.asker, answerer: other)
            if hops[earlier]?.address == resolution.target { hops[earlier]?.otherMAC = mac }
        }
    }

    /// A kernel sends what it held back as soon as the answer is in: a request that begins this soon after the
    /// answer was waiting for it.
    private static let awaitedWithin = TimeSpan.milliseconds(2)

    /// The resolution behind a frame from `asker` to `answerer`, when it was seen before `time`.
    func join(
        _ version: IPAddress.Version, from asker: MACAddress, to answerer: MACAddress, at time: Timestamp
    ) -> NeighbourJoin? {
        guard var join = hops[Hop(version: version, asker: asker, answerer: answerer)], let answered = join.answered,
            answered <= time
        else { return nil }
        join.awaited = time - answered <= Self.awaitedWithin
        return join
    }

    /// The second station that answered the question by which `join` came about, if one has by now.
    func otherMAC(_ join: NeighbourJoin, from asker: MACAddress) -> MACAddress? {
        guard let mac = join.mac,
            let known = hops[Hop(version: join.address.version, asker: asker, answerer: mac)],
            known.address == join.address, known.asked == join.asked
        else { return nil }
        return known.otherMAC
    }

    /// The resolution of `target` that was under way at `time` or after, and that nobody answered.
    func unanswered(_ target: IPAddress, since time: Timestamp) -> NeighbourJoin? {
        let silent = pending.values.filter { $0.target == target && $0.kind == .resolution && $0.last >= time }
        guard silent.allSatisfy({ $0.answered == nil }), let first = silent.min(by: { $0.first < $1.first }) else {
            return nil
        }
        return NeighbourJoin(
            address: target, asked: first.first, answered: nil, requests: first.requests, mac: nil, awaited: true)
    }

    private mutating func begin(_ resolution: NeighbourResolution, _ key: Key) {
        if pending.count >= capacity { completeOldest() }
        // Those that are over would pile up on a link that is never quiet.
        if order.count >= 2 * capacity {
            order = order[orderHead...].filter { pending[$0.key]?.first == $0.first }
            orderHead = 0
        }
        order.append((key, resolution.first))
        pending[key] = resolution
        peak = max(peak, pending.count)
    }

    private mutating func completeOldest() {
        while orderHead < order.count {
            let (key, first) = order[orderHead]
            orderHead += 1
            guard let oldest = pending[key], oldest.first == first else { continue }
            evictions &+= 1
            completed.append(oldest)
            pending[key] = nil
            return
        }
    }

    /// What is under way, the newest first.
    var open: [NeighbourResolution] {
        pending.sorted { Self.isEarlier($1, $0) }.map { _, resolution in
            var open = resolution
            open.isComplete = false
            return open
        }
    }

    /// Completes what has been quiet for long enough at `time`, in the order in which it began.
    mutating func expire(at time: Timestamp) {
        guard !pending.isEmpty else { return }
        complete(pending.filter { time - $0.value.last > timeout })
        if pending.isEmpty {
            order.removeAll(keepingCapacity: true)
            orderHead = 0
        }
    }

    mutating func finish() { complete(pending) }

    private mutating func complete(_ over: [Key: NeighbourResolution]) {
        guard !over.isEmpty else { return }
        for key in over.keys { pending[key] = nil }
        completed += over.sorted(by: Self.isEarlier).map(\.value)
    }

    /// An order that does not depend on the process's hash seed.
    private static func isEarlier(
        _ left: (key: Key, value: NeighbourResolution), _ right: (key: Key, value: NeighbourResolution)
    ) -> Bool {
        if left.value.first != right.value.first { return left.value.first < right.value.first }
        if left.key.target != right.key.target { return left.key.target < right.key.target }
        if left.key.asker != right.key.asker { return left.key.asker < right.key.asker }
        if left.key.link != right.key.link { return left.key.link < right.key.link }
        return (left.key.network?.identifier ?? 0) < (right.key.network?.identifier ?? 0)
    }
}
