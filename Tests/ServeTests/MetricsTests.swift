import API
import Foundation
import Glibc
import Model
import Testing

@testable import Serve

@Suite struct MetricsTests {
    private static func source() -> FakeSource {
        let source = FakeSource()
        source.state.withLock { state in
            var interface = InterfaceState(name: "eth0", condition: .capturing)
            (interface.received, interface.droppedByKernel) = (17, 3)
            var hostile = InterfaceState(name: "\u{1B}[31m\"\\\u{202E}x", condition: .down)
            hostile.received = 1
            state.watch.interfaces = [interface, hostile]
            state.watch.gaps = [("translations", 4)]
            state.watch.totals.requests = 5
            state.watch.totals.layers = [
                LayerSummary(
                    layer: .udp, decoded: 9, cut: 1, malformed: 2,
                    reasons: [LayerSummary.Reason(reason: "header length", count: 2)])
            ]
            state.watch.usage = DaemonUsage(pid: 7, cpu: .milliseconds(1234))
            state.watch.usage?.resident = 4096
        }
        return source
    }

    /// Lines of the text format: a family is told once, its help and type before its samples.
    static func complaints(about text: String) -> [String] {
        var complaints: [String] = []
        var typed: [String: String] = [:]
        var family = ""
        var samples: Set<Substring> = []
        if !text.hasSuffix("\n") { complaints.append("no newline at the end") }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if line.hasPrefix("# HELP ") {
                family = words[2]
                if typed[family] != nil { complaints.append("\(family) is told twice") }
                if words.count < 4 { complaints.append("\(family) has no help") }
            } else if line.hasPrefix("# TYPE ") {
                if words[2] != family { complaints.append("type of \(words[2]) after the help of \(family)") }
                typed[family] = words[3]
            } else {
                let name = line.prefix { $0 != "{" && $0 != " " }
                if name != family { complaints.append("\(name) below \(family)") }
                if (typed[family] == "counter") != name.hasSuffix("_total") {
                    complaints.append("\(name): name and type")
                }
                let sample = line.prefix { $0 != " " }
                if !samples.insert(line[..<(line.lastIndex(of: " ") ?? line.endIndex)]).inserted {
                    complaints.append("\(sample) is told twice")
                }
                if line.split(separator: " ").last.flatMap({ Double($0) }) == nil {
                    complaints.append("no number: \(line)")
                }
                if line.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
                    complaints.append("a control character: \(line.debugDescription)")
                }
            }
        }
        return complaints
    }

    @Test func areToldInTheTextFormat() async throws {
        try await RunningServer.use(Self.source()) { server in
            _ = try await call(server.path, "/v1/status", headers: ["Origin: null"])
            let answer = try await call(server.path, "/metrics")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(Self.complaints(about: answer.body) == [])
            for line in [
                "waybill_build_info{version=\"1.2.3\"} 1", "waybill_up 1",
                "waybill_start_time_seconds 1700000000.000000000",
                "waybill_interface_received_frames_total{interface=\"eth0\"} 17",
                "waybill_interface_dropped_frames_total{interface=\"eth0\",by=\"kernel\"} 3",
                "waybill_interface_received_frames_total{interface=\"\u{FFFD}[31m\\\"\\\\\u{FFFD}x\"} 1",
                "waybill_malformed_headers_total{layer=\"udp\",reason=\"header length\"} 2",
                "waybill_records_total{kind=\"request\"} 5", "waybill_kernel_gaps_total{source=\"translations\"} 4",
                "waybill_http_refused_total{reason=\"origin\"} 1", "waybill_http_refused_total{reason=\"host\"} 0",
                "waybill_table_entries{table=\"history_requests\"} 0", "waybill_check_ok{check=\"drops\"} 0",
                "process_cpu_seconds_total 1.234000000", "process_resident_memory_bytes 4096",
            ] {
                #expect(answer.body.contains("\n\(line)\n"), "\(line)")
            }
        }
    }

    @Test(arguments: [
        ("127.0.0.1:9495", "127.0.0.1:9495"), ("127.1.2.3:1", "127.1.2.3:1"), ("[::1]:65535", "[::1]:65535"),
        ("0.0.0.0:9495", nil), ("192.0.2.1:9495", nil), ("[::]:9495", nil), ("::1:9495", nil),
        ("[127.0.0.1]:9495", nil),
        ("127.0.0.1", nil), ("127.0.0.1:", nil), ("127.0.0.1:0", nil), ("127.0.0.1:65536", nil),
        ("localhost:9495", nil),
        ("", nil), ("[::ffff:192.0.2.1]:9495", nil),
    ])
    func addresses(_ text: String, _ expected: String?) {
        #expect(MetricsAddress(text)?.description == expected)
    }

    /// A call over TCP.
    private static func overTCP(_ port: UInt16, _ target: String, host: String? = nil) async throws -> Answer {
        let text = "GET \(target) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nConnection: close\r\n\r\n"
        return try await onThread {
            let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            inet_pton(AF_INET, "127.0.0.1", &name.sin_addr)
            let code = withUnsafePointer(to: &name) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard code == 0 else { throw SocketClient.NotConnected(errno: errno) }
            SocketClient.say(text, descriptor)
            return Answer(SocketClient.hear(descriptor))
        }
    }

    /// A port that nobody has: bound and given up.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &name.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length)
                getsockname(descriptor, $0, &length)
            }
            return UInt16(bigEndian: $0.pointee.sin_port)
        }
    }

    @Test func thePortTellsMetricsAlone() async throws {
        let source = Self.source()
        source.state.withLock { $0.active = [request(at: 1)] }
        try await RunningServer.use(source) { server in
            let port = try Self.freePort()
            let address = try #require(MetricsAddress("127.0.0.1:\(port)"))
            try server.server.tellMetrics(at: address)
            let answer = try await Self.overTCP(port, "/metrics")
            #expect(answer.status == 200 && Self.complaints(about: answer.body) == [])
            for path in Routes.all where path != Routes.metrics {
                let target = path.replacing("{id}", with: "000000000000").replacing("{port}", with: "80")
                    .replacing("{name}", with: "request")
                let answer = try await Self.overTCP(port, target)
                #expect(answer.status == 403, "\(target)")
                #expect(try answer.decoded(Problem.self).type == "/problems/restricted")
            }
            for host in ["attacker.example:\(port)", "localhost", "127.0.0.1:\(port &+ 1)", ""] {
                let answer = try await Self.overTCP(port, "/metrics", host: host)
                #expect(answer.status == 421, "\(host)")
            }
            #expect(try await Self.overTCP(port, "/metrics", host: "localhost:\(port)").status == 200)
            // Given up, the port is free again; the socket goes on.
            try server.server.tellMetrics(at: nil)
            try await RequestStreamTests.eventually { (try? address.bind()).map { close($0) } != nil }
            #expect(try await call(server.path, "/metrics").status == 200)
            let taken = try address.bind()
            defer { close(taken) }
            #expect(throws: SocketError.self) { try server.server.tellMetrics(at: address) }
        }
    }

    @Test func theContractIsServedAsItIsWritten() async throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        func file(_ path: String) throws -> String {
            try String(contentsOf: root.appending(path: path), encoding: .utf8)
        }
        try await RunningServer.use { server in
            let document = try await call(server.path, Routes.document)
            #expect(document.headers["content-type"] == "application/yaml")
            #expect(try document.body == file("docs/openapi.yaml"))
            for name in ContractDocuments.names {
                let schema = try await call(server.path, "\(Routes.schemas)/\(name).json")
                #expect(schema.headers["content-type"] == "application/schema+json")
                #expect(try schema.body == file("docs/schemas/\(name).json"))
            }
            #expect(try await call(server.path, "\(Routes.schemas)/nosuch.json").status == 404)
            let index = try await call(server.path, Routes.index).decoded(Index.self)
            #expect(index.paths == Routes.all)
            let paths = document.body.split(separator: "\n").filter { $0.hasPrefix("  /") && $0.hasSuffix(":") }
            #expect(Set(paths.map { String($0.dropFirst(2).dropLast()) }) == Set(Routes.all))
        }
    }
}
