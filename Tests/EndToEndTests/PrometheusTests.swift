import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Metrics as Prometheus reads them.
    @Suite struct PrometheusTests {
        private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()

        @Test func theExampleRulesHold() async throws {
            let folder = Self.root.appending(path: "config/prometheus").path
            try await succeed(["promtool", "check", "rules", folder + "/waybill.rules.yml"])
            try await succeed(["promtool", "test", "rules", folder + "/waybill.test.yml"])
        }

        @Test func prometheusScrapesThePort() async throws {
            let lab = try await Lab.shared
            let file = lab.folder.appending(path: "metrics.yaml")
            try "metrics: {listen: \"127.0.0.1:9495\"}\n".write(to: file, atomically: true, encoding: .utf8)
            let daemon = try await Daemon(in: lab, socket: "metrics.sock", ["--config", file.path])
            _ = try await lab.curl(["http://\(lab["SERVER"])/"])
            try await daemon.catchUp()

            let page = ["curl", "-sS", "--max-time", "10"]
            let bySocket = try await succeed(page + ["--unix-socket", daemon.socket, "http://localhost/metrics"])
            let byPort = try await succeed(lab.inClient(page + ["http://127.0.0.1:9495/metrics"]))
            for text in [bySocket, byPort] {
                let check = try await run(["promtool", "check", "metrics"], input: Data(text.utf8))
                #expect(check.status == 0 && check.errors == "", "\(check)")
            }
            let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            let other = try await succeed(
                lab.inClient(
                    nobody + page + ["-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:9495/v1/requests"]))
            #expect(other == "403")

            let data = lab.folder.appending(path: "prometheus")
            try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
            let configuration = data.appending(path: "prometheus.yml")
            try """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            rule_files: ["\(Self.root.appending(path: "config/prometheus/waybill.rules.yml").path)"]
            scrape_configs:
              - job_name: waybill
                static_configs: [{targets: ["127.0.0.1:9495"]}]
            """.write(to: configuration, atomically: true, encoding: .utf8)
            let prometheus = try ChildProcess(
                lab.inClient([
                    "prometheus", "--config.file", configuration.path, "--storage.tsdb.path", data.path,
                    "--web.listen-address", "127.0.0.1:9090", "--log.level", "error",
                ]))
            defer { prometheus.signal(SIGKILL) }
            func ask(_ path: String) async throws -> JSON? {
                let outcome = try await run(lab.inClient(page + ["http://127.0.0.1:9090/api/v1/\(path)"]))
                return outcome.status == 0 ? try? JSON(parsing: outcome.output) : nil
            }
            let target = try await eventually("a target that is up", within: .seconds(30)) {
                let targets = try await ask("targets")?["data"]["activeTargets"].items ?? []
                return targets.first { $0["health"] == "up" }
            }
            #expect(target["lastError"].text == "")
            let value = try await eventually("a sample") {
                try await ask("query?query=waybill_records_total%7Bkind%3D%22request%22%7D")?["data"]["result"].items
                    .first
            }
            #expect(
                value["metric"]["job"] == "waybill" && value["value"][1].text.flatMap { Double($0) } != nil, "\(value)")
            let alerts = try await ask("rules")?["data"]["groups"].items.first?["rules"].items ?? []
            #expect(alerts.count == 8)
            prometheus.signal(SIGTERM)
            try await prometheus.wait()
            try await daemon.stop()
        }
    }
}
