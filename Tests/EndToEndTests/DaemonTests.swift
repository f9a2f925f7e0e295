import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// How waybilld begins, answers and ends.
    @Suite struct DaemonTests {
        @Test func replacesASocketThatNobodyServes() async throws {
            let lab = try await Lab.shared
            let path = lab.folder.appending(path: "stale.sock").path
            try await succeed([
                "python3", "-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path,
            ])
            let daemon = try await Daemon(in: lab, socket: "stale.sock")
            #expect(try await daemon.get("/v1/status").status == 200)
            let outcome = try await daemon.stop(SIGINT)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(access(path, F_OK) != 0)
        }

        @Test func aSecondOneIsRefused() async throws {
            let lab = try await Lab.shared
            let first = try await Daemon(in: lab)
            let second = try await run(
                lab.inClient([lab.program("waybilld"), "--socket", first.socket, "--history", ""]))
            #expect(second.status == 1)
            #expect(
                second.errors == """
                    waybilld: another waybilld is serving at \(first.socket); stop it first, or choose another place \
                    with --socket

                    """)
            #expect(try await first.get("/v1/status").status == 200)
            try await first.stop()
        }

        struct Refusal: Sendable, CustomTestStringConvertible {
            var testDescription: String
            var flags: [String] = []
            /// Of a configuration file.
            var configuration: String?
            var status: Int32
            /// In the order in which they stand in the sentence.
            var words: [String]
        }

        @Test(arguments: [
            Refusal(
                testDescription: "an interface that is not there", flags: ["--interface", "nosuch0"], status: 1,
                words: ["no interface is called nosuch0", "this host has: ", "eth0"]),
            Refusal(
                testDescription: "a filter that is none", flags: ["--filter", "host ("], status: 1,
                words: ["host (", "syntax error"]),
            Refusal(testDescription: "a flag that is none", flags: ["--nosuch"], status: 64, words: ["--nosuch"]),
            Refusal(
                testDescription: "a key that is none", configuration: "capture:\n  snap_lenght: 96\n", status: 78,
                words: ["refused.yaml:2:3: ", "capture.snap_lenght", "did you mean snap_length?"]),
            Refusal(
                testDescription: "a value out of range",
                configuration: "log:\n  level: info\ncapture:\n  buffer_mib: 0\n",
                status: 78, words: ["refused.yaml:4", "capture.buffer_mib", "1", "1024"]),
            Refusal(
                testDescription: "a configuration that is not there", flags: ["--config", "/nosuch/waybill.yaml"],
                status: 78, words: ["/nosuch/waybill.yaml"]),
        ])
        func isRefused(_ refusal: Refusal) async throws {
            let lab = try await Lab.shared
            var words = [
                lab.program("waybilld"), "--socket", lab.folder.appending(path: "refused.sock").path, "--history", "",
            ]
            words += refusal.flags
            if let configuration = refusal.configuration {
                let file = lab.folder.appending(path: "refused.yaml")
                try Data(configuration.utf8).write(to: file)
                words += ["--config", file.path]
            }
            let outcome = try await run(lab.inClient(words))
            #expect(outcome.status == refusal.status)
            #expect(outcome.output == "")
            var rest = outcome.errors[...]
            for word in refusal.words {
                let range = try #require(rest.range(of: word), "\(word) in: \(outcome.errors)")
                rest = rest[range.upperBound...]
            }
            // The argument parser adds how it is used.
            if refusal.status != 64 { #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)") }
            #expect(access(lab.folder.appending(path: "refused.sock").path, F_OK) != 0)
        }

        struct Call: Sendable, CustomTestStringConvertible {
            var path: String
            var header = "Accept: */*"
            var status: Int
            var problem: String
            /// Somewhere in the detail.
            var word: String
            var testDescription: String { "\(path) \(header)" }
        }

        @Test func refusesCalls() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            for call in [
                Call(path: "/v1/requests?stage=nosuch", status: 400, problem: "", word: "nosuch"),
                Call(path: "/v1/requests?nosuch=1", status: 400, problem: "", word: "nosuch"),
                Call(path: "/v1/requests?since=yesterday", status: 400, problem: "", word: "yesterday"),
                Call(path: "/v1/requests?limit=0", status: 400, problem: "", word: "limit"),
                Call(
                    path: "/v1/requests", header: "Origin: http://localhost", status: 403,
                    problem: "/problems/foreign-origin", word: "Origin"),
                Call(path: "/v1/nosuch", status: 404, problem: "/problems/no-such-route", word: "/v1/nosuch"),
                Call(path: "/v1/requests/zzzzzzzzzzzz", status: 404, problem: "", word: "zzzzzzzzzzzz"),
            ] {
                let answer = try await daemon.get(call.path, header: call.header)
                #expect(answer.status == call.status, "\(call)")
                #expect(answer.type == "application/problem+json", "\(call)")
                #expect(answer.body["status"] == .number(Double(call.status)), "\(call)")
                if !call.problem.isEmpty { #expect(answer.body["type"].text == call.problem, "\(call)") }
                #expect(answer.body["detail"].text?.contains(call.word) == true, "\(call): \(answer.body)")
            }
            try await daemon.stop()
        }

        /// With a shorter patience than the default, the black hole of the lab gets its verdict at once.
        @Test func aSynWithoutAnswerFailsAfterItsTimeout() async throws {
            let lab = try await Lab.shared
            let file = lab.folder.appending(path: "patience.yaml")
            try Data("timeouts:\n  tcp_unanswered_s: 4\n".utf8).write(to: file)
            let daemon = try await Daemon(in: lab, ["--config", file.path])
            _ = try await lab.play("blackhole")
            let request = try await eventually("the end of the unanswered request") {
                try await daemon.all("/v1/requests").first { $0["complete"] == true && $0["protocol"] == "tcp" }
            }
            let expected = Expected.unestablished.merging([
                "state": "no_answer", "outcome": "failed", "failure.stage": "connect",
                "failure.reason": "no_answer", "stages.connect.status": "failed", "client.syn_count": 3,
                "client.segments": 3, "ended_because": "idle", "verdict.id": "connect.no_answer",
                "verdict.severity": "error",
            ]) { $1 }
            #expect(request.differences(from: expected) == [])
            try await daemon.stop()
        }

        @Test func followsInterfaces() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let link = ["ip", "-n", lab["CLIENT_NS"], "link"]
            func state(_ wanted: Set<JSON>) async throws {
                _ = try await eventually("wb0 \(wanted)", within: .seconds(1)) {
                    let interfaces = try await daemon.get("/v1/status").body["interfaces"].items
                    return wanted.contains(interfaces.first { $0["name"] == "wb0" }?["state"] ?? .null) ? true : nil
                }
            }
            for _ in 1...3 {
                try await succeed(link + ["add", "wb0", "type", "veth", "peer", "name", "wb1"])
                try await succeed(link + ["set", "wb1", "up"])
                try await succeed(link + ["set", "wb0", "up"])
                try await state(["capturing"])
                try await succeed(link + ["set", "wb0", "down"])
                try await state(["down"])
                try await succeed(link + ["set", "wb0", "up"])
                try await state(["capturing"])
                try await succeed(link + ["delete", "wb0"])
                try await state(["gone"])
            }
            let before = daemon.process.errors.split(separator: "\n").count
            // Faster than it can follow.
            try await succeed(link + ["add", "wb0", "type", "veth", "peer", "name", "wb1"])
            let flaps = 40
            let script = "for i in $(seq \(flaps)); do \"$@\" up; \"$@\" down; done; \"$@\" up"
            try await succeed(["sh", "-c", script, "sh"] + link + ["set", "wb0"])
            try await state(["capturing"])
            let lines = daemon.process.errors.split(separator: "\n").count - before
            #expect(lines <= 2 * flaps + 4, "\(daemon.process.errors)")
            #expect(try await daemon.get("/v1/status").status == 200)
            try await succeed(link + ["delete", "wb0"])
            try await daemon.stop()
        }

        /// Printed for the record: what a debug build takes is no figure of the product, and a busy machine's is none.
        @Test func idle() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            _ = try await daemon.get("/v1/status")
            let process = daemon.process.pid
            func ticks() throws -> Double {
                // proc_pid_stat(5): utime and stime are fields 14 and 15; the name in field 2 may have spaces.
                let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
                let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
                return fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
            }
            let before = try ticks()
            let span = Duration.seconds(2)
            try await Task.sleep(for: span)
            let share = (try ticks() - before) / Double(sysconf(Int32(_SC_CLK_TCK))) / 2
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
            let resident = Double(line.filter(\.isNumber)) ?? 0
            let figure = (resident / 1024 * 10).rounded() / 10
            print(
                "idle waybilld (\(Lab.programs.lastPathComponent)): \(figure) MiB resident, \(share * 100) % of a core")
            #expect(resident > 0)
            try await daemon.stop()
        }
    }
}
