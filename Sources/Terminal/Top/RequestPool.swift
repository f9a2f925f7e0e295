import API

/// The requests that `waybill top` knows: as many as ``capacity``, the latest word on each.
struct RequestPool: Sendable {
    private(set) var requests: [String: Request] = [:]
    /// Those that had to go to make room, the oldest first.
    private(set) var dropped: UInt64 = 0

    static let capacity = 2000
    /// A part goes at once, so that not every new one has to look for the oldest.
    private static let share = 10

    mutating func take(_ request: Request) {
        // Another one tells of it from now on.
        guard request.attemptOf == nil else {
            requests[request.id] = nil
            return
        }
        // A list and a stream may cross: what is complete, or later, is the newer word.
        if let known = requests[request.id], known.complete && !request.complete || known.last > request.last { return }
        requests[request.id] = request
        if requests.count > Self.capacity { makeRoom() }
    }

    mutating func removeAll() {
        requests = [:]
        dropped = 0
    }

    private mutating func makeRoom() {
        let oldest = requests.values.sorted { $0.first < $1.first }.prefix(Self.capacity / Self.share)
        for request in oldest { requests[request.id] = nil }
        dropped &+= UInt64(oldest.count)
    }
}

/// Requests that have something in common.
struct RequestGroup: Sendable, Equatable {
    var name: String
    /// Whether ``name`` is one, or stands for what is not known.
    var isKnown = true
    var requests = 0
    var failed = 0
    var open = 0
    var bytes: UInt64 = 0
    var last: Time

    /// By process, or by destination.
    static func groups(
        of requests: some Sequence<Request>, by name: (Request) -> String?, unknown: String
    ) -> [RequestGroup] {
        var groups: [String?: RequestGroup] = [:]
        for request in requests {
            let key = name(request)
            var group =
                groups[key] ?? RequestGroup(name: key ?? unknown, isKnown: key != nil, last: request.last)
            group.requests += 1
            if request.outcome == .failed { group.failed += 1 }
            if request.isUnderWay { group.open += 1 }
            let (bytes, overflow) = group.bytes.addingReportingOverflow(request.payloadBytes)
            group.bytes = overflow ? .max : bytes
            group.last = max(group.last, request.last)
            groups[key] = group
        }
        return Array(groups.values)
    }
}
