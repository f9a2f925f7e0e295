import API
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Model
import NIOCore
import Report
import Store

/// Answers the calls of design §4 that a daemon can answer, and every other one with a problem (RFC 9457).
struct WaybillResponder: HTTPResponder {
    let hub: RecordHub
    let source: any RequestSource
    let version: String
    let clock: @Sendable () -> Timestamp
    let logger: Logger
    private let renderer = RecordRenderer()

    init(
        hub: RecordHub, source: any RequestSource, version: String, clock: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.hub = hub
        self.source = source
        self.version = version
        self.clock = clock
        self.logger = logger
    }

    /// One client's connection.
    struct Context: InitializableFromSource {
        let channel: any Channel

        init(source: ApplicationRequestContextSource) { channel = source.channel }
    }

    func respond(to request: Hummingbird.Request, context: Context) async throws -> Response {
        let path = request.uri.path
        do throws(Problem) {
            // Browsers send it with every call that a foreign page could make; no program of ours does.
            if request.headers[.origin] != nil { throw .foreignOrigin(instance: path) }
            return try await answer(request, path, context)
        } catch {
            return response(context, error)
        }
    }

    private func answer(
        _ request: Hummingbird.Request, _ path: String, _ context: Context
    ) async throws(Problem) -> Response {
        let route = try Route(path)
        guard request.method == .get else { throw .methodNotAllowed(request.method.rawValue, instance: path) }
        let query = request.uri.query ?? ""
        switch route {
        case .requests: return try await requests(query, context)
        case .request(let text): return try await self.request(text, query, context)
        case .requestStream: return try stream(query, context)
        case .lookups:
            let source = source
            return try await history(query, Routes.lookups, context) {
                await source.activeLookups(limit: $0)
            } read: {
                $0.lookups.newest(before: $1, limit: $2)
            } isSame: {
                $0.transactionID == $1.transactionID && $0.queried == $1.queried && $0.client == $1.client
            } render: {
                renderer.lookup($0)
            }
        case .neighbours:
            let source = source
            let page = try await page(query, Routes.neighbours) {
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
            else { return json(context, NeighbourPage(page)) }
            return json(context, renderer.neighbours(page, snapshot))
        case .ports:
            try refuseParameters(query, Routes.ports)
            return json(context, renderer.ports(await source.ports()))
        case .port(let text): return try await port(text, query, context)
        case .routes: return try await routes(query, context)
        case .leases:
            let source = source
            return try await history(query, Routes.leases, context) {
                Array(await source.activeLeases().prefix($0))
            } read: {
                $0.leases.newest(before: $1, limit: $2)
            } isSame: {
                $0.transactionID == $1.transactionID && $0.clientMAC == $1.clientMAC && $0.first == $1.first
            } render: {
                renderer.lease($0)
            }
        case .translations: return try await translations(query, context)
        case .forwards:
            try refuseParameters(query, Routes.forwards)
            return json(context, renderer.forwards(await source.portForwards() ?? PortForwardSnapshot()))
        case .status: return try await status(query, context)
        }
    }
}

// MARK: - Requests

extension WaybillResponder {
    private func requests(_ text: String, _ context: Context) async throws(Problem) -> Response {
        let (query, filter) = try filter(text, Routes.requests)
        var key: RequestKey?
        if let cursor = query.cursor {
            key = PageCursor.key(cursor)
            if key == nil { throw .badCursor(cursor, instance: Routes.requests) }
        }
        let listing = RequestListing(hub: hub, source: source)
        let (lifecycles, next) = await listing.page(
            before: key, limit: query.limit ?? RequestQuery.defaultLimit, matching: filter)
        return json(
            context,
            Page(items: lifecycles.map { renderer.request($0) }, nextCursor: next.map { PageCursor.text(of: $0) }))
    }

    private func request(_ text: String, _ query: String, _ context: Context) async throws(Problem) -> Response {
        let path = Routes.request(text)
        try refuseParameters(query, path)
        guard let prefix = RequestID.Prefix(text) else { throw .badIdentifier(text, instance: path) }
        let listing = RequestListing(hub: hub, source: source)
        let found = await listing.requests(matching: prefix, limit: 6)
        guard let first = found.first else { throw .noSuchRequest(text, instance: path) }
        guard found.count == 1 else {
            throw .severalRequests(text, found.map(\.id.description), instance: path)
        }
        return json(context, renderer.request(first))
    }

    private func filter(_ text: String, _ path: String) throws(Problem) -> (RequestQuery, RequestFilter) {
        do throws(QueryError) {
            let query = try RequestQuery(queryString: text)
            return (query, try RequestFilter(query, now: clock()))
        } catch {
            throw .badParameter(error, instance: path)
        }
    }

    private func stream(_ text: String, _ context: Context) throws(Problem) -> Response {
        let (query, filter) = try filter(text, Routes.requestStream)
        for parameter in [RequestQuery.Parameter.limit, .cursor] {
            if let value = query.text(of: parameter) {
                let error = QueryError.unavailable(parameter, value: value, why: "a stream has no pages")
                throw .badParameter(error, instance: Routes.requestStream)
            }
        }
        guard let follower = hub.followers.join() else {
            throw .tooManyStreams(Followers.capacity, instance: Routes.requestStream)
        }
        let channel = context.channel
        follower.onCutOff { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in follower.end() }
        let (hub, renderer, logger) = (hub, renderer, logger)
        let body = ResponseBody { writer in
            defer {
                if follower.isCutOff { logger.notice("a reader of the stream was too slow and has been cut off") }
                hub.followers.leave(follower)
            }
            var lines = JSONWriter()
            for await batch in follower.batches {
                for lifecycle in batch where filter.matches(lifecycle) {
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
        return Response(
            status: .ok, headers: [.contentType: Routes.ndjson, .cacheControl: "no-store"], body: body)
    }

    /// Waits until the socket has taken everything: at shutdown the connection is closed right behind the end of the
    /// body, and what the socket has not taken by then is lost. A reader that does not read is cut off elsewhere.
    ///
    /// The socket may be full to the brim now, and the end must go in at once: the kernel takes a write when what is in
    /// the buffer is less than its size (unix_stream_sendmsg, net/unix/af_unix.c), so a larger size is room.
    private static func makeRoomForTheEnd(_ channel: any Channel) async throws {
        while channel.isActive, try await channel.getOption(.bufferedWritableBytes).get() > 0 {
            try await Task.sleep(for: .milliseconds(2))
        }
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
    /// A page of records: on the first one those under way, then what is kept, newest first.
    ///
    /// Those under way are asked for first: one that ends in between is then in both, and told once.
    private func history<Element: Sendable, Item: JSONWritable>(
        _ text: String, _ path: String, _ context: Context,
        active: @Sendable (_ limit: Int) async -> [Element],
        read: (borrowing LifecycleStore, UInt64?, Int) -> (elements: [Element], next: UInt64?),
        isSame: (Element, Element) -> Bool, render: (Element) -> Item
    ) async throws(Problem) -> Response {
        json(context, try await page(text, path, active: active, read: read, isSame: isSame, render: render))
    }

    private func page<Element: Sendable, Item: JSONWritable>(
        _ text: String, _ path: String,
        active: @Sendable (_ limit: Int) async -> [Element],
        read: (borrowing LifecycleStore, UInt64?, Int) -> (elements: [Element], next: UInt64?),
        isSame: (Element, Element) -> Bool, render: (Element) -> Item
    ) async throws(Problem) -> Page<Item> {
        let query: PageQuery
        do throws(QueryError) { query = try PageQuery(text) } catch { throw .badParameter(error, instance: path) }
        var serial: UInt64?
        if let cursor = query.cursor {
            serial = PageCursor.serial(cursor)
            if serial == nil { throw .badCursor(cursor, instance: path) }
        }
        // One place at least is for what is kept, or the pages after this one would not be found.
        let open = serial == nil ? await active(query.limit - 1) : []
        let (kept, next) = hub.read { read($0, serial, query.limit - open.count) }
        let items = open.filter { element in !kept.contains { isSame($0, element) } } + kept
        return Page(items: items.map(render), nextCursor: next.map { PageCursor.text(of: $0) })
    }

    /// The latest requests to a port that its report shows.
    private static let portRequests = 10

    private func port(_ text: String, _ query: String, _ context: Context) async throws(Problem) -> Response {
        let path = Routes.ports + "/" + text
        try refuseParameters(query, path)
        guard let number = UInt16(text), number > 0 else { throw .badPort(text, instance: path) }
        let (_, filter) = try filter("port=\(number)&limit=100", path)
        let listing = RequestListing(hub: hub, source: source)
        let (found, _) = await listing.page(before: nil, limit: 100, matching: filter)
        let requests = found.filter { $0.server.endpoint.port == number }.prefix(Self.portRequests)
        let rules = await source.filter(ofPort: number) ?? PortFilter()
        return json(context, renderer.port(number, await source.ports(), rules, Array(requests)))
    }

    private func routes(_ text: String, _ context: Context) async throws(Problem) -> Response {
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
        return json(context, renderer.routes(snapshot, to: address))
    }

    private func translations(_ text: String, _ context: Context) async throws(Problem) -> Response {
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
        return json(context, Page(items: items.map { renderer.translation($0) }, nextCursor: next))
    }

    private func status(_ query: String, _ context: Context) async throws(Problem) -> Response {
        try refuseParameters(query, Routes.status)
        var state = await source.state()
        state.totals.tables += hub.read { $0.tables }
        return json(context, Status(state, version: version, now: clock(), renderer))
    }

    private func refuseParameters(_ query: String, _ path: String) throws(Problem) {
        guard let first = QueryText.items(query).first else { return }
        throw .noParameters(first.name, instance: path)
    }
}

// MARK: - Responses

extension WaybillResponder {
    private func json(_ context: Context, _ value: some JSONWritable) -> Response {
        response(context, value, .ok, Routes.json)
    }

    private func response(_ context: Context, _ problem: Problem) -> Response {
        var response = response(context, problem, HTTPResponse.Status(code: problem.status), Routes.problem)
        if problem.status == 405 { response.headers[.allow] = "GET" }
        return response
    }

    /// A reader that does not take its answer in time loses its connection: the answer stays in memory until then.
    private func response(
        _ context: Context, _ value: some JSONWritable, _ status: HTTPResponse.Status, _ type: String
    ) -> Response {
        var writer = JSONWriter(capacity: 16_384)
        value.write(to: &writer)
        writer.endLine()
        let (buffer, channel) = (ByteBuffer(bytes: writer.bytes), context.channel)
        let body = ResponseBody(contentLength: buffer.readableBytes) { writer in
            let deadline = channel.eventLoop.scheduleTask(in: Self.answerTimeout) { channel.close(promise: nil) }
            defer { deadline.cancel() }
            try await writer.write(buffer)
            try await writer.finish(nil)
        }
        return Response(status: status, headers: [.contentType: type, .cacheControl: "no-store"], body: body)
    }

    private static let answerTimeout = TimeAmount.seconds(10)
}
