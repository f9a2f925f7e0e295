package import Model

/// Reads the history on disk. What cannot be read is told to the keeper and is not there.
package struct HistoryReader: Sendable {
    private let file: HistoryFile
    private let onTrouble: @Sendable (HistoryTrouble) -> Void

    init(_ file: HistoryFile, onTrouble: @escaping @Sendable (HistoryTrouble) -> Void) {
        self.file = file
        self.onTrouble = onTrouble
    }

    /// One slice of a listing, the newest first.
    package func requests(_ search: RequestSearch) async -> RequestSearch.Slice {
        await reading { try await $0.requests(search) } ?? RequestSearch.Slice(found: [], next: nil)
    }

    /// Requests whose identifier begins so, newest first; with an `owner`, of those that it may see.
    package func requests(
        matching prefix: RequestID.Prefix, owner: UInt32? = nil, limit: Int
    ) async -> [StoredRequest] {
        await reading { try await $0.requests(matching: prefix, owner: owner, limit: limit) } ?? []
    }

    /// The records in the contract's JSON, as they were recorded; `nil` for one that has been dropped since it was found.
    package func json(of requests: [StoredRequest]) async -> [[UInt8]?] {
        await reading { try await $0.json(of: requests) } ?? requests.map { _ in nil }
    }

    /// Records of a list and their places, newest first, all below `place`; with an `owner`, of those that it may see.
    package func list(
        _ kind: HistoryKind, below place: UInt64, owner: UInt32? = nil, limit: Int
    ) async -> [(place: UInt64, json: [UInt8])] {
        guard limit > 0 else { return [] }
        return await reading { try await $0.list(kind, below: place, owner: owner, limit: limit) } ?? []
    }

    private func reading<Answer>(_ body: (HistoryFile) async throws -> Answer) async -> Answer? {
        do {
            return try await body(file)
        } catch is CancellationError {
            return nil
        } catch {
            onTrouble(HistoryTrouble(file.path, error))
            return nil
        }
    }
}
