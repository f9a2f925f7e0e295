import API
import Model
import Report
import Store

/// A record of a listing: made now from what was observed, or as it was written to disk.
enum ListedRecord<Item: JSONWritable>: JSONWritable {
    case made(Item)
    case written([UInt8])

    func write(to writer: inout JSONWriter) {
        switch self {
        case .made(let item): item.write(to: &writer)
        case .written(let json): writer.written(json)
        }
    }
}

/// A request of a listing: under way or kept in memory, or on disk.
enum ListedRequest: Sendable {
    case live(Lifecycle)
    case stored(RequestDigest, json: [UInt8])

    var id: RequestID {
        switch self {
        case .live(let lifecycle): lifecycle.id
        case .stored(let digest, _): digest.id
        }
    }

    var digest: RequestDigest {
        switch self {
        case .live(let lifecycle): RequestDigest(lifecycle)
        case .stored(let digest, _): digest
        }
    }

    func record(_ renderer: RecordRenderer) -> ListedRecord<API.Request> {
        switch self {
        case .live(let lifecycle): .made(renderer.request(lifecycle))
        case .stored(_, let json): .written(json)
        }
    }
}

/// A page of neighbours with the kernel's own tables: what `NeighbourPage` is, of records made and written.
struct NeighbourListing: JSONWritable {
    var page: Page<ListedRecord<API.Neighbour>>
    /// Whose items are none.
    var kernel: NeighbourPage

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("items", page.items)
        writer.key("next_cursor")
        if let cursor = page.nextCursor { writer.string(cursor) } else { writer.null() }
        if let neighbours = kernel.kernel { writer.field("kernel", neighbours) }
        if let changes = kernel.changes { writer.field("changes", changes) }
        writer.endObject()
    }
}
