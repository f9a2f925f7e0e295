import API
import Foundation
import LifecycleSamples
import Model
import Report
import Testing

@testable import Serve
@testable import Store

/// What is asked of requests on disk finds those, and only those, that the same question finds in memory.
@Suite struct HistoryFilterTests {
    /// Every sample, some of them with an owner, a translation, an interface of its own.
    private static let requests: [Lifecycle] = LifecycleSample.all.enumerated().map { index, sample in
        var lifecycle = sample.lifecycle
        lifecycle.first = lifecycle.first + .seconds(index)
        lifecycle.last = lifecycle.last + .seconds(index)
        lifecycle.id = RequestID(bits: UInt64(index) << 20 | 5)
        let users = [Process.User(identifier: 0, name: "root"), Process.User(identifier: 1000, name: "alice")]
        switch index % 5 {
        case 0:
            let process = Process(
                pid: Int32(100 + index), name: "curl", executable: "/opt/curl-8/bin/curl-with-a-long-name",
                user: users[index % 2], unit: "web.service", networkNamespace: .own)
            lifecycle.owner = SocketOwner(process, .traced)
        case 1:
            let process = Process(
                pid: 7, name: "nginx", executable: "/usr/sbin/nginx", user: users[0], unit: "docker-1.scope",
                container: Process.Container(identifier: String(repeating: "ab", count: 32), runtime: "docker"),
                networkNamespace: .own)
            lifecycle.owner = SocketOwner(process, .socket)
        case 2:
            lifecycle.owner = SocketOwner(
                nil, .socket, user: Process.User(identifier: 33, name: nil), reason: "it has ended")
        default: break
        }
        return lifecycle
    }

    private static let parameters = [
        "", "process=curl", "process=curl-with-a-long-name", "process=/usr/sbin/nginx", "process=bin", "process=Curl",
        "process=%C3%A9", "pid=7", "user=alice", "user=1000", "user=33", "user=0", "unit=web", "unit=docker-1.scope",
        "to=example.org", "to=ORG", "to=ample.org", "to=198.51.100.80", "to=198.51.100.0/24", "to=198.51.100.80:80",
        "to=::/0", "to=::1", "to=0.0.0.0/0", "port=80", "port=53", "port=49152", "port=77", "protocol=udp",
        "protocol=icmp", "direction=outbound", "direction=local", "stage=connect", "stage=name", "failed=true",
        "failed=false", "state=refused", "state=established", "since=2026-11-21T10:42:20Z",
        "since=2026-11-21T10:42:50Z&failed=true", "until=2026-11-21T10:42:20Z",
        "since=2026-11-21T10:42:15Z&until=2026-11-21T10:42:30Z", "process=curl&failed=true&to=198.51.100.80",
    ]

    /// Each field by itself, negated, and compared with values that occur.
    private static let conditions: [String] =
        RequestField.allCases.flatMap { ["\($0.rawValue)", "not \($0.rawValue)", $0.example, "not (\($0.example))"] }
        + [
            "process ~ CURL", "process ~ *curl-with*", "process ~ ????", "unit ~ WEB", "container ~ dock*",
            "name ~ EXAMPLE",
            "name ~ *.example.org", "not name ~ example", "verdict ~ *REFUSED", "reason ~ re?used", "interface ~ eth",
            "application ~ é", "to ~ 198.51", "user ~ ali*",
            "process in (curl, nginx)", "process != curl", "process ~ cur*", "process = curl-with-a-long-name",
            "not process = é", "user = alice", "user != 33", "unit = web", "unit != web.service",
            "container = abababababab", "container = docker", "to = 198.51.100.0/24",
            "not to in (198.51.100.80:80, ::1)",
            "to = example.org", "not to = example.org", "from = 192.0.2.10", "to.port in (80, 443)", "to.port != 80",
            "from.port > 49151", "port = 53", "not port = 53", "name = Example.org.", "protocol != tcp",
            "interface = eth0", "not interface = eth0", "nat = snat", "failed = false", "failed != true",
            "outcome != ok", "stage in (connect, name)", "reason = refused", "reason != refused", "state != closed",
            "verdict = connect.refused", "verdict != healthy", "severity > notice", "severity <= notice",
            "severity != none", "complete = false", "duration < 20ms", "duration >= 50ms", "duration = 0",
            "rtt <= 10ms",
            "not rtt > 5ms", "bytes > 100", "sent = 0", "received < 1000", "retransmitted >= 1", "retransmitted = 0",
            "http.status >= 400", "http.status = 200", "http.status != 200", "not http.status = 200",
            "failed and (protocol = udp or to.port = 80)", "not (failed or protocol = udp)",
            "not (not failed and not process)", "(failed or name ~ example) and not pid = 100",
        ]

    @Test func memoryAndDiskAnswerAlike() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-filter-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = try HistoryFile(in: folder.path)
        let encoding = HistoryEncoding()
        try file.write(Self.requests.map { encoding.row(HistoryQueue.Entry(record: .request($0))) })
        let texts =
            Self.parameters
            + Self.conditions.map { "where=" + ($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "") }
        #expect(texts.count > 150)
        for text in texts {
            for user in [nil, UInt32(1000)] {
                var filter = try RequestFilter(RequestQuery(queryString: text), now: after(100_000))
                filter.onlyUser = user
                let expected = Self.requests.filter { filter.matches($0) }.map(\.key).sorted().reversed()
                var found: [RequestKey] = []
                var search: RequestSearch? = filter.search(below: nil, limit: 7)
                while let current = search {
                    let slice = try await file.requests(current)
                    for request in slice.found {
                        let digest = try #require(RequestDigest(request))
                        if filter.matches(digest) { found.append(request.key) }
                    }
                    search = slice.next
                }
                #expect(found == Array(expected), "\(text) of \(user.map { String($0) } ?? "all")")
            }
        }
    }

    /// What SQL can tell by itself need not be looked at again: a rare thing among many is found at once.
    @Test(arguments: [
        ("failed=true", true), ("where=verdict%3Dconnect.refused", true), ("where=not+process", true),
        ("where=failed+and+to.port%3D80", true), ("where=name~example", true), ("where=to~example", false),
    ])
    func sqlLeavesOutWhatItCan(_ text: String, _ isExact: Bool) async throws {
        let filter = try RequestFilter(RequestQuery(queryString: text), now: after(0))
        #expect((HistoryCondition(filter) != .all([.always])) == isExact)
    }

    @Test func aDigestComesBackFromItsColumns() throws {
        let encoding = HistoryEncoding()
        for lifecycle in Self.requests {
            let row = encoding.row(HistoryQueue.Entry(record: .request(lifecycle)))
            let stored = StoredRequest(key: lifecycle.key, columns: row.columns)
            #expect(RequestDigest(stored) == RequestDigest(lifecycle))
        }
    }
}

extension StoredRequest {
    fileprivate init(key: RequestKey, columns: HistoryColumns) {
        self.init(key: key, columns: columns, record: 0)
    }
}
