import Foundation
import Testing

extension EndToEnd {
    /// Several requests at once: what is wrong with them since when, and what changed.
    @Suite struct ExplainTests {
        private struct Words {
            let lab: Lab
            let daemon: Daemon

            func callAsFunction(_ words: String...) async throws -> Outcome {
                let command = [lab.program("waybill"), words[0], "--socket", daemon.socket] + words.dropFirst()
                return try await run(lab.inClient(command), environment: ["COLUMNS": "100"])
            }
        }

        @Test func aServiceThatWentAwayIsExplained() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let waybill = Words(lab: lab, daemon: daemon)
            let place = "\(lab["SERVER"]):18100"
            let curl = ["curl", "-s", "-o", "/dev/null", "--max-time", "5", "http://\(place)/"]
            let server = try ChildProcess([
                "ip", "netns", "exec", lab["SERVER_NS"], "python3", "-m", "http.server", "18100", "--bind",
                lab["SERVER"], "--directory", lab.folder.path,
            ])
            // Asked for where the daemon does not see it.
            _ = try await eventually("the service") {
                try await run(["ip", "netns", "exec", lab["SERVER_NS"]] + curl).status == 0 ? true : nil
            }
            for _ in 0..<4 { try await succeed(lab.inClient(curl)) }
            server.signal(SIGKILL)
            try await server.wait()
            try await daemon.catchUp()
            let moment = try #require(try await daemon.get("/v1/status").body["observed_until"].text)
            for _ in 0..<4 { #expect(try await run(lab.inClient(curl)).status == 7) }
            try await daemon.catchUp()

            let explained = try await waybill("explain", place, "--plain")
            #expect(explained.status == 0, "\(explained.errors)")
            let text = explained.output.replacing("\n", with: " ")
            #expect(text.contains("All 4 requests of curl to \(place) since"), "\(explained.output)")
            #expect(text.contains("connect.refused") && text.contains("nothing listens there"))
            for target in ["curl", "http://\(place)/x", "process:curl", "to:\(place)"] {
                let other = try await waybill("explain", target, "--format", "json")
                let json = try JSON(parsing: other.output)
                #expect(json["trend"]["course"] == "broken", "\(target): \(other.output.prefix(300))")
                #expect(json["trend"]["failed"] == .number(4) && json["verdict"]["id"] == "connect.refused")
            }
            let id = try JSON(parsing: try await waybill("explain", place, "--format", "json").output)["request"]["id"]
            let one = try await waybill("explain", "id:\(id.text ?? "")", "--format", "json")
            #expect(try JSON(parsing: one.output)["request"]["id"] == id)

            let narrowed = try await waybill("explain", place, "--where", "failed and to.port = 18100", "--plain")
            #expect(narrowed.output.contains("Only requests where failed and to.port = 18100."), "\(narrowed.output)")
            #expect(!narrowed.output.contains("succeeded"), "\(narrowed.output)")
            let fine = try await waybill(
                "compare", "--before", moment, place, "--where", "not failed", "--format", "json")
            #expect(try JSON(parsing: fine.output)["after"]["total"] == .number(0))

            let compared = try await waybill("compare", "--before", moment, place, "--format", "json")
            let aspects = try JSON(parsing: compared.output)["aspects"].items
            #expect(aspects.filter { $0["changed"] == .flag(true) }.map { $0["name"] }.contains("verdict"))
            #expect(aspects.first { $0["name"] == "address" }?["changed"] == .flag(false))
            let page = try await waybill("compare", "--before", moment, place)
            #expect(page.status == 0 && page.output.contains("connect.refused (4 of 4)") == false, "\(page.output)")
            #expect(page.output.contains("connect.refused"), "\(page.output)")
            try await daemon.stop()
        }

        @Test func whatNobodyAskedForIsShownWithoutAsking() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let waybill = Words(lab: lab, daemon: daemon)
            let unknown = try await waybill("explain", "203.0.113.7:443")
            #expect(unknown.status == 0, "\(unknown.errors)")
            #expect(unknown.output.contains("via \(lab["GATEWAY"])"), "\(unknown.output)")
            #expect(unknown.output.contains("waybill run -- curl -sS -o /dev/null https://203.0.113.7:443/"))
            #expect(try await daemon.all("/v1/requests").allSatisfy { $0["server"]["address"] != "203.0.113.7" })
            let nothing = try await waybill("explain", "nobody-knows")
            #expect(nothing.status == 1 && nothing.output.contains("waybill run -- "), "\(nothing.output)")
            let number = try await waybill("explain", "8080")
            #expect(number.status == 64 && number.errors.contains("a port (:8080)"), "\(number.errors)")
            for command in [["explain", "curl"], ["compare", "--before", "1m"]] {
                let mistake = try await run(
                    [lab.program("waybill")] + command + ["--where", "protcol = tcp"],
                    environment: ["WAYBILL_SOCKET": daemon.socket])
                #expect(mistake.status == 64)
                #expect(mistake.errors.contains("  protcol = tcp\n  ^~~~~~~\n"), "\(mistake.errors)")
            }
            let backwards = try await waybill("compare", "--before", "1m", "--after", "2m")
            #expect(backwards.status == 64, "\(backwards.errors)")
            let empty = try await waybill("compare", "--before", "1d")
            #expect(empty.status == 1 && empty.output.contains("nothing can be compared"), "\(empty.output)")
            try await daemon.stop()
        }
    }
}
