import API
import Foundation
import Model
import Report
import Store
import Testing

@testable import Serve

/// A daemon's memory and disk over several runs.
private struct Runs {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-runs-\(UUID().uuidString)")
    var memory = 20

    func hub(at seconds: Int64) -> RecordHub {
        var limits = LifecycleStore.Limits()
        limits.requests = memory
        limits.lookups = memory
        limits.neighbours = memory
        limits.leases = memory
        var settings = HistoryKeeper.Settings(
            directory: folder.path, byteLimit: 64 << 20, span: .seconds(86_400 * 36_500))
        settings.gathering = .milliseconds(1)
        return RecordHub(limits, history: settings, clock: { Timestamp(seconds: seconds, nanoseconds: 0) })
    }

    /// One run: what it is told is on disk when `body` begins.
    func run(
        at seconds: Int64 = 1_700_000_000, _ records: [Model.Record], _ source: FakeSource = FakeSource(),
        _ body: (RunningServer) async throws -> Void = { _ in }
    ) async throws {
        let hub = hub(at: seconds)
        let keeper = try #require(hub.keeper)
        async let running: Void = keeper.run()
        for start in stride(from: 0, to: records.count, by: 7) {
            hub.finished(Array(records[start..<min(start + 7, records.count)]))
        }
        while keeper.state.written < UInt64(records.count) || !keeper.state.isReadable {
            try await Task.sleep(for: .milliseconds(5))
        }
        try await RunningServer.use(source, hub: hub, body)
        keeper.stop()
        await running
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// All items of a list as they were written, page by page.
private func listed(_ server: RunningServer, _ path: String, limit: Int, _ query: String = "") async throws -> [String]
{
    var items: [String] = []
    var cursor: String?
    repeat {
        let answer = try await call(
            server.path, "\(path)?limit=\(limit)\(query)\(cursor.map { "&cursor=\($0)" } ?? "")")
        #expect(answer.status == 200)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
        let page = try #require(object["items"] as? [Any])
        #expect(page.count <= limit)
        for item in page {
            items.append(
                String(
                    decoding: try JSONSerialization.data(withJSONObject: item, options: [.sortedKeys]), as: UTF8.self))
        }
        cursor = object["next_cursor"] as? String
        #expect(cursor == nil || !page.isEmpty)
    } while cursor != nil && items.count < 10_000
    return items
}

private func written(_ records: [Model.Record]) throws -> [String] {
    try records.map { record in
        var writer = JSONWriter()
        RecordRenderer().write(record, to: &writer)
        let object = try JSONSerialization.jsonObject(with: Data(writer.bytes))
        return String(
            decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]), as: UTF8.self)
    }
}

private func ended(_ seconds: some Sequence<Int64>, _ number: UInt32 = 0) -> [Model.Record] {
    seconds.map { .request(WaybillServerTests.ended(request(at: $0, number))) }
}

private func lookup(_ second: Int64) -> Model.Record {
    .lookup(
        Model.Lookup(
            client: Endpoint(IPAddress(v4: 0x0A00_0001), 40_000), server: Endpoint(IPAddress(v4: 0x0A00_0035), 53),
            transport: .udp, transactionID: UInt16(truncatingIfNeeded: second), name: "www.example.org", type: 1,
            queried: Timestamp(seconds: second, nanoseconds: 0), status: .noAnswer))
}

private func lookups(_ seconds: Range<Int64>) -> [Model.Record] { seconds.map { lookup($0) } }

@Suite struct HistoryListingTests {
    @Test(arguments: [1, 7, 20, 100, 1000])
    func listsGoOnFromMemoryIntoDiskAndOverRestarts(_ limit: Int) async throws {
        let runs = Runs()
        defer { runs.remove() }
        let newestLookups = try written(lookups(100..<160).reversed() + lookups(0..<50).reversed())
        let (old, new) = (ended(0..<50) + lookups(0..<50), ended(100..<160) + lookups(100..<160))
        try await runs.run(at: 1_700_000_000, old)
        // What is under way belongs to all of it.
        let source = FakeSource([request(at: 1000), request(at: 130, 9), request(at: 10, 9)])
        try await runs.run(at: 1_700_000_100, new, source) { server in
            let requests = try await listed(server, "/v1/requests", limit: limit)
            let open: [Model.Record] = [1000, 130, 10].map { .request(request(at: $0, $0 == 1000 ? 0 : 9)) }
            let all = (old + new + open).compactMap { record -> Lifecycle? in
                if case .request(let lifecycle) = record { lifecycle } else { nil }
            }
            let expected = try written(all.sorted { $0.key > $1.key }.map { Model.Record.request($0) })
            #expect(requests == expected)
            let found = try await listed(server, "/v1/lookups", limit: limit)
            #expect(found == newestLookups)
        }
        // A third run knows of it all from disk alone.
        try await runs.run(at: 1_700_000_200, []) { server in
            let requests = try await listed(server, "/v1/requests", limit: limit)
            #expect(requests.count == 110)
            let found = try await listed(server, "/v1/lookups", limit: limit)
            #expect(found == newestLookups)
            let filtered = try await listed(server, "/v1/requests", limit: limit, "&since=1970-01-01T00:02:20Z")
            #expect(filtered.count == 21)
            let condition = try await listed(
                server, "/v1/requests", limit: limit, "&where=from+%3D+10.0.0.0+and+complete")
            #expect(condition.count == 110)
        }
    }

    /// The clock went back between two runs, so the places of the second one's lists begin below those of the first.
    @Test func aClockThatWentBackLosesNothing() async throws {
        let runs = Runs()
        defer { runs.remove() }
        try await runs.run(at: 1_700_000_000, lookups(0..<30))
        let expected = try written(lookups(100..<130).reversed() + lookups(0..<30).reversed())
        for (time, records) in [(Int64(1_600_000_000), lookups(100..<130)), (1_600_000_001, [])] {
            try await runs.run(at: time, records) { (server: RunningServer) async throws -> Void in
                let found = try await listed(server, "/v1/lookups", limit: 7)
                #expect(found == expected)
            }
        }
    }

    @Test func oneIsFoundByItsIdentifierWhereverItIs() async throws {
        let runs = Runs()
        defer { runs.remove() }
        let records = ended(0..<50)
        try await runs.run(at: 1_700_000_000, records)
        try await runs.run(at: 1_700_000_100, ended(100..<150)) { server in
            for second in [Int64(0), 49, 100, 149] {
                let expected = WaybillServerTests.ended(request(at: second))
                let answer = try await call(server.path, "/v1/requests/\(expected.id)")
                var writer = JSONWriter()
                RecordRenderer().writeLine(.request(expected), to: &writer)
                #expect(answer.body == writer.text)
            }
            let missing = try await call(server.path, "/v1/requests/\(request(at: 70).id)")
            #expect(missing.status == 404)
            let several = try await call(server.path, "/v1/requests/\(request(at: 3).id.description.prefix(1))")
            #expect(several.status == 409 || several.status == 200)
        }
    }

    @Test func whatIsWrittenTwiceIsListedOnce() async throws {
        let runs = Runs()
        defer { runs.remove() }
        try await runs.run(at: 1_700_000_000, ended(0..<30))
        // The same ones again, as after a replay, and longer.
        let longer = (Int64(0)..<30).map { second -> Model.Record in
            var lifecycle = WaybillServerTests.ended(request(at: second))
            lifecycle.last = lifecycle.last + .seconds(60)
            return .request(lifecycle)
        }
        let expected = try written(longer.reversed())
        try await runs.run(at: 1_700_000_100, longer) { (server: RunningServer) async throws -> Void in
            let found = try await listed(server, "/v1/requests", limit: 7)
            #expect(found == expected)
        }
    }

    /// Whoever may see only its own finds its own on disk, and nothing that tells of others.
    @Test func whatIsOnDiskIsForItsOwner() async throws {
        let runs = Runs()
        defer { runs.remove() }
        let records = (Int64(0)..<30).flatMap { second -> [Model.Record] in
            let user: UInt32 = second.isMultiple(of: 3) ? 1000 : 33
            var lifecycle = WaybillServerTests.ended(request(at: second))
            lifecycle.owner = SocketOwner(nil, .socket, user: Process.User(identifier: user, name: nil))
            guard case .lookup(var asked) = lookup(second) else { return [.request(lifecycle)] }
            asked.user = user
            return [.request(lifecycle), .lookup(asked)]
        }
        try await runs.run(at: 1_700_000_000, records)
        let hub = runs.hub(at: 1_700_000_100)
        let keeper = try #require(hub.keeper)
        async let running: Void = keeper.run()
        while !keeper.state.isReadable { try await Task.sleep(for: .milliseconds(5)) }
        let peer = PeerCredentials(user: 1000, group: 5)
        try await RunningServer.use(hub: hub, access: Access(.own, group: "42"), as: peer) {
            (server: RunningServer) async throws -> Void in
            let requests = try await listed(server, "/v1/requests", limit: 4)
            #expect(requests.count == 10)
            let lookups = try await listed(server, "/v1/lookups", limit: 4)
            #expect(lookups.count == 10)
            for (second, status) in [(Int64(3), 200), (4, 404)] {
                let answer = try await call(server.path, "/v1/requests/\(request(at: second).id)")
                #expect(answer.status == status)
            }
        }
        keeper.stop()
        await running
    }

    @Test func theReportOfAPortKnowsWhatIsOnDisk() async throws {
        let runs = Runs()
        defer { runs.remove() }
        let records = (0..<5).map { Model.Record.request(WaybillServerTests.ended(request(at: $0, port: 8443))) }
        try await runs.run(at: 1_700_000_000, records)
        try await runs.run(at: 1_700_000_100, ended(100..<105)) { server in
            let report = try await call(server.path, "/v1/ports/8443").decoded(PortReport.self)
            #expect(report.requests.map(\.id) == (0..<5).reversed().map { request(at: $0, port: 8443).id.description })
        }
    }
}
