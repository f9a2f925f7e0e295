/// One page of a list, newest first.
package struct Page<Item: JSONWritable>: Sendable {
    package var items: [Item]
    /// What to give as `cursor` for the next page; null on the last one.
    package var nextCursor: String?

    package init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }
}

/// Resolutions as they were seen on the wire, newest first, and on the first page what the kernel's own tables say now.
package struct NeighbourPage: Sendable, Equatable, Decodable {
    package var items: [Neighbour]
    package var nextCursor: String?
    /// The kernel's entries; absent on later pages, and where the kernel cannot be asked.
    package var kernel: [KernelNeighbour]?
    /// What changed in them while the daemon ran, newest first.
    package var changes: [RouteChange]?

    private enum CodingKeys: String, CodingKey {
        case items, kernel, changes
        case nextCursor = "next_cursor"
    }

    package init(_ page: Page<Neighbour>, kernel: [KernelNeighbour]? = nil, changes: [RouteChange]? = nil) {
        items = page.items
        nextCursor = page.nextCursor
        self.kernel = kernel
        self.changes = changes
    }
}

extension NeighbourPage: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("items", items)
        writer.key("next_cursor")
        if let nextCursor { writer.string(nextCursor) } else { writer.null() }
        if let kernel { writer.field("kernel", kernel) }
        if let changes { writer.field("changes", changes) }
        writer.endObject()
    }
}

extension Page: Equatable where Item: Equatable {}

extension Page: Decodable where Item: Decodable {
    private enum CodingKeys: String, CodingKey {
        case items
        case nextCursor = "next_cursor"
    }
}

extension Page: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("items", items)
        writer.key("next_cursor")
        if let nextCursor { writer.string(nextCursor) } else { writer.null() }
        writer.endObject()
    }
}
