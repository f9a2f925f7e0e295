import API
import Explain
import Terminal

/// What several requests tell together.
extension Samples {
    private static let trouble = "\u{1B}]0;owned\u{7}例え"

    /// `count` requests like `original`, a second apart from `start` seconds on.
    private static func series(_ original: Request, _ count: Int, from start: Double, asker: String?) -> [Request] {
        (0..<count).map { index in
            var request = original
            request.id = "s\(Int(start))x\(index)abcdefgh".prefix(12).description
            request.first = after((start + Double(index)) * 1000)
            let shift = request.first.nanoseconds - original.first.nanoseconds
            request.last = Time(nanoseconds: original.last.nanoseconds + shift)
            for place in request.stages.indices {
                request.stages[place].start = request.stages[place].start.map {
                    Time(nanoseconds: $0.nanoseconds + shift)
                }
            }
            request.stages.removeAll { $0.stage == .process }
            if let asker {
                request.stages.insert(
                    Stage(
                        .process, .ok,
                        facts: [
                            Fact("process", .text("backup"), from: .kernel), Fact("unit", .text(asker), from: .kernel),
                        ]), at: 0)
            }
            return request
        }
    }

    private static let fine: Request = {
        var request = page
        request.server.port = 81
        return request
    }()

    /// Another program that cannot reach a server of a long and hostile name.
    private static let odd: Request = {
        var request = silent
        request.server.names = [
            Name(name: "\(trouble).a-name-that-goes-on-and-on-and-on.example.org", how: "answer")
        ]
        return request
    }()

    static let explanations: [(name: String, target: String, explanation: Explanation)] = {
        let well = series(fine, 240, from: -600, asker: "backup.service")
        let broken = series(refused, 19, from: 0, asker: "backup.service")
        let lucky = series(fine, 1, from: 10.5, asker: "backup.service")
        let latest = series(fine, 1, from: 20, asker: "backup.service")
        let mixed = broken + series(silent, 1, from: 30, asker: nil) + series(odd, 2, from: 40, asker: trouble)
        return [
            ("broken", "www.example.org:81", Explanation(well + broken + lucky)),
            ("lately", "www.example.org:81", Explanation(well + broken + latest)),
            ("two", "www.example.org:81", Explanation(Array(well.prefix(1) + broken.prefix(2)))),
            ("mixed", "user:alice", Explanation(mixed + [pending], isCut: true)),
            ("recovered", "backup.service", Explanation(broken + series(fine, 9, from: 40, asker: "backup.service"))),
            ("elsewhere", "backup.service", Explanation(broken + series(page, 9, from: 40, asker: "backup.service"))),
            ("one", "7mmq0zr81c2e", Explanation([refused], about: refused)),
            ("open", "198.51.100.20:25", Explanation([pending])),
        ]
    }()

    static let prospects: [(name: String, prospect: ProspectPage.Prospect)] = {
        var known = ProspectPage.Prospect("www.example.org:443")
        known.lookups = lookups
        known.routes = [way, noWay]
        known.translations = translations
        known.provocation = "waybill run -- curl -sS -o /dev/null https://www.example.org:443/"
        var own = ProspectPage.Prospect(":8080")
        own.port = PortReport(
            port: 8080, summary: "python3 (4242) listens on TCP port 8080 of 127.0.0.1 only: no other host reaches it.",
            listeners: [
                Listener(
                    transport: "tcp", address: "127.0.0.1", port: 8080, scope: "loopback", userID: 1000,
                    processes: [PortProcess(pid: 4242, name: "python3", sockets: 1)], waiting: 0, backlog: 5, drops: 0)
            ], requests: [])
        var nothing = ProspectPage.Prospect("\(trouble).test")
        nothing.provocation = "waybill run -- ping -c 1 nobody-knows"
        return [("known", known), ("own", own), ("nothing", nothing)]
    }()

    static let comparisons: [(name: String, comparison: WindowComparison)] = {
        let before = series(owned, 12, from: -600, asker: "backup.service")
        func moved(_ request: Request) -> Request {
            var request = request
            request.server.address = "203.0.113.99"
            request.server.names[0].lookup?.server = "10.77.0.9:53"
            request.handshakeRTT = span(181.25)
            request.nextHop = NextHop(address: "10.77.0.254", mac: "52:54:00:00:00:01")
            request.translation = masqueraded
            return request
        }
        let after = before.prefix(5).map { request in
            var request = moved(request)
            request.first = Samples.after(20_000)
            return request
        }
        return [
            ("changed", WindowComparison(before: before, after: after + series(odd, 1, from: 40, asker: trouble))),
            ("same", WindowComparison(before: before, after: series(owned, 1, from: 40, asker: "backup.service"))),
            ("empty", WindowComparison(before: [], after: after)),
        ]
    }()

    static let verdictEntries: [VerdictPage.Entry] = [
        VerdictPage.Entry(
            id: "connect.refused", severity: .error, stage: .connect, title: "Nothing listens at the port",
            cause: "The server is up and answers the SYN with RST: no process listens at that address and port.",
            evidence: "A SYN, and an RST with the acknowledgement number that belongs to it.",
            fix: "Start the service, or ask for the port that it listens at (`ss -ltn` on the server)."),
        VerdictPage.Entry(
            id: "translation.wrong_source_address", severity: .warning, stage: .translation,
            title: "A rule gives requests a source address to which no answer finds its way back",
            cause: "Too long for a row.", evidence: "Two tuples.", fix: "Mend the rule."),
        VerdictPage.Entry(
            id: "healthy", severity: .none, stage: nil, title: "All is well", cause: "Nothing failed.",
            evidence: "Every stage.", fix: "Nothing."),
    ]
}
