import Model

extension LifecycleSample {
    static let tls: [LifecycleSample] = [
        LifecycleSample(
            "https",
            secured(.closed) { tls, lifecycle in
                tls.serverHello = after(25)
                tls.finished = after(26)
                tls.version = 0x0304
                lifecycle.client.lastPayload = after(30)
                lifecycle.server.lastPayload = after(40)
                lifecycle.fins(client: 45, server: 46)
                lifecycle.names = [NameJoin(name: "example.org", how: .clientHello)]
            }),
        LifecycleSample(
            "alert",
            secured(.closed) { tls, lifecycle in
                tls.note(TLSAlertReport(time: after(25), from: .server, level: 2, description: 40))
                lifecycle.fins(client: 46, server: 26)
            }),
        LifecycleSample(
            "warning alert, then on",
            secured(.established, ending: nil) { tls, lifecycle in
                tls.note(TLSAlertReport(time: after(24), from: .server, level: 1, description: 112))
                tls.serverHello = after(25)
                tls.finished = after(26)
                tls.version = 0x0303
                lifecycle.client.lastPayload = after(30)
                lifecycle.server.lastPayload = after(40)
            }),
        LifecycleSample(
            "no ServerHello",
            secured(.closed) { _, lifecycle in
                lifecycle.server.payloadBytes = 0
                lifecycle.fins(client: 46, server: 26)
            }),
        LifecycleSample("ClientHello just sent", secured(.established, ending: nil) { _, _ in }),
        LifecycleSample(
            "encrypted alert",
            secured(.closed) { tls, lifecycle in
                tls.serverHello = after(25)
                tls.version = 0x0304
                tls.encryptedAlert = TLSFacts.EncryptedAlert(time: after(27), from: .client)
                lifecycle.fins(client: 27, server: 28)
            }),
        LifecycleSample("expired certificate", certified("old.example", expires: 2020)),
        LifecycleSample("self-signed certificate", certified("example.org", expires: 2030)),
        LifecycleSample(
            "closed in the TLS handshake",
            secured(.closed) { tls, lifecycle in
                tls.serverHello = after(25)
                tls.version = 0x0303
                lifecycle.fins(client: 27, server: 28)
            }),
    ]

    /// Over QUIC, to port 443.
    static let quic: [LifecycleSample] = [
        LifecycleSample(
            "QUIC",
            overQUIC { quic, lifecycle in
                quic.serverAnswer = after(9)
                quic.finished = after(20)
                quic.roundTrip = .milliseconds(9)
                lifecycle.exchange(1200, at: 0, 3000, at: 9)
                lifecycle.client.lastPayload = after(30)
                lifecycle.server.lastPayload = after(40)
            }),
        LifecycleSample(
            "QUIC unanswered",
            overQUIC { _, lifecycle in
                lifecycle.exchange(1200, at: 0, 0, at: nil)
                lifecycle.client.segments = 3
            }),
        LifecycleSample(
            "QUIC to a closed port",
            overQUIC { _, lifecycle in
                lifecycle.exchange(1200, at: 0, 0, at: nil)
                lifecycle.error(type: 3, code: 3, from: serverEndpoint.address, at: 1, protocolNumber: 17)
            }),
        LifecycleSample(
            "QUIC refused",
            overQUIC { quic, lifecycle in
                quic.serverAnswer = after(9)
                quic.close = QUICClose(time: after(9), from: .server, errorCode: 2, isApplication: false)
                quic.close?.reasonPhrase = "too busy"
                lifecycle.exchange(1200, at: 0, 60, at: 9)
            }),
        LifecycleSample(
            "QUIC cut short",
            overQUIC { quic, lifecycle in
                quic.serverAnswer = after(9)
                lifecycle.exchange(1200, at: 0, 60, at: 9)
            }),
    ]

    private static func overQUIC(_ change: (inout QUICFacts, inout Lifecycle) -> Void) -> Lifecycle {
        request(.udp, until: 3000, server: Endpoint(serverEndpoint.address, 443), ending: .idle) { lifecycle in
            lifecycle.application.kind = .quic
            var tls = TLSFacts()
            tls.clientHello = sampleStart
            tls.offer.serverName = "example.org"
            lifecycle.application.tls = tls
            var quic = QUICFacts(version: .v1)
            quic.clientInitial = sampleStart
            change(&quic, &lifecycle)
            lifecycle.application.quic = quic
        }
    }

    private static func certified(_ name: String, expires year: Int64) -> Lifecycle {
        secured(.closed) { tls, lifecycle in
            tls.serverHello = after(25)
            tls.finished = after(26)
            tls.version = 0x0303
            var certificate = TLSCertificate(fingerprint: "")
            certificate.subject = "CN=\(name)"
            certificate.notAfter = CertificateTime(
                seconds: (year - 1970) * 365 * 86400, text: "\(year)-02-01T00:00:00Z")
            certificate.names = [name]
            certificate.isSelfSigned = true
            var chain = TLSCertificateChain()
            chain.certificates = [certificate]
            chain.count = 1
            tls.certificates = chain
            tls.certificateTime = after(25)
            lifecycle.client.lastPayload = after(30)
            lifecycle.server.lastPayload = after(40)
            lifecycle.fins(client: 45, server: 46)
        }
    }

    static func secured(
        _ state: TCPState, ending: Ending? = .closed, _ change: (inout TLSFacts, inout Lifecycle) -> Void
    ) -> Lifecycle {
        connection(state, ending: ending) { lifecycle in
            lifecycle.exchange(500, at: 11, 4000, at: 25)
            lifecycle.application.kind = .tls
            var tls = TLSFacts()
            tls.clientHello = after(11)
            tls.offer.serverName = "example.org"
            tls.offer.applicationProtocols = ["h2", "http/1.1"]
            change(&tls, &lifecycle)
            lifecycle.application.tls = tls
        }
    }

    static let datagrams: [LifecycleSample] = [
        LifecycleSample(
            "datagram answered", request(.udp, until: 8, ending: .idle) { $0.exchange(9, at: 0, 9, at: 8) }),
        LifecycleSample(
            "datagram unanswered", request(.udp, until: 0, ending: .idle) { $0.exchange(9, at: 0, 0, at: nil) }),
        LifecycleSample(
            "datagram at the end of the capture",
            request(.udp, until: 0, ending: .captureEnded) { $0.client.firstPayload = sampleStart }),
        LifecycleSample(
            "datagram to a closed port",
            request(.udp, until: 1) { lifecycle in
                lifecycle.exchange(9, at: 0, 0, at: nil)
                lifecycle.error(type: 3, code: 3, from: serverEndpoint.address, at: 1, protocolNumber: 17)
            }),
        LifecycleSample(
            "answered too late",
            request(.udp, until: 1500) { lifecycle in
                lifecycle.exchange(9, at: 0, 9, at: 1500)
                lifecycle.unclaimed = UnclaimedAnswer(
                    time: after(1500), tuple: FlowTuple(.udp, lifecycle.client.endpoint, serverEndpoint),
                    missing: .socket, refusal: .icmp("port_unreachable"))
            }),
        LifecycleSample(
            "answered after the mapping's end",
            request(.udp, until: 0) { lifecycle in
                lifecycle.exchange(9, at: 0, 0, at: nil)
                let outside = Endpoint(IPAddress(v4: 0xC633_6401), 1189)
                var translation = Translation(
                    original: FlowTuple(.udp, lifecycle.client.endpoint, serverEndpoint),
                    reply: FlowTuple(.udp, serverEndpoint, outside), how: .conntrack, began: after(0))
                translation.ended = after(1000)
                lifecycle.translation = translation
                lifecycle.unclaimed = UnclaimedAnswer(
                    time: after(3000), tuple: translation.translated, missing: .mapping, refusal: nil)
            }),
        LifecycleSample(
            "datagram to a group",
            request(.udp, until: 0, server: Endpoint(IPAddress(v4: 0xE000_00FB), 5353), ending: .idle) {
                $0.exchange(9, at: 0, 0, at: nil)
            }),
        LifecycleSample(
            "syslog",
            request(.udp, until: 0, server: Endpoint(serverEndpoint.address, 514), ending: .idle) {
                $0.exchange(9, at: 0, 0, at: nil)
            }),
        LifecycleSample(
            "ping",
            request(.icmp, until: 1004, client: echoer, server: echoed, ending: .idle) { lifecycle in
                lifecycle.exchange(56, at: 0, 56, at: 4)
                lifecycle.client.segments = 2
                lifecycle.server.segments = 2
                lifecycle.application.kind = .echo
            }),
        LifecycleSample(
            "ping unanswered",
            request(.icmp, until: 2000, client: echoer, server: echoed, ending: .idle) { lifecycle in
                lifecycle.client.firstPayload = sampleStart
                lifecycle.client.segments = 3
            }),
        LifecycleSample(
            "ping out of hops",
            request(.icmp, until: 3, client: echoer, server: echoed, ending: .idle) { lifecycle in
                lifecycle.client.firstPayload = sampleStart
                lifecycle.error(type: 11, code: 0, at: 3, protocolNumber: 1)
            }),
    ]

    private static let echoer = Endpoint(clientEndpoint.address, 77)
    private static let echoed = Endpoint(serverEndpoint.address, 0)

    static let lookups: [LifecycleSample] = [
        asking(
            "lookup",
            [
                digest(
                    "example.org", .answered, rcode: 0, asked: 0, answered: 3, addresses: [serverEndpoint.address],
                    ttl: 300), digest("example.org", type: 28, .noData, rcode: 0, asked: 0, answered: 4),
            ]),
        asking("nxdomain", [digest("nosuch.example", .failed, rcode: 3, asked: 0, answered: 3)]),
        asking("servfail", [digest("example.org", .failed, rcode: 2, asked: 0, answered: 3)]),
        asking("refused lookup", [digest("example.org", .failed, rcode: 5, asked: 0, answered: 3)]),
        asking("notimp", [digest("example.org", .failed, rcode: 4, asked: 0, answered: 3)]),
        asking("no data", [digest("example.org", type: 28, .noData, rcode: 0, asked: 0, answered: 3)]),
        asking("unanswered lookup", [digest("example.org", .noAnswer, asked: 0, answered: nil)], isAnswered: false),
        asking(
            "unanswered lookup at the end of the capture", [digest("example.org", .noAnswer, asked: 0, answered: nil)],
            isAnswered: false, ending: .captureEnded),
        asking(
            "DNS server out of reach", [digest("example.org", .noAnswer, asked: 0, answered: nil)], isAnswered: false
        ) {
            $0.error(type: 3, code: 3, from: resolver.address, at: 1, protocolNumber: 17)
        },
        asking(
            "nxdomain tells more than silence",
            [
                digest("nosuch.example", type: 28, .noAnswer, asked: 0, answered: nil),
                digest("nosuch.example", .failed, rcode: 3, asked: 0, answered: 3),
            ]),
        asking(
            "pending lookup", [digest("example.org", .pending, asked: 0, answered: nil)], isAnswered: false, ending: nil
        ),
    ]

    private static func asking(
        _ name: String, _ digests: [LookupDigest], isAnswered: Bool = true, ending: Ending? = .idle,
        _ change: (inout Lifecycle) -> Void = { _ in }
    ) -> LifecycleSample {
        LifecycleSample(
            name,
            request(.udp, until: 3, server: resolver, ending: ending) { lifecycle in
                lifecycle.exchange(29, at: 0, 45, at: isAnswered ? 3 : nil)
                lifecycle.application.kind = .dns
                lifecycle.lookups = digests
                change(&lifecycle)
            })
    }

    static let links: [LifecycleSample] = [
        LifecycleSample("unanswered ARP", connection(.noAnswer, until: 0, ending: .idle) { $0.neighbour = unanswered }),
        LifecycleSample("held until the gateway failed", held(.failed, until: 3050) { $0.neighbour = unanswered }),
        LifecycleSample("held, and given up early", held(.incomplete, until: 300)),
        LifecycleSample(
            "two MACs",
            connection(.noAnswer, until: 0, ending: .idle) { lifecycle in
                var join = unanswered
                join.answered = after(-0.5)
                join.mac = MACAddress(bits: 1)
                join.otherMAC = MACAddress(bits: 2)
                lifecycle.neighbour = join
            }),
        LifecycleSample(
            "loopback",
            request(
                .udp, until: 1, client: Endpoint(loopback, 40000), server: Endpoint(loopback, 9999), ending: .idle
            ) { lifecycle in
                lifecycle.direction = .local
                lifecycle.exchange(9, at: 0, 9, at: 1)
            }),
    ]

    /// A connect whose first packet waited for its next hop until the socket was closed.
    private static func held(
        _ state: HostNeighbour.State, until milliseconds: Double, _ change: (inout Lifecycle) -> Void = { _ in }
    ) -> Lifecycle {
        request(.tcp, until: milliseconds, ending: .closed) { lifecycle in
            lifecycle.unsent = .neighbour(HostNeighbour(address: router, interface: "eth0", state: state))
            change(&lifecycle)
        }
    }

    private static let loopback = IPAddress(v6High: 0, low: 1)
    private static let unanswered = NeighbourJoin(
        address: router, asked: after(-3), answered: nil, requests: 3, mac: nil, awaited: true)
}
