import Store

extension RecordHub {
    /// A list's records on disk where those in memory end, newest first.
    ///
    /// - Parameters:
    ///   - serial: where the page begins; `nil` at the newest.
    ///   - owner: sees only its own; `nil` sees all.
    ///   - limit: how many; 0 only asks whether there are any.
    /// - Returns: the records, and where the next page begins; `nil` when there are no more.
    func stored(
        _ kind: HistoryKind, before serial: UInt64?, owner: UInt32?, limit: Int
    ) async -> (records: [[UInt8]], next: UInt64?) {
        await keeper?.settled()
        guard let reader = keeper?.reader else { return ([], nil) }
        let end = read { $0.oldestPlace(of: kind) }
        let start = min(serial ?? .max, end)
        // One more tells whether there is another page.
        let found = await reader.list(kind, below: start, owner: owner, limit: limit + 1)
        guard found.count > limit else { return (found.map(\.json), nil) }
        let page = found.prefix(limit)
        return (page.map(\.json), page.last?.place ?? start)
    }
}
