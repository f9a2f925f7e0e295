package import Model

/// Where a request stands in a listing: by its first packet's time, then by its identifier. No two have the same.
package struct RequestKey: Hashable, Comparable, Sendable, BitwiseCopyable {
    package var first: Timestamp
    package var id: RequestID

    package init(first: Timestamp, id: RequestID) {
        self.first = first
        self.id = id
    }

    package static func < (left: RequestKey, right: RequestKey) -> Bool {
        left.first != right.first ? left.first < right.first : left.id.bits < right.id.bits
    }
}

extension Lifecycle {
    package var key: RequestKey { RequestKey(first: first, id: id) }
}

/// A part of a listing of requests, newest first.
package struct RequestScan: Sendable {
    package var lifecycles: [Lifecycle]
    /// Go on before this one; `nil` when nothing older is left.
    package var next: RequestKey?
}
