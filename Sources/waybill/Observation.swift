import API
import Terminal

/// The requests that began within a span of time, asked for when the daemon has caught up with it.
struct Observation {
    let client: DaemonClient
    let start: Time
    let end: Time

    /// How long the daemon may take to have read all frames until the end.
    private static let catchUp = Duration.seconds(3)
    /// That nothing was sent is certain a little after the attempt.
    private static let afterthought = Time(nanoseconds: 100_000_000)
    /// How long requests may take to be closed after that.
    private static let settling = Duration.seconds(1)
    /// How long the kernel's part of a request, who asked and what NAT made of it, may be in coming.
    private static let kernelAnswers = Duration.milliseconds(400)
    private static let pause = Duration.milliseconds(20)
    private static let pageLimit = 50
    private static let neighbourLimit = 200

    /// Oldest first.
    func requests() async throws -> [Request] {
        let clock = ContinuousClock()
        var deadline = clock.now + Self.catchUp
        let late = Time(nanoseconds: end.nanoseconds &+ Self.afterthought.nanoseconds)
        while try await client.status().observedUntil.map({ $0 < late }) ?? true, clock.now < deadline {
            try await Task.sleep(for: Self.pause)
        }
        deadline = clock.now + Self.settling
        let patience = clock.now + Self.kernelAnswers
        while true {
            let found = try await ask()
            let isExplained = found.allSatisfy(\.hasKernelPart) || clock.now >= patience
            if isExplained && found.allSatisfy(\.isAtRest) || clock.now >= deadline { return found }
            try await Task.sleep(for: Self.pause * 5)
        }
    }

    /// Addresses that were asked for within the span and that nobody has answered for yet: what was to be sent to
    /// them never left this host, so no request shows it. Whoever sees only its own requests is not told of them.
    func unansweredNeighbours() async throws(Failure) -> [Neighbour] {
        let page: NeighbourPage
        do throws(Failure) { page = try await client.neighbours(limit: Self.neighbourLimit) } catch {
            if error.status == .notPermitted { return [] }
            throw error
        }
        return page.items.filter { neighbour in
            neighbour.isUnanswered
                && (start...max(start, end)).contains(neighbour.first)
        }.sorted { $0.first < $1.first }
    }

    private func ask() async throws -> [Request] {
        var query = RequestQuery()
        query.since = .time(start)
        query.until = .time(end)
        query.limit = RequestQuery.limits.upperBound
        var found: [Request] = []
        for _ in 0..<Self.pageLimit {
            let page = try await client.requests(query)
            found += page.items
            query.cursor = page.nextCursor
            if page.nextCursor == nil { break }
        }
        return found.filter { request in
            (start...max(start, end)).contains(request.first)
                && (request.direction == .outbound || request.direction == .local)
        }.sorted { $0.first < $1.first }
    }
}

extension Request {
    /// The kernel was asked, and has answered. What it cannot be asked for stays unseen.
    fileprivate var hasKernelPart: Bool {
        [.process, .route, .translation].allSatisfy { stage($0)?.status != .unseen }
    }

    /// Nothing more is expected of it soon.
    var isAtRest: Bool {
        complete || outcome == .failed || (isSettled && transport != .tcp) || stage(.close)?.status == .ok
    }
}
