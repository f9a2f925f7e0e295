import Configure

/// Makes tables and history small enough for the memory that the daemon may take: full, they would else have the kernel
/// end it in the midst of a flood.
enum MemoryFit {
    /// Bytes that one of each takes (docs/performance.md). Of a connection: with its process, name, route and next hop.
    private static let flow: UInt64 = 1600
    private static let name: UInt64 = 600
    private static let request: UInt64 = 2100
    private static let lookup: UInt64 = 500
    /// The program itself, bytes of streams and fragments that wait for others, what waits to be written or answered.
    private static let base: UInt64 = 112 << 20
    /// Of the limit, the rest is for what the kernel charges besides.
    private static let share = 0.8
    private static let least = 1024

    /// - Parameter limit: bytes.
    /// - Returns: what was made smaller, in one sentence; `nil` when all fits.
    static func fit(_ settings: inout Configuration, into limit: UInt64) -> String? {
        func need(_ count: Int, _ size: UInt64) -> Double { Double(max(count, 0)) * Double(size) }
        let wanted =
            need(settings.tables.flows, flow) + need(settings.tables.names, name)
            + need(settings.history.requests, request) + need(settings.history.lookups, lookup)
        let room = max(0, Double(limit) * share - Double(base))
        guard wanted > room else { return nil }
        let factor = room / wanted
        func smaller(_ count: Int) -> Int { min(count, max(least, Int(Double(count) * factor))) }
        settings.tables.flows = smaller(settings.tables.flows)
        settings.tables.names = smaller(settings.tables.names)
        settings.history.requests = smaller(settings.history.requests)
        settings.history.lookups = smaller(settings.history.lookups)
        return "full tables do not fit into the \(limit >> 20) MiB that the control group allows: at most "
            + "\(settings.tables.flows) connections are followed and \(settings.tables.names) names remembered at once, and "
            + "\(settings.history.requests) requests and \(settings.history.lookups) lookups are kept in memory"
    }
}
