import Diagnose
import LifecycleSamples
import Model
import Testing

@Suite struct DiagnosisTests {
    @Test(arguments: [
        ("http", "healthy"), ("http 503", "exchange.http_server_error"), ("refused", "connect.refused"),
        ("no answer", "connect.no_answer"), ("one SYN at the end of the capture", "unseen"),
        ("two SYNs at the end of the capture", "connect.no_answer"), ("waiting for SYN-ACK", "pending"),
        ("host unreachable", "connect.host_unreachable"), ("SYN too big for a link is no end", "pending"),
        ("aborted", "connect.aborted"), ("half open", "connect.half_open"), ("half open, still", "pending"),
        ("half open, SYN-ACK repeated", "connect.half_open"),
        ("DNS server out of reach", "name.no_answer"),
        ("unanswered lookup at the end of the capture", "name.no_answer"),
        ("reset in the handshake", "connect.aborted"), ("no response", "exchange.closed_without_answer"),
        ("reset instead of an answer", "exchange.reset"), ("reset in the middle of the answer", "exchange.reset"),
        ("reset when idle", "close.reset_by_server"), ("reset after both FINs", "healthy"),
        ("client closed into the answer", "close.reset_by_client"), ("client cut it", "close.reset_by_client"),
        ("open and answered", "healthy"), ("open and silent", "pending"),
        ("open and asked", "pending"), ("server speaks first", "healthy"), ("opened and closed", "healthy"),
        ("half closed", "healthy"), ("midstream", "unseen"), ("silent until given up", "exchange.no_response"),
        ("https", "healthy"), ("alert", "secure.handshake_failure"), ("warning alert, then on", "healthy"),
        ("no ServerHello", "secure.no_server_hello"), ("ClientHello just sent", "pending"),
        ("closed in the TLS handshake", "secure.closed_in_handshake"), ("datagram answered", "healthy"),
        ("datagram unanswered", "exchange.no_response"), ("datagram at the end of the capture", "unseen"),
        ("datagram to a closed port", "exchange.port_unreachable"), ("answered too late", "exchange.unclaimed_answer"),
        ("answered after the mapping's end", "translation.mapping_gone"),
        ("SYN-ACK to nobody", "connect.unclaimed_answer"), ("datagram to a group", "unseen"),
        ("syslog", "unseen"),
        ("ping", "healthy"), ("ping unanswered", "echo.unanswered"), ("ping out of hops", "exchange.ttl_exceeded"),
        ("lookup", "healthy"), ("nxdomain", "name.nxdomain"), ("servfail", "name.servfail"),
        ("refused lookup", "name.refused"), ("notimp", "name.notimp"), ("no data", "name.no_data"),
        ("unanswered lookup", "name.no_answer"), ("nxdomain tells more than silence", "name.nxdomain"),
        ("pending lookup", "pending"), ("unanswered ARP", "neighbour.unanswered"), ("two MACs", "neighbour.two_macs"),
        ("held until the gateway failed", "neighbour.unanswered"), ("held, and given up early", "unseen"),
        ("loopback", "healthy"), ("QUIC", "healthy"), ("QUIC unanswered", "connect.no_answer"),
        ("QUIC to a closed port", "connect.port_unreachable"), ("QUIC refused", "secure.closed_by_quic"),
        ("QUIC cut short", "secure.no_server_hello"), ("encrypted alert", "secure.encrypted_alert"),
        ("expired certificate", "secure.untrusted_certificate"),
        ("self-signed certificate", "healthy"),
    ])
    func finds(_ sample: String, _ id: String) throws {
        #expect(Diagnosis.verdict(on: try #require(LifecycleSample.named(sample))).id == id)
    }

    @Test(arguments: LifecycleSample.all.map(\.name))
    func everyVerdictIsFitToRead(_ sample: String) throws {
        let lifecycle = try #require(LifecycleSample.named(sample))
        let verdict = Diagnosis.verdict(on: lifecycle)
        #expect(verdict.summary.hasSuffix(".") && !verdict.summary.contains("\n"))
        #expect(verdict.summary.utf8.count < 250)
        if lifecycle.outcome == .failed {
            #expect(verdict.severity > .none)
            #expect(verdict.stage == lifecycle.failure?.stage)
            #expect(!verdict.evidence.isEmpty && !verdict.next.isEmpty)
        } else {
            #expect(verdict.severity < .error)
            #expect(verdict.severity < .warning || !verdict.evidence.isEmpty && !verdict.next.isEmpty)
        }
        for step in verdict.next {
            let parts = step.split(separator: "  # ", maxSplits: 1)
            #expect(Self.commands.contains(String(parts[0].prefix { $0 != " " })), "\(step)")
            #expect(parts.count == 1 || !parts[1].contains("  # "), "\(step)")
        }
    }

    /// What a next step may begin with: a command that changes nothing, or says so by `-w`.
    static let commands: Set<String> = [
        "cat", "conntrack", "curl", "date", "dig", "getent", "grep", "ip", "journalctl", "mtr", "nft", "nstat",
        "openssl",
        "ping", "ss", "sysctl", "tracepath", "traceroute", "waybill",
    ]

    @Test func asksTheJournalOfTheRightHostForTheRightTime() throws {
        var lifecycle = try #require(LifecycleSample.named("reset instead of an answer"))
        lifecycle.first = Timestamp(seconds: 1_700_000_000, nanoseconds: 5)
        lifecycle.last = Timestamp(seconds: 1_700_000_004, nanoseconds: 5)
        let span = "journalctl --since @1699999999 --until @1700000007"
        let question = "did the service crash, or is a limit reached?"
        lifecycle.direction = .outbound
        #expect(Diagnosis.verdict(on: lifecycle).next == ["\(span)  # on the server: \(question)"])
        lifecycle.direction = .inbound
        lifecycle.owner = SocketOwner(Process(pid: 7, name: "nginx", unit: "nginx.service"), .accepted)
        #expect(Diagnosis.verdict(on: lifecycle).next == ["\(span) -u nginx.service  # \(question)"])
        lifecycle.owner = SocketOwner(Process(pid: 7, name: "nginx", unit: "x;reboot.service"), .accepted)
        #expect(Diagnosis.verdict(on: lifecycle).next == ["\(span)  # \(question)"])
    }

    @Test func saysWhatHappenedInPlainWords() throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named("no answer")))
        #expect(
            verdict.summary
                == "198.51.100.80:80 does not answer at all: it is down, or a firewall drops the packets without a word."
        )
        #expect(verdict.evidence == ["3 SYNs sent over 3.00 s, no answer"])
        #expect(verdict.next.first == "ping -c 3 198.51.100.80")
    }

    /// Behind a port forward it is another host that refuses or is silent, and its port is what is to be looked at.
    @Test(arguments: [("refused", "ss -ltn 'sport = :8080'"), ("no answer", "ping -c 3 10.0.1.9")])
    func saysWhereNATLedIt(_ sample: String, _ next: String) throws {
        var lifecycle = try #require(LifecycleSample.named(sample))
        let real = Endpoint(IPAddress(v4: 0x0A00_0109), 8080)
        let original = FlowTuple(.tcp, lifecycle.client.endpoint, lifecycle.server.endpoint)
        let reply = FlowTuple(.tcp, real, lifecycle.client.endpoint)
        lifecycle.translation = Translation(original: original, reply: reply, how: .conntrack)
        var leg = Leg(interface: "lan0", tuple: reply.reversed)
        leg.firstRequest = lifecycle.first
        if sample == "refused" { leg.firstAnswer = lifecycle.first + .milliseconds(1) }
        lifecycle.legs = [Leg(interface: "wan0", tuple: original), leg]
        let verdict = Diagnosis.verdict(on: lifecycle)
        #expect(verdict.summary.hasPrefix("10.0.1.9:8080, to which NAT leads \(lifecycle.server.endpoint), "))
        #expect(verdict.next.first?.hasPrefix(next) == true)
        let passed = "NAT made it \(lifecycle.client.endpoint) → 10.0.1.9:8080"
        #expect(
            verdict.evidence.last
                == (sample == "refused"
                    ? "\(passed), answered on lan0 after 1.000 ms"
                    : "\(passed), which was seen on lan0 and not answered there"))
    }

    /// QUIC has no SYNs, no ports that TCP could probe, and nothing that `openssl s_client` of every host could try.
    @Test(arguments: LifecycleSample.all.filter { $0.lifecycle.application.quic != nil }.map(\.name))
    func verdictsOnQUICDoNotSpeakOfTCP(_ sample: String) throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named(sample)))
        for text in [verdict.summary] + verdict.evidence + verdict.next {
            for word in ["SYN", "RST", "FIN", "openssl", "traceroute -T"] { #expect(!text.contains(word), "\(text)") }
        }
    }

    @Test(arguments: [
        (
            "QUIC unanswered",
            "198.51.100.80:443 does not answer over QUIC: it is down or does not speak QUIC, or a firewall drops UDP to "
                + "port 443.", "3 QUIC packets sent over 3.00 s, no answer"
        ),
        (
            "QUIC refused",
            "The server closed the QUIC connection to 198.51.100.80:443 before it was established: it refuses new "
                + "connections.",
            "QUIC error connection_refused from the server, 9.000 ms after the client's first packet"
        ),
        (
            "encrypted alert",
            "The client broke off the encrypted connection to 198.51.100.80:80; why, it said inside the encryption.",
            "encrypted TLS alert from the client, 16.0 ms after the ClientHello"
        ),
        (
            "expired certificate",
            "198.51.100.80:80 answered; its certificate is one that clients reject unless told to trust it.",
            "the server's certificate CN=old.example: expired 2020-02-01, not for example.org, signed by itself"
        ),
        (
            "self-signed certificate", "198.51.100.80:80 answered.",
            "the server's certificate CN=example.org: signed by itself"
        ),
        (
            "opened and closed", "198.51.100.80:80 accepted the connection, and it was closed in order.",
            "exchange: nothing was sent"
        ),
        (
            "midstream",
            "The request to 198.51.100.80:80 began before the capture, and too little of it was seen to judge it.",
            "connect: it began before the capture"
        ),
        (
            "one SYN at the end of the capture", "The capture ended too soon to judge the request to 198.51.100.80:80.",
            "connect: capture ended"
        ),
        (
            "syslog",
            "It was sent to 198.51.100.80:514; no answer is expected, so whether it arrived is not known.",
            "exchange: this service is usually one-way: no answer is expected"
        ),
    ])
    func saysNoMoreThanWasSeen(_ sample: String, _ summary: String, _ evidence: String) throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named(sample)))
        #expect(verdict.summary == summary)
        #expect(verdict.evidence.first == evidence)
    }

    @Test func lookupVerdictHasTheQuestionToAskAgain() throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named("servfail")))
        #expect(verdict.evidence == ["example.org A: SERVFAIL from 192.0.2.53:53 after 3.000 ms"])
        #expect(verdict.next.first == "dig @192.0.2.53 example.org A")
    }

    @Test func deadNameServerIsTold() throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named("DNS server out of reach")))
        #expect(
            verdict.summary
                == "The DNS server 192.0.2.53 cannot be reached, so the address of example.org stayed unknown: it says "
                + "that nothing listens on this port.")
        #expect(verdict.evidence.last == "ICMP port_unreachable from 192.0.2.53, 1.000 ms after the first packet")
    }

    /// A name from the wire must not reach a shell or a terminal as anything but a name.
    @Test func hostileNamesAreHarmless() throws {
        var lifecycle = try #require(LifecycleSample.named("nxdomain"))
        lifecycle.lookups[0] = lifecycle.lookups[0].asking(for: "$(reboot)'\u{1B}[2J\u{202E};\n.example")
        let verdict = Diagnosis.verdict(on: lifecycle)
        #expect(verdict.next.contains(#"dig @192.0.2.53 -q '$(reboot)'\''?[2J?;?.example' A"#))
        for text in [verdict.summary] + verdict.evidence + verdict.next {
            #expect(!text.unicodeScalars.contains { $0.value < 32 || $0.value == 0x202E })
        }
    }

    @Test(arguments: ["-f", "@192.0.2.1", "+trace", ".", "", "a b", "a`id`", "é.example"])
    func namesAreNoOptions(_ name: String) throws {
        var lifecycle = try #require(LifecycleSample.named("nxdomain"))
        lifecycle.lookups[0] = lifecycle.lookups[0].asking(for: name)
        #expect(Diagnosis.verdict(on: lifecycle).next.contains("dig @192.0.2.53 -q '\(name)' A"))
    }

    @Test func coverageIsEvidence() throws {
        let ended = "the capture ended before it did"
        let silent = try #require(LifecycleSample.named("two SYNs at the end of the capture"))
        #expect(Diagnosis.verdict(on: silent).evidence.last == ended)
        var refused = try #require(LifecycleSample.named("refused"))
        refused.ending = .captureEnded
        #expect(!Diagnosis.verdict(on: refused).evidence.contains(ended))
    }
}
