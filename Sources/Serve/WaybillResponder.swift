import API
import HTTPTypes
import HummingbirdCore
import Logging
import Model
import NIOCore
import Report
import Store

/// Answers the calls of design §4 that a daemon can answer, and every other one with a problem (RFC 9457).
struct WaybillResponder: Sendable {
    let hub: RecordHub
    let source: any RequestSource
    let access: AccessBox
    let ledger: ConnectionLedger
    let refusals: Refusals
    let answers: AnswerBudget
    let version: String
    let clock: @Sendable () -> Timestamp
    let logger: Logger
    private let renderer = RecordRenderer()

    init(
        hub: RecordHub, source: any RequestSource, access: AccessBox, ledger: ConnectionLedger, refusals: Refusals,
        answers: AnswerBudget, version: String, clock: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.hub = hub
        self.source = source
        self.access = access
        self.ledger = ledger
        self.refusals = refusals
        self.answers = answers
        self.version = version
        self.clock = clock
        self.logger = logger
    }

    /// One call: on which connection it came, and who makes it.
    struct Call {
        let channel: any Channel
        /// On whose account streams count.
        let user: UInt32
        let viewer: Viewer
        /// The port for metrics, where it came by that.
        var port: Int?
    }

    /// What is sent, and what its writer must know of it.
    struct Answer {
        var response: Response
        /// Written for as long as the client reads.
        var isStream = false
        /// What the client says after this call is not to be read as calls.
        var endsConnection = false
        /// Gives back the memory that the answer takes.
        var release: @Sendable () -> Void = {}
    }

    func respond(to request: HummingbirdCore.Request, _ call: Call) async -> Answer {
        var result: Answer
        do throws(CallBounds.Refused) {
            try CallBounds.check(request, port: call.port)
            let path = request.uri.path
            do throws(Problem) { result = try await answer(request, path, call) } catch { result = answer(error) }
        } catch {
            refusals.note(error.refusal)
            result = answer(error.problem)
            if error.refusal == .body {
                result.endsConnection = true
                result.response.headers[.connection] = "close"
            }
        }
        result.response.headers[.date] = HTTPDate.text(clock())
        // The answer to HEAD has no content (RFC 9110 §9.3.2).
        if request.method == .head { result.response.body = ResponseBody() }
        return result
    }

    private func answer(
        _ request: HummingbirdCore.Request, _ path: String, _ call: Call
    ) async throws(Problem) -> Answer {
        let route = try Route(path)
        try call.viewer.enter(route, group: access.value, instance: path)
        guard request.method == .get else { throw .methodNotAllowed(request.method.rawValue, instance: path) }
        let query = request.uri.query ?? ""
        switch route {
        case .requests: return try await requests(query, call)
        case .request(let text): return try await self.request(text, query, call)
        case .requestStream: return try stream(query, call)
        case .lookups: return try await lookups(query, call)
        case .neighbours:
            let source = source
            let page = try await page(query, Routes.neighbours, .neighbour) {
                Array(await source.activeNeighbours().prefix($0))
            } read: {
                $0.neighbours.newest(before: $1, limit: $2)
            } isSame: {
                $0.target == $1.target && $0.asker == $1.asker && $0.first == $1.first
            } render: {
                renderer.neighbour($0)
            }
            guard !QueryText.items(query).contains(where: { $0.name == "cursor" }),
                let snapshot = await source.hostNeighbours()
            else { return try json(page) }
            let kernel = renderer.neighbours(Page(items: [], nextCursor: nil), snapshot)
            return try json(NeighbourListing(page: page, kernel: kernel))
        case .ports:
            try refuseParameters(query, Routes.ports)
            return try json(renderer.ports(await source.ports()))
        case .port(let text): return try await port(text, query, call)
        case .routes: return try await routes(query, call)
        case .leases:
            let source = source
            return try await history(query, Routes.leases, .lease) {
                Array(await source.activeLeases().prefix($0))
            } read: {
                $0.leases.newest(before: $1, limit: $2)
            } isSame: {
                $0.transactionID == $1.transactionID && $0.clientMAC == $1.clientMAC && $0.first == $1.first
            } render: {
                renderer.lease($0)
            }
        case .translations: return try await translations(query, call)
        case .forwards:
            try refuseParameters(query, Routes.forwards)
            return try json(renderer.forwards(await source.portForwards() ?? PortForwardSnapshot()))
        case .status: return try await status(query, call)
        case .index:
            try refuseParameters(query, Routes.index)
            return try json(Index(version: version))
        case .metrics: return try await metrics(query)
        case .document:
            try refuseParameters(query, Routes.document)
            return Answer(response: response(Array(ContractDocuments.openAPI.utf8)[...], .ok, Routes.yaml))
        case .schema(let name):
            try refuseParameters(query, path)
            guard let schema = ContractDocuments.schema(name) else { throw .noSuchSchema(instance: path) }
            return Answer(response: response(Array(schema.utf8)[...], .ok, Routes.schema))
        }
    }
}

// MARK: - Requests

extension WaybillResponder {
    private func requests(_ text: String, _ call: Call) async throws(Problem) -> Answer {
        let (query, filter) = try filter(text, Routes.requests)
        var key: RequestKey?
        if let cursor = query.cursor {
            key = PageCursor.key(cursor)
            if key == nil { throw .badCursor(cursor, instance: Routes.requests) }
        }
        let listing = RequestListing(hub: hub, source: source, viewer: call.viewer)
        let (requests, next) = await listing.page(
            before: key, limit: query.limit ?? RequestQuery.defaultLimit, matching: filter)
        return try json(
            Page(items: requests.map { $0.record(renderer) }, nextCursor: next.map { PageCursor.text(of: $0) }))
    }

    private func request(_ text: String, _ query: String, _ call: Call) async throws(Problem) -> Answer {
        let path = Routes.request(text)
        try refuseParameters(query, path)
        guard let prefix = RequestID.Prefix(text) else { throw .badIdentifier(text, instance: path) }
        let listing = RequestListing(hub: hub, source: source, viewer: call.viewer)
        let found = await listing.requests(matching: prefix, limit: 6)
        guard let first = found.first else { throw .noSuchRequest(text, instance: path) }
        guard found.count == 1 else {
            throw .severalRequests(text, found.map(\.id.description), instance: path)
        }
        return try json(first.record(renderer))
    }

    private func filter(_ text: String, _ path: String) throws(Problem) -> (RequestQuery, RequestFilter) {
        do throws(QueryError) {
            let query = try RequestQuery(queryString: text)
            return (query, try RequestFilter(query, now: clock()))
        } catch {
            throw .badParameter(error, instance: path)
        }
    }

    private func stream(_ text: String, _ call: Call) throws(Problem) -> Answer {
        var (query, filter) = try filter(text, Routes.requestStream)
        filter.onlyUser = call.viewer.onlyUser
        for parameter in [RequestQuery.Parameter.limit, .cursor] {
            if let value = query.text(of: parameter) {
                let error = QueryError.unavailable(parameter, value: value, why: "a stream has no pages")
                throw .badParameter(error, instance: Routes.requestStream)
            }
        }
        let follower: Follower
        do throws(Refusal) { follower = try hub.followers.join(call.viewer, user: call.user) } catch {
            refusals.note(error)
            throw .tooManyStreams(error, instance: Routes.requestStream)
        }
        let channel = call.channel
        follower.onCutOff { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in follower.end() }
        let (hub, renderer, refusals, wanted) = (hub, renderer, refusals, filter)
        let body = ResponseBody { writer in
            defer {
                if follower.isCutOff { refusals.note(.slowFollower) }
                hub.followers.leave(follower)
            }
            var lines = JSONWriter()
            for await batch in follower.batches {
                for lifecycle in batch where wanted.matches(lifecycle) {
                    renderer.writeLine(.request(lifecycle), to: &lines)
                    if lines.bytes.count >= Self.chunkSize {
                        try await writer.write(ByteBuffer(bytes: lines.bytes))
                        lines.removeAll()
                    }
                }
                if !lines.bytes.isEmpty { try await writer.write(ByteBuffer(bytes: lines.bytes)) }
                lines.removeAll()
                follower.took(batch)
            }
            // Ending the body properly would tell the reader that this was all.
            if follower.isCutOff { throw ChannelError.ioOnClosedChannel }
            try await Self.makeRoomForTheEnd(channel)
            try await writer.finish(nil)
        }
        let response = Response(
            status: .ok, headers: [.contentType: Routes.ndjson, .cacheControl: "no-store"], body: body)
        return Answer(response: response, isStream: true)
    }

    /// Waits until the socket has taken everything: at shutdown the connection is closed right behind the end of the
    /// body, and what the socket has not taken by then is lost. A reader that does not read is cut off elsewhere.
    ///
    /// The socket may be full to the brim now, and the end must go in at once: the kernel takes a write when what is in
    /// the buffer is less than its size (unix_stream_sendmsg, net/unix/af_unix.c), so a larger size is room.
    private static func makeRoomForTheEnd(_ channel: any Channel) async throws {
        try await channel.isTaken()
        guard channel.isActive else { return }
        let size = try await channel.getOption(.socketOption(.so_sndbuf)).get()
        // The kernel doubles what it is told, and takes no more than its own limit.
        try await channel.setOption(.socketOption(.so_sndbuf), value: size).get()
    }

    /// Bytes that are rendered before they are written.
    private static let chunkSize = 65_536
}

// MARK: - The rest of the history, and the daemon itself

extension WaybillResponder {
    /// A page of records: on the first one those under way, then what is kept and what is on disk, newest first.
    ///
    /// Those under way are asked for first: one that ends in between is then in both, and told once.
    private func history<Element: Sendable, Item: JSONWritable>(
        _ text: String, _ path: String, _ kind: HistoryKind, owner: UInt32? = nil,
        active: @Sendable (_ limit: Int) async -> [Element],
        read: (borrowing LifecycleStore, UInt64?, Int) -> (elements: [Element], next: UInt64?),
        isSame: (Element, Element) -> Bool, render: (Element) -> Item
    ) async throws(Problem) -> Answer {
        try json(
            try await page(text, path, kind, owner: owner, active: active, read: read, isSame: isSame, render: render))
    }

    private func lookups(_ text: String, _ call: Call) async throws(Problem) -> Answer {
        let (source, user) = (source, call.viewer.onlyUser)
        @Sendable func active(_ limit: Int) async -> [Model.Lookup] {
            guard let user else { return await source.activeLookups(limit: limit) }
            // Others' may stand before the viewer's own.
            let all = await source.activeLookups(limit: Self.activeLookups)
            return Array(all.filter { $0.user == user }.prefix(limit))
        }
        func read(
            _ store: borrowing LifecycleStore, _ serial: UInt64?, _ limit: Int
        ) -> (elements: [Model.Lookup], next: UInt64?) {
            guard let user else { return store.lookups.newest(before: serial, limit: limit) }
            return store.lookups.newest(before: serial, limit: limit, examining: Self.slice) { $0.user == user }
        }
        return try await history(text, Routes.lookups, .lookup, owner: user, active: active, read: read) {
            $0.transactionID == $1.transactionID && $0.queried == $1.queried && $0.client == $1.client
        } render: {
            renderer.lookup($0)
        }
    }

    /// Kept records that are looked at in one go, and lookups under way that are.
    private static let slice = 512
    private static let activeLookups = 1000

    private func page<Element: Sendable, Item: JSONWritable>(
        _ text: String, _ path: String, _ kind: HistoryKind, owner: UInt32? = nil,
        active: @Sendable (_ limit: Int) async -> [Element],
        read: (borrowing LifecycleStore, UInt64?, Int) -> (elements: [Element], next: UInt64?),
        isSame: (Element, Element) -> Bool, render: (Element) -> Item
    ) async throws(Problem) -> Page<ListedRecord<Item>> {
        let query: PageQuery
        do throws(QueryError) { query = try PageQuery(text) } catch { throw .badParameter(error, instance: path) }
        var serial: UInt64?
        if let cursor = query.cursor {
            serial = PageCursor.serial(cursor)
            if serial == nil { throw .badCursor(cursor, instance: path) }
        }
        let start = serial
        // One place at least is for what is kept, or the pages after this one would not be found.
        let open = serial == nil ? await active(query.limit - 1) : []
        var kept: [Element] = []
        // What a viewer may see can lie far apart: the store is lent for a slice at a time.
        repeat {
            let (position, wanted) = (serial, query.limit - open.count - kept.count)
            let (elements, next) = hub.read { read($0, position, wanted) }
            kept += elements
            serial = next
            if next != nil { await Task.yield() }
        } while serial != nil && kept.count < query.limit - open.count && !Task.isCancelled
        let found = kept
        let items = open.filter { element in !found.contains { isSame($0, element) } } + found
        var records: [ListedRecord<Item>] = items.map { .made(render($0)) }
        if serial == nil {
            let room = query.limit - open.count - found.count
            let stored = await hub.stored(kind, before: start, owner: owner, limit: room)
            records += stored.records.map { .written($0) }
            serial = stored.next
        }
        return Page(items: records, nextCursor: serial.map { PageCursor.text(of: $0) })
    }

    /// The latest requests to a port that its report shows.
    private static let portRequests = 10

    private func port(_ text: String, _ query: String, _ call: Call) async throws(Problem) -> Answer {
        let path = Routes.ports + "/" + text
        try refuseParameters(query, path)
        guard let number = UInt16(text), number > 0 else { throw .badPort(text, instance: path) }
        let (_, filter) = try filter("port=\(number)&limit=100", path)
        let listing = RequestListing(hub: hub, source: source, viewer: call.viewer)
        let (found, _) = await listing.page(before: nil, limit: 100, matching: filter)
        let requests = found.map(\.digest).filter { $0.server.port == number }.prefix(Self.portRequests)
        let rules = await source.filter(ofPort: number) ?? PortFilter()
        return try json(renderer.port(number, await source.ports(), rules, Array(requests)))
    }

    private func routes(_ text: String, _ call: Call) async throws(Problem) -> Answer {
        let parameter = "to"
        var address: IPAddress?
        for item in QueryText.items(text) {
            guard item.name == parameter else {
                throw .badParameter(
                    QueryError.unknown(item.name, value: item.value, allowed: [parameter]), instance: Routes.routes)
            }
            guard let value = IPAddress(item.value) else {
                let error = QueryError(parameter: parameter, value: item.value, allowed: ["IPv4 and IPv6 addresses"])
                throw .badParameter(error, instance: Routes.routes)
            }
            address = value
        }
        let snapshot = await source.routes(to: address) ?? RouteSnapshot()
        return try json(renderer.routes(snapshot, to: address))
    }

    private func translations(_ text: String, _ call: Call) async throws(Problem) -> Answer {
        var selection: TranslationSelection
        let query: TranslationQuery
        do throws(QueryError) {
            query = try TranslationQuery(queryString: text)
            selection = try TranslationSelection(query)
        } catch {
            throw .badParameter(error, instance: Routes.translations)
        }
        if let cursor = query.cursor {
            selection.before = PageCursor.serial(cursor)
            if selection.before == nil { throw .badCursor(cursor, instance: Routes.translations) }
        }
        let limit = selection.limit
        // One more tells whether there is another page.
        selection.limit += 1
        guard let found = await source.translations(selection) else {
            throw .notObserved("translations", instance: Routes.translations)
        }
        let items = found.prefix(limit)
        let next = found.count > limit ? items.last.map { PageCursor.text(of: $0.serial) } : nil
        return try json(Page(items: items.map { renderer.translation($0) }, nextCursor: next))
    }

    private func status(_ query: String, _ call: Call) async throws(Problem) -> Answer {
        try refuseParameters(query, Routes.status)
        let status = await status().status
        return try json(call.viewer == .everything ? status : status.restricted())
    }

    private func status() async -> (status: Status, state: WatchState) {
        var state = await source.state()
        state.totals.tables += hub.read { $0.tables }
        let history = hub.keeper?.state
        if let queue = hub.keeper?.queue { state.totals.tables.append(queue.table) }
        var status = Status(state, version: version, now: clock(), renderer)
        status.history = history.map { HistoryStatus($0) }
        status.checks = (status.checks ?? []) + [API.Check(history)]
        return (status, state)
    }

    private func metrics(_ query: String) async throws(Problem) -> Answer {
        try refuseParameters(query, Routes.metrics)
        let (status, state) = await status()
        let serving = Metrics.Serving(
            connections: ledger.count, accepted: ledger.accepted, streams: hub.followers.count,
            refused: refusals.counts)
        let metrics = Metrics(
            status: status, serving: serving, requests: hub.tally?.all ?? [], gaps: state.gaps)
        return Answer(response: response(Array(metrics.text.utf8)[...], .ok, PrometheusText.type))
    }

    private func refuseParameters(_ query: String, _ path: String) throws(Problem) {
        guard let first = QueryText.items(query).first else { return }
        throw .noParameters(first.name, instance: path)
    }
}

// MARK: - Responses

extension WaybillResponder {
    /// - Throws: ``Problem`` when answers to others take all the memory that there is for them.
    private func json(_ value: some JSONWritable) throws(Problem) -> Answer {
        let bytes = bytes(of: value)
        guard answers.take(bytes.count) else {
            refusals.note(.answers)
            throw .tooManyAnswers
        }
        var answer = Answer(response: response(bytes, .ok, Routes.json))
        let (answers, count) = (answers, bytes.count)
        answer.release = { answers.free(count) }
        return answer
    }

    private func answer(_ problem: Problem) -> Answer {
        var response = response(bytes(of: problem), HTTPResponse.Status(code: problem.status), Routes.problem)
        if problem.status == 405 { response.headers[.allow] = "GET" }
        return Answer(response: response)
    }

    private func bytes(of value: some JSONWritable) -> ArraySlice<UInt8> {
        var writer = JSONWriter(capacity: 16_384)
        value.write(to: &writer)
        writer.endLine()
        return writer.bytes
    }

    private func response(_ bytes: ArraySlice<UInt8>, _ status: HTTPResponse.Status, _ type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
