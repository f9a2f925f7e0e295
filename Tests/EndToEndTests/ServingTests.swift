import Testing

extension EndToEnd {
    /// Who serves what comes from another host. The daemon has no tracefs, or it would know the client, which is a process of
    /// this machine after all.
    @Suite struct ServingTests {
        @Test func inboundRequestsShowTheirServer() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab, at: "SERVER_NS", socket: "serving.sock", through: ["env"])
            // One that is over at once, and one that lasts.
            _ = try await lab.curl(["http://\(lab["SERVER"])/"])
            _ = try await run(lab.inClient(["bash", "-c", "exec 3<>/dev/tcp/$1/80; sleep 1.5", "bash", lab["SERVER"]]))
            let requests = try await eventually("two requests with a server") {
                let page = try await daemon.get("/v1/requests?direction=inbound&port=80&process=nginx")
                return page.body["items"].items.count >= 2 ? page.body["items"].items : nil
            }
            let facts = requests.map { $0["stages"][0]["facts"] }
            let ways = facts.map { $0["found_by"].text }
            #expect(ways.contains("accepted_socket"), "\(facts)")
            for (fact, way) in zip(facts, ways) where way == "listening_socket" {
                #expect(fact["not_known"].text?.contains("this is who listens at its port") == true)
            }
            try await daemon.stop()
        }
    }
}
