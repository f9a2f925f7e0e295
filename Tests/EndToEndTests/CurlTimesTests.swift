import Testing

extension EndToEnd {
    /// How long each stage took, on the wire and by the client's own clock (`curl -w`, `dig -u`).
    ///
    /// A client that is not scheduled reads its clock late, never early. So what the wire says is a lower bound, and
    /// holds for every request; and that both agree within a millisecond is a property of an undisturbed request: one
    /// of at most ``attempts`` must show it, for all stages at once. Product errors do not go away by trying again.
    ///
    /// What curl calls name lookup has its own preparation in it, several milliseconds of threads and files before the
    /// first query leaves: the stage is compared with dig's clock, and bounded by curl's.
    @Suite struct CurlTimesTests {
        private static let attempts = 30
        /// In milliseconds.
        private static let tolerance = 1.0
        /// Both sides round to a microsecond.
        private static let rounding = 0.002

        struct Example: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var words: @Sendable (Lab) -> [String]
            var isEncrypted = false
        }

        @Test(arguments: [
            Example(testDescription: "HTTP by name", words: { ["http://\($0["NAME_IPV4"])/"] }),
            Example(testDescription: "20 kB", words: { ["http://\($0["NAME_IPV4"])/20kB"] }),
            Example(
                testDescription: "an answer after 300 ms", words: { ["http://\($0["SERVER"]):\($0["PORT_LATE"])/"] }),
            Example(
                testDescription: "TLS 1.2",
                words: { ["--tls-max", "1.2", "--cacert", $0["CERTIFICATE"], "https://\($0["NAME_IPV4"])/"] },
                isEncrypted: true),
            Example(
                testDescription: "TLS 1.3",
                words: { ["--tlsv1.3", "--cacert", $0["CERTIFICATE"], "https://\($0["NAME_IPV4"])/"] },
                isEncrypted: true),
        ])
        func agree(_ example: Example) async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            var closest: [String: Double] = [:]
            for _ in 0..<Self.attempts {
                let curl = try await lab.curl(example.words(lab))
                let request = try await Self.request(of: curl, daemon)
                let (wire, clock) = try Self.spans(request, curl, isEncrypted: example.isEncrypted)
                for (stage, bound) in Self.bounds(request, curl) {
                    #expect(bound.wire <= bound.clock + Self.rounding, "\(stage): the wire is later than curl")
                }
                let differences = wire.merging(clock) { abs($0 - $1) }
                if closest.isEmpty || (differences.values.max() ?? 0) < (closest.values.max() ?? 0) {
                    closest = differences
                }
                if closest.values.allSatisfy({ $0 < Self.tolerance }) { break }
            }
            #expect(closest.count >= (example.isEncrypted ? 3 : 4))
            #expect(closest.allSatisfy { $0.value < Self.tolerance }, "milliseconds apart: \(closest)")
            try await daemon.stop()
        }

        @Test func lookupsAgreeWithDig() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            var closest = Double.infinity
            for _ in 0..<Self.attempts where closest >= Self.tolerance {
                let dig = try #require(try await lab.play("no_data").first)["observed"]
                let clock = try #require(dig["query_time_microseconds"].number) / 1000
                let lookup = try await eventually("the lookup of dig") {
                    try await daemon.all("/v1/lookups").first { $0["id"] == dig["id"] && $0["rtt_ms"] != .null }
                }
                let wire = try #require(lookup["rtt_ms"].number)
                #expect(wire <= clock + Self.rounding)
                closest = min(closest, clock - wire)
            }
            #expect(closest < Self.tolerance)
            try await daemon.stop()
        }

        private static func request(of curl: JSON, _ daemon: Daemon) async throws -> JSON {
            try await eventually("the end of curl's request") {
                try await daemon.get("/v1/requests?protocol=tcp&port=\(curl["local_port"])").body["items"].items
                    .first { $0["state"] == "closed" }
            }
        }

        /// The same spans by both clocks, in milliseconds. curl's own start is on no wire: from the end of the
        /// handshake on, points are compared with points.
        private static func spans(
            _ request: JSON, _ curl: JSON, isEncrypted: Bool
        ) throws -> (wire: [String: Double], clock: [String: Double]) {
            let leaves = request.leaves
            func point(_ path: String) throws -> Double {
                guard let text = leaves[path]?.text else { throw Trouble("no \(path) in \(request)") }
                // Relative to the first packet, so that a double has room for it.
                let first = try Moment.nanoseconds(leaves["first"]?.text ?? "")
                return Double(try Moment.nanoseconds(text) - first) / 1_000_000
            }
            func span(_ path: String) throws -> Double {
                guard let number = leaves[path]?.number else { throw Trouble("no \(path) in \(request)") }
                return number
            }
            func time(_ name: String) -> Double { (curl["time_\(name)"].number ?? .nan) * 1000 }
            let connected = try point("stages.connect.start") + span("stages.connect.duration_ms")
            var wire = [
                "connect": try span("stages.connect.duration_ms"),
                "total": try point("server.last_payload") - connected,
            ]
            var clock = ["connect": time("connect") - time("namelookup"), "total": time("total") - time("connect")]
            if isEncrypted {
                wire["secure"] =
                    try point("stages.secure.start") + span("stages.secure.duration_ms") - connected
                clock["secure"] = time("appconnect") - time("connect")
            } else {
                wire["exchange"] = try span("stages.exchange.duration_ms")
                clock["exchange"] = time("starttransfer") - time("pretransfer")
                wire["first byte"] = try point("server.first_payload") - connected
                clock["first byte"] = time("starttransfer") - time("connect")
            }
            return (wire, clock)
        }

        /// Spans on the wire that lie within one of curl's.
        private static func bounds(_ request: JSON, _ curl: JSON) -> [String: (wire: Double, clock: Double)] {
            let leaves = request.leaves
            func time(_ name: String) -> Double { (curl["time_\(name)"].number ?? .nan) * 1000 }
            var bounds: [String: (wire: Double, clock: Double)] = [:]
            if let span = leaves["server_rtt_ms"]?.number {
                bounds["connect"] = (span, time("connect") - time("namelookup"))
            }
            if leaves["stages.name.status"] == "ok", leaves["stages.name.facts.how"] != "most_recent_answer",
                let span = leaves["stages.name.duration_ms"]?.number
            {
                bounds["name"] = (span, time("namelookup"))
            }
            if let span = leaves["stages.exchange.duration_ms"]?.number {
                bounds["exchange"] = (span, time("total") - time("connect"))
            }
            return bounds
        }
    }
}
