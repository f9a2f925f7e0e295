import Foundation
import Testing

extension EndToEnd {
    /// The matrix of faults: each scenario that says what its verdict must be, played beside a daemon of its own.
    @Suite struct VerdictTests {
        struct Row: CustomTestStringConvertible {
            var scenario: String
            /// `connect.refused@connect`: what is found, and at which stage.
            var verdicts: Set<String>
            /// A host of the lab: `client`, `router`, `server`, or one that the scenario adds.
            var host: String

            var testDescription: String { scenario }
        }

        /// Those of `labs/scenarios` that set `verdict`; of these the ones that `WAYBILL_ROWS` names, with commas, and of a
        /// `WAYBILL_SHARD` of `2/3` the second third.
        static let rows: [Row] = {
            let folder = Lab.source.appending(path: "labs/scenarios")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            let wanted = ProcessInfo.processInfo.environment["WAYBILL_ROWS"].map {
                Set($0.split(separator: ",").map { "\($0).sh" })
            }
            let rows: [Row] = names.sorted().filter { wanted?.contains($0) ?? true }.compactMap { name in
                guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8) else {
                    return nil
                }
                func value(_ variable: String) -> String? {
                    text.split(separator: "\n").first { $0.hasPrefix("\(variable)=") }
                        .map { $0.dropFirst(variable.count + 1).filter { $0 != "'" } }
                }
                guard let verdict = value("verdict") else { return nil }
                let verdicts = verdict == "none" ? [] : Set(verdict.split(separator: " ").map(String.init))
                return Row(
                    scenario: String(name.dropLast(3)), verdicts: verdicts, host: value("watched_at") ?? "client")
            }
            guard let shard = ProcessInfo.processInfo.environment["WAYBILL_SHARD"]?.split(separator: "/"),
                shard.count == 2, let number = Int(shard[0]), let count = Int(shard[1]), count >= 1,
                (1...count).contains(number)
            else { return rows }
            return rows.enumerated().filter { $0.offset % count == number - 1 }.map(\.element)
        }()

        /// Conntrack's silence is believed after 2 s, a neighbour's after 3 s.
        private static let patience = Duration.seconds(8)

        @Test(arguments: rows) func saysWhatIsWrong(_ row: Row) async throws {
            let lab = try await Lab.shared
            try await lab.play(row.scenario, "prepare")
            let namespace = "wb-\(lab["ID"])-\(row.host)"
            let daemon = try await Daemon(in: lab, namespace: namespace, socket: "verdicts.sock")
            // What is still under way when the daemon ends is told to its followers alone.
            let follower = try ChildProcess([
                "ip", "netns", "exec", namespace, lab.program("waybill"), "follow", "--format", "ndjson", "--socket",
                daemon.socket,
            ])
            let target = row.host == "server" ? lab["SERVER"] : lab["GATEWAY"]
            _ = try await eventually("waybill follow") {
                try await succeed(lab.inClient(["ping", "-c", "1", "-W", "1", target]))
                return follower.output.isEmpty ? nil : true
            }
            try await lab.play(row.scenario, "traffic")
            try await daemon.catchUp()
            _ = try? await eventually("the verdict", within: Self.patience) {
                let found = Set(try await daemon.all("/v1/requests").map(Self.name))
                return row.verdicts.isSubset(of: found) ? true : nil
            }
            try await daemon.stop()
            try await lab.play(row.scenario, "finish")
            var latest: [String: JSON] = [:]
            // Told as failures of their own at some time.
            var alarming: Set<String> = []
            for line in try await follower.wait().output.split(separator: "\n") {
                let request = try JSON(parsing: String(line))
                guard let id = request["id"].text else { continue }
                latest[id] = request
                if request["attempt_of"] == .null, Self.isAlarm(request) { alarming.insert(id) }
            }
            let found = Set(latest.values.map(Self.name))
            #expect(row.verdicts.subtracting(found).isEmpty, "of \(found.sorted())")
            for (id, request) in latest {
                let verdict = request["verdict"]
                // Told before it was known to be one try of several, but not as a failure.
                guard request["attempt_of"] == .null else {
                    #expect(!alarming.contains(id), "\(verdict)")
                    continue
                }
                guard Self.isAlarm(request) else { continue }
                #expect(row.verdicts.contains(Self.name(request)), "\(verdict)")
                #expect(!verdict["evidence"].items.isEmpty && !verdict["next"].items.isEmpty, "\(verdict)")
            }
        }

        private static func isAlarm(_ request: JSON) -> Bool {
            ["warning", "error"].contains(request["verdict"]["severity"])
        }

        private static func name(_ request: JSON) -> String {
            "\(request["verdict"]["id"].text ?? "none")@\(request["verdict"]["stage"].text ?? "none")"
        }
    }
}
