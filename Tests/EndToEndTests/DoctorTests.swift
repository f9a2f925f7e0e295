import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// waybill doctor where things are really missing.
    @Suite struct DoctorTests {
        private func doctor(_ lab: Lab, _ socket: String, as user: [String] = []) async throws -> (
            Int32, [String: JSON]
        ) {
            let command = [lab.program("waybill"), "doctor", "--format", "json", "--socket", socket]
            let outcome = try await run(user + command)
            let checks = try JSON(parsing: outcome.output)["checks"].items
            return (outcome.status, Dictionary(checks.map { ($0["name"].text ?? "?", $0) }) { first, _ in first })
        }

        @Test func nothingIsLostWhereAllIsThere() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let (status, checks) = try await doctor(lab, daemon.socket)
            #expect(status == 0, "\(checks)")
            for name in ["daemon", "capture", "tracepoints", "sockets", "routes", "conntrack", "rules", "cap_perfmon"] {
                #expect(checks[name]?["state"] == "ok", "\(name): \(checks)")
            }
            // Each table is found in the status by its own name.
            let tables = try await daemon.get("/v1/status").body["totals"]["tables"].items.map { $0["name"].text }
            #expect(tables.count > 30 && Set(tables).count == tables.count, "\(tables)")
            try await daemon.stop()
        }

        @Test func aDaemonWithoutTracefsSaysSo() async throws {
            let lab = try await Lab.shared
            // `ip netns exec` gives it a /sys without tracefs.
            let daemon = try await Daemon(in: lab, through: ["env"])
            let (status, checks) = try await doctor(lab, daemon.socket)
            #expect(status == 1)
            #expect(checks["tracepoints"]?["state"] == "lost")
            let fix = try #require(checks["tracepoints"]?["fix"].text)
            #expect(fix.hasSuffix("mount -t tracefs tracefs /sys/kernel/tracing"))
            let text = try await run([lab.program("waybill"), "doctor", "--socket", daemon.socket])
            #expect(text.status == 1)
            #expect(text.output.contains("1 lost") && text.output.contains("$ \(fix.prefix(20))"), "\(text.output)")
            try await daemon.stop()
        }

        @Test func aDaemonWithOneCapabilitySaysWhatTheOthersAreFor() async throws {
            let lab = try await Lab.shared
            // Not root, or files of root would be readable all the same.
            let user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            let raw = user + ["--inh-caps=+net_raw", "--ambient-caps=+net_raw", "--bounding-set=-all,+net_raw"]
            // Neither the lab's folder nor the one with the programs need be open to others.
            let folder = URL(filePath: "/tmp/waybill-open-\(getpid())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await succeed(["chmod", "0777", folder.path])
            let program = folder.appending(path: "waybilld").path
            try await succeed(["cp", lab.program("waybilld"), program])
            let daemon = try await Daemon(
                in: lab, socket: folder.appending(path: "waybill.sock").path, through: raw, program: program)
            let (status, checks) = try await doctor(lab, daemon.socket)
            #expect(status == 1)
            let lost = checks.filter { $0.value["state"] == "lost" }.keys.sorted()
            #expect(
                lost == [
                    "cap_dac_read_search", "cap_net_admin", "cap_perfmon", "cap_sys_ptrace", "conntrack", "rules",
                    "sockets", "tracepoints",
                ])
            #expect(checks["cap_net_raw"]?["state"] == "ok" && checks["routes"]?["state"] == "ok")
            try await daemon.stop()
        }

        @Test func whoMayNotAskIsToldHowToGetTheRight() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            let (status, checks) = try await doctor(lab, daemon.socket, as: nobody)
            #expect(status == 77)
            #expect(checks["permission"]?["state"] == "lost")
            #expect(checks["permission"]?["fix"].text?.contains("usermod -aG") == true)
            try await daemon.stop()
        }

        @Test func withoutADaemonItSaysHowToStartOne() async throws {
            let (status, checks) = try await doctor(try await Lab.shared, "/nosuch/waybill.sock")
            #expect(status == 69)
            #expect(checks["daemon"]?["state"] == "lost")
            #expect(checks["daemon"]?["fix"].text?.contains("waybilld") == true)
            #expect(checks["sources"]?["state"] == "unknown")
        }
    }
}
