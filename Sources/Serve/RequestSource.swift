package import Model
package import Report
package import Store

/// What the server asks of whoever watches: the requests that are still under way, and how watching goes.
///
/// A request is under way until the hub has been told that it is finished: whoever answers must tell the hub before
/// it forgets, or the request would be in neither list for a moment.
package protocol RequestSource: Sendable {
    /// Requests under way that match, newest first by key, all before `key`, at most `limit`.
    func activeRequests(before key: RequestKey?, limit: Int, matching filter: RequestFilter) async -> [Lifecycle]

    /// Requests under way whose identifier begins so, at most `limit`; with a `user`, of those that are certainly its own.
    func activeRequests(matching prefix: RequestID.Prefix, ofUser user: UInt32?, limit: Int) async -> [Lifecycle]

    /// Lookups that wait for their answer, newest first, at most `limit`.
    func activeLookups(limit: Int) async -> [Lookup]

    /// Address resolutions under way, newest first.
    func activeNeighbours() async -> [NeighbourResolution]

    /// DHCP exchanges under way, newest first.
    func activeLeases() async -> [Lease]

    /// The kernel's routes, and its way to `address` when one is given; `nil` when nobody watches any more.
    func routes(to address: IPAddress?) async -> RouteSnapshot?

    /// The kernel's neighbour tables.
    func hostNeighbours() async -> NeighbourSnapshot?

    /// Translations that the kernel has or had lately, the latest first; `nil` when it cannot be asked.
    func translations(_ selection: TranslationSelection) async -> [TranslationState]?

    /// Port forwards in force; `nil` when nobody watches any more.
    func portForwards() async -> PortForwardSnapshot?

    /// Who has which port of this host.
    func ports() async -> PortSnapshot

    /// What the packet filter says of a port; `nil` when nobody watches any more.
    func filter(ofPort port: UInt16) async -> PortFilter?

    func state() async -> WatchState

    /// Whether anybody follows the stream: without followers, nobody needs to tell the hub of changes.
    func setFollowed(_ isFollowed: Bool)
}

/// How watching goes: what `/v1/status` says beside the history's own tables.
package struct WatchState: Sendable {
    package var started: Timestamp
    /// Everything that happened before this time has been taken into account.
    package var observedUntil: Timestamp?
    package var interfaces: [InterfaceState] = []
    package var totals = Summary()
    /// What cannot be known on this host now, and why, in one sentence.
    package var limits: [(what: String, why: String)] = []
    /// News of the kernel that were lost since the start, by their source.
    package var gaps: [(source: String, count: UInt64)] = []
    package var usage: DaemonUsage?
    /// Its processor time by the second, over the last seconds.
    package var cpuRate: TimeSpan?
    /// What answers depend on, beside capture itself.
    package var checks: [Check] = []

    package init(started: Timestamp) { self.started = started }
}
