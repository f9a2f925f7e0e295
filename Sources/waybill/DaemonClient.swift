import API
import AsyncHTTPClient
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1

/// Asks the daemon over its Unix socket.
struct DaemonClient {
    let path: String

    /// More than any page of 1000 requests comes to.
    private static let largestBody = 64 << 20
    private static let patience = TimeAmount.seconds(30)

    /// Lives as long as the program. A daemon that is not there is told at once: without this setting the library
    /// would try again until the time is up.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(configuration: configuration)
    }()

    func requests(_ query: RequestQuery) async throws(Failure) -> API.Page<Request> {
        try await get(Routes.requests, query: query.queryString)
    }

    /// - Parameter id: an id or the beginning of one.
    func request(_ id: String) async throws(Failure) -> Request { try await get(Routes.request(id)) }

    func lookups(limit: Int) async throws(Failure) -> API.Page<Lookup> {
        try await get(Routes.lookups, query: "limit=\(limit)")
    }

    func neighbours(limit: Int) async throws(Failure) -> NeighbourPage {
        try await get(Routes.neighbours, query: "limit=\(limit)")
    }

    /// A page of a list without filters.
    func page<Item: JSONWritable & Decodable>(
        _ route: String, _ query: PageQuery
    ) async throws(Failure) -> API.Page<Item> {
        try await get(route, query: query.queryString)
    }

    /// - Parameter address: asks for the way to it as well.
    func routes(to address: String?) async throws(Failure) -> RouteList {
        try await get(Routes.routes, query: address.map { "to=\(QueryText.encode($0))" } ?? "")
    }

    func ports() async throws(Failure) -> PortList { try await get(Routes.ports) }

    func port(_ number: UInt16) async throws(Failure) -> PortReport { try await get(Routes.port(number)) }

    func leases(limit: Int) async throws(Failure) -> API.Page<Lease> {
        try await get(Routes.leases, query: "limit=\(limit)")
    }

    func translations(_ query: TranslationQuery) async throws(Failure) -> API.Page<Translation> {
        try await get(Routes.translations, query: query.queryString)
    }

    func forwards() async throws(Failure) -> PortForwardList { try await get(Routes.forwards) }

    func status() async throws(Failure) -> Status { try await get(Routes.status) }

    /// Hands every line of the stream to `body`, as it comes, until the daemon ends it or the task is cancelled.
    ///
    /// - Parameter begin: called first, once the daemon has answered.
    func stream(
        _ query: RequestQuery, begin: () throws -> Void = {}, _ body: (String) throws -> Void
    ) async throws {
        let response = try await open(Routes.requestStream, query: query.queryString, accepting: Routes.ndjson)
        try begin()
        var lines = LineSplitter()
        do {
            for try await chunk in response.body {
                for line in try lines.take(chunk.readableBytesView) { try body(line) }
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            if Task.isCancelled { return }
            throw Failure(.noDaemon, "waybilld at \(path) broke off the stream; start `waybill follow` again")
        }
    }

    private func get<Value: Decodable>(_ route: String, query: String = "") async throws(Failure) -> Value {
        let response = try await open(route, query: query, accepting: Routes.json)
        do {
            let body = try await response.body.collect(upTo: Self.largestBody)
            return try JSONDecoder().decode(Value.self, from: Data(body.readableBytesView))
        } catch {
            throw Failure(.failed, "waybilld at \(path) sent an answer that cannot be read: \(error)")
        }
    }

    /// Sends a request and returns the answer, if it is a good one and begins soon; its body may take for ever.
    private func open(
        _ route: String, query: String, accepting type: String
    ) async throws(Failure) -> HTTPClientResponse {
        let url = "http+unix://\(QueryText.encode(path))\(route)\(query.isEmpty ? "" : "?\(query)")"
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Accept", value: "\(type), \(Routes.problem)")
        let response: HTTPClientResponse
        do {
            response = try await Self.http.execute(request, timeout: Self.patience)
        } catch {
            throw Self.explain(error, path: path)
        }
        guard response.status.code == 200 else { throw await Self.problem(response) }
        return response
    }

    private static func problem(_ response: HTTPClientResponse) async -> Failure {
        let status: ExitStatus =
            switch response.status.code {
            case 400: .usage
            case 403: .notPermitted
            default: .failed
            }
        guard let body = try? await response.body.collect(upTo: 1 << 20),
            let problem = try? JSONDecoder().decode(Problem.self, from: Data(body.readableBytesView))
        else { return Failure(status, "waybilld answered \(response.status)") }
        return Failure(status, problem.detail)
    }

    /// Why nothing came back, found out by looking at the socket.
    private static func explain(_ error: any Error, path: String) -> Failure {
        let absence = DaemonAbsence(at: path, hasTimedOut: (error as? HTTPClientError) == .deadlineExceeded)
        var failure = Failure(absence.status, absence.sentence(path))
        failure.absence = absence
        return failure
    }
}

/// Puts the lines of a stream together from chunks that end anywhere.
struct LineSplitter {
    private var rest: [UInt8] = []

    /// A record is a few kilobytes; what is longer than this is none.
    static let longestLine = 4 << 20

    /// - Throws: ``Failure`` when a line does not end.
    mutating func take(_ chunk: some Sequence<UInt8>) throws(Failure) -> [String] {
        var lines: [String] = []
        for byte in chunk {
            if byte == UInt8(ascii: "\n") {
                if !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
                rest.removeAll(keepingCapacity: true)
            } else {
                guard rest.count < Self.longestLine else {
                    throw Failure(.failed, "waybilld sent a line of more than \(Self.longestLine >> 20) MiB")
                }
                rest.append(byte)
            }
        }
        return lines
    }
}
