// Correlate's door: other modules call Correlator with frames and facts, and take records from it.

package import Decode
package import Model

/// Frames and facts in, lifecycles out. It reads no clock, socket or file: time arrives with the frame or the fact,
/// so a capture replayed gives the very records that it gave live.
///
///     correlator.observe(frame, info)       // for every frame, in order of time
///     for record in correlator.takeFinished() { … }
///     while correlator.finish(atMost: 1024) { … }   // at the end: what is still open becomes a record too
///
/// Methods that the packet path calls are static, inlined or `mutating`, those that change nothing as well: to be lent
/// for reading, the whole of it would be copied, 2.5 KB for each call.
package struct Correlator: ~Copyable {
    private(set) var settings: CorrelatorSettings
    let hash: SeededHash
    package internal(set) var decoder = FrameDecoder()
    var flows: FlowTable
    var holes: HoleTable
    var deviations: DeviationTable
    var attachments = AttachmentTable()
    var streams: StreamTable
    let certificates: CertificateCache
    var lookups: PendingLookups
    var names: NameTable
    var askings = AskingTable(capacity: 1 << 13)
    var searches = SearchTable()
    var stubs = StubTable()
    var encryptedResolvers = EncryptedResolvers()
    var given: GivenAddresses
    var attempts = AttemptTable()
    var races = NumberedObjects<Race>()
    var stations = StationTable()
    var neighbours: NeighbourTable
    var handshakes: HandshakeAdmission
    var connectionIDs: ConnectionIDTable
    var paths: PathTable
    var fragments: FragmentTable
    var leases: LeaseTable
    var owners = OwnerTable(capacity: 1 << 14)
    var translations = TranslationTable(capacity: 1 << 14)
    /// When translations were lost, the latest last.
    var missedTranslations: [Timestamp] = []
    /// When packets were dropped for a tuple that was taken, the latest last.
    var failedInserts: [(count: UInt64, since: Timestamp, until: Timestamp)] = []
    /// When packets were dropped for want of room in conntrack's table, the latest last.
    var refusedInserts: [RefusedInserts] = []
    var scarcities = ScarcityTable()
    var beginnings = RecentBeginnings()
    var syns = RecentSYNs()
    /// Interfaces that are up and have no carrier; no more than the kernel has, and ``carrierlessLimit``.
    var carrierless: Set<String> = []
    static let carrierlessLimit = 4096
    var hostAddresses: [IPAddress: Int] = [:]
    /// The interfaces that they are on.
    var addressInterfaces: [IPAddress: [String]] = [:]
    var interfaceNames: [UInt16: String] = [:]
    /// The time by the frames so far; those of several interfaces may be a little out of order.
    var now = Timestamp.distantPast
    var first: Timestamp?
    private var nextExpiry = Timestamp.distantPast
    /// The time of a frame that was far from the others', not yet believed.
    private var leapSeen: Timestamp?
    var finished: [Record] = []
    var totals = Totals()
    /// Whether requests that come to a turn are remembered, for live followers.
    package var notesChanges = false
    /// Whether requests that begin are remembered, for asking the kernel about them.
    package var notesQuestions = false
    /// Requests that the kernel is to be asked about, and the interface of their first packet.
    var questions: [PendingQuestion] = []
    private var finishedSlots = 0
    /// Requests that came to a turn since ``takeChanged()``, as slots with their generation.
    var changed: [(slot: Int, generation: UInt32)] = []
    var held = HeldChanges()

    struct PendingQuestion {
        var slot: Int
        var generation: UInt32
        var interface: UInt16
        /// Only its way is asked for: the rest was asked before.
        var isAgain: Bool
    }

    /// Records completed so far, whether or not they were kept.
    struct Totals {
        var requests: UInt64 = 0
        var lookups: UInt64 = 0
        var neighbours: UInt64 = 0
        var leases: UInt64 = 0
        var icmpErrors: UInt64 = 0
        /// Requests about which the kernel was not asked: there were too many at once.
        var questionsDropped: UInt64 = 0
    }

    /// Takes over the timeouts; tables stay as large as they are.
    package mutating func adoptTimeouts(of new: CorrelatorSettings) {
        settings.unansweredTimeout = new.unansweredTimeout
        settings.establishedTimeout = new.establishedTimeout
        settings.halfClosedTimeout = new.halfClosedTimeout
        settings.closedLinger = new.closedLinger
        settings.udpTimeout = new.udpTimeout
        settings.echoTimeout = new.echoTimeout
        settings.lookupTimeout = new.lookupTimeout
        settings.neighbourTimeout = new.neighbourTimeout
        neighbours.timeout = new.neighbourTimeout
    }

    package init(_ settings: CorrelatorSettings = CorrelatorSettings()) {
        self.settings = settings
        hash = SeededHash(seed: settings.seed)
        flows = FlowTable(capacity: settings.flowCapacity)
        holes = HoleTable(capacity: settings.holeCapacity)
        streams = StreamTable(capacity: settings.streamCapacity)
        certificates = CertificateCache(capacity: settings.certificateCapacity)
        deviations = DeviationTable(capacity: settings.analysisCapacity)
        lookups = PendingLookups(capacity: settings.lookupCapacity)
        given = GivenAddresses(hash: hash)
        names = NameTable(capacity: settings.nameCapacity, hash: hash)
        neighbours = NeighbourTable(capacity: settings.neighbourCapacity, timeout: settings.neighbourTimeout)
        handshakes = HandshakeAdmission(
            capacity: settings.quicHandshakeCapacity, perSecond: settings.quicHandshakesPerSecond)
        connectionIDs = ConnectionIDTable(capacity: settings.connectionIDCapacity, hash: hash)
        paths = PathTable(capacity: settings.pathCapacity)
        fragments = FragmentTable(settings)
        leases = LeaseTable(capacity: settings.leaseCapacity, timeout: settings.leaseTimeout)
    }

    /// Tells what an interface is called in records.
    package mutating func setName(_ name: String, of interface: InterfaceID) {
        interfaceNames[interface.index] = name
    }

    /// Learns what the kernel said.
    package mutating func learn(_ fact: Fact) {
        switch fact.body {
        case .addressAdded(let address, let interface):
            hostAddresses[address, default: 0] += 1
            addressInterfaces[address, default: []].append(interface)
        case .addressRemoved(let address, let interface):
            addressInterfaces[address]?.removeAll { $0 == interface }
            if addressInterfaces[address]?.isEmpty == true { addressInterfaces[address] = nil }
            // One address may be on several interfaces; it is the host's until the last one is gone.
            if let count = hostAddresses[address] { hostAddresses[address] = count > 1 ? count - 1 : nil }
        case .addressesForgotten:
            hostAddresses.removeAll()
            addressInterfaces.removeAll()
        case .socketOwner(let tuple, let owner): learn(owner, of: tuple, at: fact.time)
        case .translation(let translation): learn(translation)
        case .untranslated(let tuple, let untranslated): learn(untranslated, of: tuple)
        case .translationsMissed: noteTranslationsMissed(at: fact.time)
        case .insertsFailed(let count, let since): noteFailedInserts(count, since: since, at: fact.time)
        case .route(let tuple, let began, let report): learn(report, of: tuple, began: began)
        case .portsScarce(let ways): scarcities.learn(ways, at: fact.time)
        case .unsent(let request): learn(request)
        case .link(let link):
            let isDead = link.isUp && !link.hasCarrier && carrierless.count < Self.carrierlessLimit
            if isDead { carrierless.insert(link.name) } else { carrierless.remove(link.name) }
        case .linkRemoved(_, let name): carrierless.remove(name)
        case .insertsRefused(let refusal): noteRefusedInserts(refusal)
        case .resynchronised: break
        }
    }

    /// One frame. Allocates nothing on an established request.
    package mutating func observe(_ frame: RawSpan, _ info: FrameInfo) {
        let packet = decoder.decode(frame, info)
        moveClock(to: packet.time)
        if first == nil { first = packet.time }
        sweepOne()
        // Before the frame has its say: what is over by now takes no part in it.
        if now > nextExpiry { expireSmallTables() }
        follow(packet, frame)
        // A switch: the enum's operator would be a call.
        switch packet.kind {
        case .fragment: followFurther(packet, frame)
        case .udp: if OverlayHeader.isPort(packet.destinationPort) { followFurther(packet, frame) }
        case .other, .arp, .tcp, .icmp: break
        }
    }

    /// Finds what a packet is about.
    @inline(__always)
    mutating func follow(_ packet: Packet, _ frame: RawSpan) {
        switch packet.kind {
        case .tcp: observeTCP(packet, frame)
        case .udp: observeUDP(packet, frame)
        case .icmp: observeICMP(packet, frame)
        case .arp: observeARP(packet, frame)
        case .fragment: collect(packet, frame)
        case .other: break
        }
    }

    /// Longer than frames of several interfaces ever are out of order, shorter than a pause that matters.
    private static let leap = TimeSpan.seconds(3600)

    /// Time goes on with the frames, and never back for a frame that is a little late. A leap, forwards or back, is
    /// believed when a second frame confirms it: one damaged time must not end every request.
    @inline(__always)
    private mutating func moveClock(to time: Timestamp) {
        let step = time - now
        if step.nanoseconds >= 0 && step < Self.leap {
            now = time
        } else if step.nanoseconds < 0 && step.nanoseconds > -Self.leap.nanoseconds {
            return
        } else {
            leap(to: time)
        }
    }

    @inline(never)
    private mutating func leap(to time: Timestamp) {
        let isFirst = first == nil
        let distance = leapSeen.map { time - $0 }
        if isFirst || distance.map({ $0 < Self.leap && $0.nanoseconds > -Self.leap.nanoseconds }) == true {
            now = time
            nextExpiry = time
            leapSeen = nil
        } else {
            leapSeen = time
        }
    }

    /// Tells that it is `time` and no frame came: on an idle network, requests still time out.
    ///
    /// - Parameter slots: requests to look at, in turn; the caller's pace decides how soon all have been seen.
    package mutating func advance(to time: Timestamp, slots: Int = 4096) {
        guard time > now else { return }
        now = time
        for _ in 0..<min(slots, flows.highWater) { sweepOne() }
        expireSmallTables()
    }

    /// Completes what is still open, at most `limit` requests a call, so that their records need not all be held at
    /// once.
    ///
    /// - Returns: whether there is more; call again then.
    package mutating func finish(atMost limit: Int) -> Bool {
        if finishedSlots == 0 {
            fragments.finish()
            followDatagrams()
            expireLookups { _ in true }
        }
        var completed = 0
        while finishedSlots < flows.highWater - 1 && completed < limit {
            finishedSlots += 1
            guard flows.hot[finishedSlots].isUsed else { continue }
            complete(finishedSlots, .captureEnded)
            completed += 1
        }
        guard finishedSlots >= flows.highWater - 1 else { return true }
        finishedSlots = 0
        neighbours.finish()
        takeNeighbours()
        leases.finish()
        takeLeases()
        return false
    }

    package var hasFinished: Bool { !finished.isEmpty }

    /// The records completed since the last call, in order.
    package mutating func takeFinished() -> [Record] {
        let records = finished
        finished.removeAll(keepingCapacity: false)
        return records
    }

    private mutating func expireSmallTables() {
        nextExpiry = now + .milliseconds(100)
        let limit = now - settings.lookupTimeout
        expireLookups { $0.lastQueried < limit.nanoseconds }
        neighbours.expire(at: now)
        takeNeighbours()
        leases.expire(at: now)
        takeLeases()
        if fragments.isOver(at: now) {
            fragments.expire(at: now)
            followDatagrams()
        }
    }

    mutating func takeNeighbours() {
        guard neighbours.hasCompleted else { return }
        for resolution in neighbours.takeCompleted() {
            totals.neighbours &+= 1
            if settings.keepsRecords { finished.append(.neighbour(resolution)) }
        }
    }

    /// Totals so far.
    package var summary: Summary {
        var summary = Summary()
        let counters = decoder.counters
        summary.frames = counters.frames
        summary.bytes = counters.bytes
        summary.cutFrames = counters.cutFrames
        summary.otherFrames = counters.otherFrames
        summary.laterFragments = counters.laterFragments
        summary.fragments = fragments.outcomes
        summary.layers = counters.summary
        summary.first = first
        summary.last = first == nil ? nil : now
        summary.tables = [
            flows.summary, lookups.summary, names.summary, askings.summary, searches.summary, stubs.summary,
            stations.summary,
            given.summary, attempts.summary, encryptedResolvers.summary, neighbours.summary, holes.summary,
            streams.summary, certificates.summary, deviations.summary,
        ]
        summary.tables += [handshakes.summary, connectionIDs.summary, paths.summary]
        summary.tables += fragments.summaries + [leases.summary, owners.summary, translations.summary]
        summary.requests = totals.requests
        summary.lookups = totals.lookups
        summary.neighbours = totals.neighbours
        summary.leases = totals.leases
        summary.icmpErrors = totals.icmpErrors
        return summary
    }
}
