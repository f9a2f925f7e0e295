import Foundation
import Testing

extension EndToEnd {
    /// What tcpdump recorded beside the daemon, read as a file, gives what the daemon gave.
    ///
    /// A file differs from a live interface in what ``explained`` lists, and in nothing else. Times are the same within
    /// ``tolerance``: the kernel stamps an arriving frame anew for each socket that it hands it to.
    @Suite struct ReplayTests {
        /// Paths of a request that may differ, and why.
        static let explained: [String: String] = [
            "ended_because": "a file ends, a daemon goes on: what is idle here is over there",
            "coverage.cut_frames": "tcpdump kept whole frames, the daemon the first 8192 bytes",
        ]

        /// Beginnings of paths of which only a kernel that is asked can tell; a file has none.
        static let kernelAlone = [
            "stages.process.", "stages.route.", "stages.translation.", "stages.neighbour.facts.neighbour_state",
            "stages.neighbour.sources.neighbour_state",
        ]

        /// Of a download only, whose segments arrive on several processors at once: each socket queues them as it gets
        /// hold of them, so two of them disagree now and then on which of two segments came first.
        static let contested: Set = [
            "client.acked_unseen_segments", "client.duplicate_acks", "client.window_full", "history",
            "server.fast_retransmissions", "server.lost_segments", "server.out_of_order_segments",
            "server.retransmitted_segments", "server.spurious_retransmissions", "server.window_full",
            "stages.close.facts.duplicate_acks", "stages.close.facts.lost_segments",
            "stages.close.facts.retransmitted_segments", "stages.close.facts.window_full",
            // Of a loss with its numbers.
            "verdict.evidence", "verdict.summary",
        ]

        /// In milliseconds. Between two sockets lies one copy of a frame, or an interrupt at worst.
        private static let tolerance = 1.0

        private static let replayed = Task { try await Replay() }

        struct Replay: Sendable {
            var records: [String: [JSON]] = [:]
            let outcome: Outcome

            init() async throws {
                let run = try await RecordedRun.shared
                let file = run.lab.folder.appending(path: "merged.pcapng")
                let captures = run.captures.map { (interface: $0.key, file: $0.value) }
                try Pcapng.merge(captures).write(to: file)
                var words = [run.lab.program("waybill"), "read", "--format", "ndjson"]
                for address in ["127.0.0.0/8", "::1", run.lab["CLIENT"], run.lab["CLIENT6"]] {
                    words += ["--local", address]
                }
                outcome = try await EndToEndTests.run(words + [file.path], within: .seconds(60))
                for line in outcome.output.split(separator: "\n") {
                    let record = try JSON(parsing: String(line))
                    records[record["record"].text ?? "", default: []].append(record)
                }
            }
        }

        @Test func readsToTheEnd() async throws {
            let replay = try await Self.replayed.value
            #expect(replay.outcome.status == 0, "\(replay.outcome.errors)")
            #expect(replay.outcome.errors == "")
            #expect(replay.records["summary"]?.count == 1)
        }

        @Test func sameRequests() async throws {
            let run = try await RecordedRun.shared
            // What never left this host is told by its kernel, and is in no file.
            let sent = run.requests.filter { ($0["client"]["segments"].number ?? 0) > 0 }
            let live = try Self.played(sent, run, since: "first", named: ["id"])
            let records = try await Self.replayed.value.records["request"] ?? []
            Self.compare(live, try Self.played(records, run, since: "first", named: ["id"]))
            #expect(live.count > 120)
        }

        @Test func sameLookups() async throws {
            let run = try await RecordedRun.shared
            let names = ["client.port", "id", "name", "type"]
            let live = try Self.played(run.lookups, run, since: "queried", named: names)
            let records = try await Self.replayed.value.records["lookup"] ?? []
            Self.compare(live, try Self.played(records, run, since: "queried", named: names))
            #expect(live.count > 20)
        }

        /// Neighbours go on asking for each other: at the end one observer may see what the other did not.
        @Test func sameNeighbours() async throws {
            let run = try await RecordedRun.shared
            func settled(_ records: [JSON]) throws -> [JSON] {
                try records.filter { try Moment.nanoseconds($0["last"].text ?? "") < run.ended - 4_000_000_000 }
            }
            let names = ["target", "asker"]
            let live = try Self.played(try settled(run.neighbours), run, since: "first", named: names)
            let records = try await settled(Self.replayed.value.records["neighbour"] ?? [])
            Self.compare(live, try Self.played(records, run, since: "first", named: names))
            #expect(live.count > 2)
        }

        /// The socket has them inside their requests.
        @Test func sameICMPErrors() async throws {
            let run = try await RecordedRun.shared
            func key(_ error: JSON) -> String { "\(error["request"]) \(error["name"]) \(error["quoted"])" }
            let live = run.requests.flatMap { $0["icmp_errors"].items }.map(key).sorted()
            let records = try await Self.replayed.value.records["icmp_error"] ?? []
            #expect(records.filter { $0["request"] != .null }.map(key).sorted() == live)
            #expect(live.count >= 3)
        }

        /// Records of what was played by their names, and those of one name by their order in time.
        private static func played(
            _ records: [JSON], _ run: RecordedRun, since start: String, named names: [String]
        ) throws -> [String: JSON] {
            let timed = try records.map { (time: try Moment.nanoseconds($0[start].text ?? ""), record: $0) }
            var found: [String: JSON] = [:]
            for (time, record) in timed.sorted(by: { $0.time < $1.time }) where (run.began..<run.ended).contains(time) {
                let leaves = record.leaves
                let name = names.map { leaves[$0]?.description ?? "-" }.joined(separator: " ")
                var number = 1
                while found["\(name) #\(number)"] != nil { number += 1 }
                found["\(name) #\(number)"] = record
            }
            return found
        }

        private static func compare(_ live: [String: JSON], _ file: [String: JSON]) {
            #expect(Set(live.keys).subtracting(file.keys).sorted() == [], "the daemon alone has these")
            #expect(Set(file.keys).subtracting(live.keys).sorted() == [], "the file alone has these")
            for (key, record) in live {
                guard let other = file[key] else { continue }
                let (liveLeaves, fileLeaves) = (record.leaves, other.leaves)
                var paths = Set(liveLeaves.keys).union(fileLeaves.keys).subtracting(explained.keys)
                    .filter { path in !kernelAlone.contains { path.hasPrefix($0) } }
                if record["server"]["segments"].number ?? 0 > 1000 { paths.subtract(contested) }
                paths.subtract(contestedPairs(liveLeaves, fileLeaves))
                let differences = paths.sorted().compactMap { path -> String? in
                    let (here, there) = (liveLeaves[path] ?? .null, fileLeaves[path] ?? .null)
                    return agree(here, there, at: path) ? nil : "\(key): \(path): live \(here), file \(there)"
                }
                #expect(differences == [])
            }
        }

        /// Of the two questions for one name: how far the other was when this one was over. Answers that come on several
        /// processors are queued by each socket as it gets hold of them, so one may have both, and the other one only.
        private static func contestedPairs(_ live: [String: JSON], _ file: [String: JSON]) -> [String] {
            let statuses = Set(live.keys).union(file.keys).filter { $0.hasSuffix("pair.status") }
            let contested = statuses.filter { path in
                [live, file].contains { [.null, .text("pending")].contains($0[path] ?? .null) }
            }
            return contested.flatMap { path in
                let pair = path.dropLast("status".count)
                return live.keys.filter { $0.hasPrefix(pair) } + file.keys.filter { $0.hasPrefix(pair) }
            }
        }

        private static func withoutGateway(_ summary: String) -> String {
            summary.replacing(/the gateway ([^ ]+), the first hop,/) { "\($0.1) on the way" }
        }

        private static func agree(_ live: JSON, _ file: JSON, at path: String) -> Bool {
            switch (live, file) {
            case (.number(let here), .number(let there)) where path.hasSuffix("_ms"): abs(here - there) < tolerance
            // Which of the routers on the way is the gateway, the kernel knows; a file does where it saw its address asked for.
            case (.text(let here), .text(let there)) where path == "verdict.summary":
                withoutGateway(here) == withoutGateway(there)
            case (.text(let here), .text(let there)):
                if let left = try? Moment.nanoseconds(here), let right = try? Moment.nanoseconds(there) {
                    abs(Double(left - right)) < tolerance * 1_000_000
                } else {
                    here == there
                }
            // Evidence tells spans in words.
            case (.list(let here), .list(let there)) where path == "verdict.evidence":
                here.map { ($0.text ?? "").filter { !$0.isNumber } }
                    == there.map { ($0.text ?? "").filter { !$0.isNumber } }
            default: live == file
            }
        }
    }
}
