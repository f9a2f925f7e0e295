import API

/// Who listens, whose ports run out, and one port with all that concerns it.
extension Samples {
    static let ports: PortList = {
        let web = PortProcess(pid: 912, name: "nginx", sockets: 1)
        let listeners = [
            listener("tcp", "0.0.0.0", 443, "all", 0, [web, PortProcess(pid: 913, name: "nginx", sockets: 1)], 0, 511),
            listener(
                "tcp", "::", 8080, "all", 1000, [PortProcess(pid: 4242, name: "python3", sockets: 1)], 129, 128, 17),
            listener(
                "tcp", "127.0.0.1", 5432, "loopback", 114, [PortProcess(pid: 700, name: "postgres", sockets: 1)], 0, 200
            ),
            listener("udp", "2001:db8:1234:5678:9abc:def0:1234:5678", 51820, "address", 0, [], nil, nil, 3),
        ]
        var list = PortList(
            listeners: listeners,
            ephemeral: EphemeralRange(first: 32768, last: 60999, reserved: ["33000", "40000-40010"], count: 28220))
        list.pressure = [
            PortPressure(
                source: "10.77.0.2", peer: "203.0.113.80", peerPort: 443, inUse: 27_900, timeWait: 26_012,
                available: 28_220, processes: [PortProcess(pid: 4242, name: "wörker\u{1B}[31m\u{202E}", sockets: 1888)],
                growth: 42, exhaustedIn: span(7619)),
            PortPressure(
                source: "2001:db8::2", peer: "2001:db8:1234:5678:9abc:def0:1234:5678", peerPort: 8443, inUse: 15_001,
                timeWait: 2, available: 28_220, processes: [], growth: nil, exhaustedIn: nil),
        ]
        return list
    }()

    static let portTrouble = PortList(trouble: "sock_diag: Operation not permitted (CAP_NET_ADMIN is missing)")

    static let port: PortReport = {
        let failed = PortRequest(
            id: "2q97sgzf4k1m", first: after(0), transport: .tcp, direction: .inbound, client: "198.51.100.9:50122",
            server: "10.77.0.2:8080", outcome: .failed, failure: "connect: no_answer")
        let well = PortRequest(
            id: "hf55d9kreq4c", first: after(-90_000), transport: .tcp, direction: .forwarded,
            client: "[2001:db8:1234:5678:9abc:def0:1234:5678]:50123", server: "[2001:db8::2]:8080", outcome: .ok,
            failure: nil)
        return PortReport(
            port: 8080,
            summary:
                "python3 (4242) listens on port 8080 of all addresses. 129 connections wait to be accepted, more than the "
                + "128 that may: it does not keep up. Of the last 2 requests to it 1 failed; the latest is failed (connect: no answer).",
            listeners: [ports.listeners[1]],
            rules: [
                portRule("prerouting", "dnat", "iifname \"wan0\" tcp dport 8080 dnat to 10.77.0.9:80", handle: 4),
                portRule(
                    "input", "drop", "tcp dport { 8080, 9000-9010 } ip saddr != 10.0.0.0/8 counter drop", handle: 112),
                portRule(nil, "accept", "tcp dport @allowed accept", handle: 7, isCertain: false),
            ], requests: [failed, well])
    }()

    private static func listener(
        _ transport: String, _ address: String, _ port: UInt16, _ scope: String, _ user: UInt32,
        _ processes: [PortProcess], _ waiting: UInt32?, _ backlog: UInt32?, _ drops: UInt32? = 0
    ) -> Listener {
        Listener(
            transport: transport, address: address, port: port, scope: scope, userID: user, processes: processes,
            waiting: waiting, backlog: backlog, drops: drops)
    }

    private static func portRule(
        _ hook: String?, _ action: String, _ text: String, handle: UInt64, isCertain: Bool = true
    ) -> PortRule {
        PortRule(
            transports: ["tcp"], family: "inet", table: "filter", chain: hook ?? "services", handle: handle, hook: hook,
            action: action, text: text, certain: isCertain)
    }
}
