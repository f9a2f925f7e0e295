package import API

/// Makes random records from a seed: every optional field is now there and now not, and every text is hostile.
package struct RecordGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private static let pieces = [
        "example.org", "\"", "\\", "/", "\n", "\r\n", "\t", "\u{0}", "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{9B}2J",
        "\u{202E}", "\u{2066}", "\u{2028}", "\u{200F}", "é", "名前", "👩‍👩‍👧", "\u{FFFD}", "\u{10FFFF}", "{}[],:", "\\u0041",
    ]

    package mutating func text() -> String {
        (0..<Int.random(in: 0...4, using: &self)).map { _ in Self.pieces.randomElement(using: &self) ?? "" }.joined()
    }

    package mutating func maybe<Value>(_ make: (inout RecordGenerator) -> Value) -> Value? {
        Bool.random(using: &self) ? make(&self) : nil
    }

    package mutating func list<Value>(_ make: (inout RecordGenerator) -> Value) -> [Value] {
        (0..<Int.random(in: 0...3, using: &self)).map { _ in make(&self) }
    }

    package mutating func number<Number: FixedWidthInteger>() -> Number {
        switch next() % 4 {
        case 0: .min
        case 1: .max
        default: Number(truncatingIfNeeded: next())
        }
    }

    package mutating func time() -> Time { Time(nanoseconds: number()) }

    /// Up to a century: beyond that a JSON number read as a binary double loses microseconds.
    package mutating func span() -> Milliseconds {
        Milliseconds(microseconds: Int64.random(in: -3_155_760_000_000_000...3_155_760_000_000_000, using: &self))
    }

    package mutating func word<Word: CaseIterable>(_: Word.Type = Word.self) -> Word? {
        Word.allCases.randomElement(using: &self)
    }

    package mutating func observed<Value>(_ make: (inout RecordGenerator) -> Value) -> Observed<Value>? {
        maybe { Observed($0.maybe(make)) }
    }
}

extension RecordGenerator {
    package mutating func record() -> Record {
        switch next() % 6 {
        case 0: .lookup(lookup())
        case 1: .neighbour(neighbour())
        case 2: .icmpError(icmpError())
        case 3: .summary(summary())
        case 4: .lease(lease())
        default: .request(request())
        }
    }

    package mutating func quic() -> QUICConnection {
        var quic = QUICConnection(
            version: text(), versionNegotiation: Bool.random(using: &self), retry: Bool.random(using: &self),
            zeroRTTPackets: number(), unreadInitials: number(),
            addressChanges: list { generator in
                QUICConnection.AddressChange(
                    time: generator.time(), party: generator.text(), from: generator.address(),
                    to: generator.address())
            })
        quic.firstVersion = maybe { $0.text() }
        quic.versionsOffered = list { $0.text() }
        quic.clientConnectionID = maybe { $0.text() }
        quic.serverConnectionID = maybe { $0.text() }
        quic.originalDestinationConnectionID = maybe { $0.text() }
        quic.rtt = maybe { $0.span() }
        quic.handshake = maybe { $0.span() }
        quic.transportParameters = maybe { generator in
            var values = QUICConnection.TransportParameters(disableActiveMigration: Bool.random(using: &generator))
            values.maxIdleTimeout = generator.maybe { $0.span() }
            values.maxUDPPayloadSize = generator.maybe { $0.number() }
            values.initialMaxData = generator.maybe { $0.number() }
            values.initialMaxStreamsBidi = generator.maybe { $0.number() }
            values.initialMaxStreamsUni = generator.maybe { $0.number() }
            return values
        }
        quic.close = maybe { generator in
            var close = QUICConnection.Close(
                time: generator.time(), by: generator.text(), errorCode: generator.number(), error: generator.text())
            close.frameType = generator.maybe { $0.number() }
            close.reasonPhrase = generator.maybe { $0.text() }
            return close
        }
        return quic
    }

    package mutating func request() -> Request {
        var request = Request(
            id: text(), transport: word() ?? .tcp, direction: word() ?? .local, client: side(isClient: true),
            server: side(isClient: false), first: time(), last: time(), duration: span(), outcome: word() ?? .ok,
            complete: Bool.random(using: &self), coverage: coverage())
        request.communityID = maybe { $0.text() }
        request.interface = maybe { $0.text() }
        request.vlanIDs = list { Int($0.number() as UInt16) }
        request.tunnels = list { $0.tunnel() }
        request.state = maybe { $0.word() ?? .closed }
        request.connState = maybe { $0.text() }
        request.history = maybe { $0.text() }
        request.portReused = maybe { Bool.random(using: &$0) }
        request.handshakeRTT = maybe { $0.span() }
        request.serverRTT = maybe { $0.span() }
        request.clientRTT = maybe { $0.span() }
        request.closedFirst = maybe { $0.text() }
        request.identifier = maybe { $0.number() }
        request.application = maybe { $0.text() }
        request.quic = maybe { $0.quic() }
        request.http = maybe { $0.http() }
        request.stages = list { $0.stage() }
        request.failure = maybe { Failure(stage: $0.word() ?? .close, reason: $0.text()) }
        request.nextHop = maybe { generator in
            NextHop(address: generator.maybe { $0.text() }, mac: generator.maybe { $0.text() })
        }
        request.answeredFrom = maybe { generator in
            ElsewhereAnswer(
                address: generator.text(), port: generator.number(), mac: generator.maybe { $0.text() },
                time: generator.time())
        }
        request.listener = maybe { generator in
            ServingListener(
                address: generator.text(), waiting: generator.maybe { $0.number() },
                limit: generator.maybe { $0.number() })
        }
        request.answerTTL = maybe { $0.number() }
        request.suggestedHops = maybe { $0.number() }
        request.tls = maybe { $0.tls() }
        request.lookups = list { $0.nameLookup() }
        request.attempts = maybe { $0.list { $0.connectAttempt() } }
        request.translation = maybe { $0.translation() }
        request.legs = maybe { $0.list { $0.leg() } }
        request.encryptedLookup = maybe {
            EncryptedLookup(kind: $0.text(), confidence: $0.text(), because: $0.text())
        }
        request.attemptOf = maybe { $0.text() }
        request.matched = maybe { $0.text() }
        request.icmpErrors = list { $0.icmpError() }
        request.icmpErrorCount = number()
        request.endedBecause = maybe { $0.text() }
        request.verdict = maybe { $0.verdict() }
        return request
    }

    package mutating func http() -> HTTP {
        var http = HTTP()
        http.exchanges = list { $0.exchange() }
        http.exchangeCount = number()
        http.failedCount = number()
        http.leftOut = number()
        http.tunnelTo = maybe { $0.text() }
        http.upgrade = maybe { $0.text() }
        http.unread = maybe { $0.text() }
        return http
    }

    package mutating func exchange() -> HTTPExchange {
        var exchange = HTTPExchange(number: number())
        exchange.method = maybe { $0.text() }
        exchange.host = maybe { $0.text() }
        exchange.path = maybe { $0.text() }
        exchange.version = maybe { $0.text() }
        exchange.status = maybe { $0.number() }
        exchange.responseVersion = maybe { $0.text() }
        exchange.interim = list { InterimResponse(status: $0.number(), time: $0.time()) }
        exchange.requested = maybe { $0.time() }
        exchange.requestEnded = maybe { $0.time() }
        exchange.responded = maybe { $0.time() }
        exchange.responseEnded = maybe { $0.time() }
        exchange.requestContentLength = maybe { $0.number() }
        exchange.requestBytes = number()
        exchange.requestChunked = .random(using: &self)
        exchange.contentLength = maybe { $0.number() }
        exchange.responseBytes = number()
        exchange.responseChunked = .random(using: &self)
        exchange.missingBytes = number()
        exchange.contentType = maybe { $0.text() }
        exchange.server = maybe { $0.text() }
        exchange.upgrade = maybe { $0.text() }
        exchange.interrupted = maybe { $0.text() }
        return exchange
    }

    /// Facts in the order of the contract, under names that it knows and others.
    package mutating func stage() -> Stage {
        var facts: [Fact] = []
        for name in FactOrder.names + ["zz", "zz_ms", "\u{7F}\""] where next() % 8 == 0 {
            let value: Fact.Value =
                name.hasSuffix("_ms")
                ? .span(span())
                : [.text(text()), .integer(number()), .flag(Bool.random(using: &self)), .list(list { $0.text() })]
                    .randomElement(using: &self) ?? .flag(true)
            facts.append(Fact(name, value, from: word() ?? .frame))
        }
        facts.sort { FactOrder.precedes($0.name, $1.name) }
        return Stage(
            word() ?? .name, word() ?? .ok, start: maybe { $0.time() }, duration: maybe { $0.span() },
            reason: maybe { $0.text() }, facts: facts)
    }

    private mutating func side(isClient: Bool) -> RequestSide {
        var side = RequestSide(address: text(), port: maybe { $0.number() }, segments: number(), payloadBytes: number())
        side.names = list { generator in
            Name(name: generator.text(), how: generator.text(), lookup: generator.maybe { $0.nameLookup() })
        }
        side.mac = maybe { $0.text() }
        side.ttl = maybe { $0.number() }
        side.firstPayload = maybe { $0.time() }
        side.lastPayload = maybe { $0.time() }
        side.sequenceBytes = maybe { $0.number() }
        side.retransmittedSegments = maybe { $0.number() }
        side.outOfOrderSegments = maybe { $0.number() }
        side.zeroWindows = maybe { $0.number() }
        side.missingBytes = maybe { $0.number() }
        side.unacknowledged = maybe { $0.number() }
        side.closedWindow = maybe { $0.span() }
        side.windowClosed = maybe { Bool.random(using: &$0) }
        side.resetTTL = maybe { $0.number() }
        side.counts.fastRetransmissions = maybe { $0.number() }
        side.counts.spuriousRetransmissions = maybe { $0.number() }
        side.counts.duplicateAcks = maybe { $0.number() }
        side.counts.lostSegments = maybe { $0.number() }
        side.counts.ackedUnseenSegments = maybe { $0.number() }
        side.counts.windowFull = maybe { $0.number() }
        side.counts.windowUpdates = maybe { $0.number() }
        side.counts.zeroWindowProbes = maybe { $0.number() }
        side.counts.keepAlives = maybe { $0.number() }
        side.counts.keepAliveAcks = maybe { $0.number() }
        side.handshake = maybe { generator in
            let (first, last) = (generator.maybe { $0.time() }, generator.maybe { $0.time() })
            return isClient
                ? .syn(count: generator.number(), first: first, last: last)
                : .synAck(count: generator.number(), first: first, last: last)
        }
        side.fin = maybe { Bool.random(using: &$0) }
        side.finTime = maybe { $0.time() }
        side.rst = maybe { Bool.random(using: &$0) }
        side.rstTime = maybe { $0.time() }
        side.mss = observed { $0.number() }
        side.windowScale = observed { $0.number() }
        side.sackPermitted = maybe { Bool.random(using: &$0) }
        side.timestamps = maybe { Bool.random(using: &$0) }
        side.fastOpen = maybe { Bool.random(using: &$0) }
        side.multipath = maybe { Bool.random(using: &$0) }
        return side
    }

    private mutating func tls() -> TLS {
        var tls = TLS()
        tls.serverName = maybe { $0.text() }
        tls.serverNameMayBeOuter = maybe { Bool.random(using: &$0) }
        tls.ech = maybe { $0.text() }
        tls.alpnOffered = list { $0.text() }
        tls.alpn = maybe { $0.text() }
        tls.versionsOffered = list { $0.text() }
        tls.version = maybe { $0.text() }
        tls.cipherSuitesOffered = list { $0.text() }
        tls.cipherSuite = maybe { $0.text() }
        tls.groupsOffered = list { $0.text() }
        tls.keyShares = list { $0.text() }
        tls.group = maybe { $0.text() }
        tls.signatureAlgorithmsOffered = list { $0.text() }
        tls.resumption = maybe { generator in
            TLS.Resumption(offered: generator.text(), accepted: generator.maybe { Bool.random(using: &$0) })
        }
        tls.earlyDataOffered = maybe { Bool.random(using: &$0) }
        tls.ja3 = maybe { $0.text() }
        tls.ja3Text = maybe { $0.text() }
        tls.ja4 = maybe { $0.text() }
        tls.certificates = list { $0.certificate() }
        tls.certificateCount = maybe { $0.number() }
        tls.clientCertificateRequested = maybe { Bool.random(using: &$0) }
        tls.clientCertificates = list { $0.certificate() }
        tls.clientCertificateCount = maybe { $0.number() }
        tls.certificateStatus = maybe { Bool.random(using: &$0) }
        tls.sessionTicket = maybe { Bool.random(using: &$0) }
        tls.alerts = list { TLS.Alert(time: $0.time(), from: $0.text(), level: $0.text(), name: $0.text()) }
        tls.alertCount = number()
        tls.encryptedAlertFrom = maybe { $0.text() }
        tls.encryptedAlertTime = maybe { $0.time() }
        tls.clientHello = maybe { $0.time() }
        tls.helloRetryRequest = maybe { $0.time() }
        tls.serverHello = maybe { $0.time() }
        tls.finished = maybe { $0.time() }
        tls.handshake = maybe { $0.span() }
        tls.partlyUnseen = maybe { Bool.random(using: &$0) }
        return tls
    }

    private mutating func certificate() -> Certificate {
        var certificate = Certificate(fingerprint: text())
        certificate.subject = maybe { $0.text() }
        certificate.names = list { $0.text() }
        certificate.namesLeftOut = number()
        certificate.issuer = maybe { $0.text() }
        certificate.serial = maybe { $0.text() }
        certificate.notBefore = maybe { $0.text() }
        certificate.notAfter = maybe { $0.text() }
        certificate.keyType = maybe { $0.text() }
        certificate.keyBits = maybe { $0.number() }
        certificate.keyCurve = maybe { $0.text() }
        certificate.signatureAlgorithm = maybe { $0.text() }
        certificate.selfSigned = maybe { Bool.random(using: &$0) }
        certificate.expired = maybe { Bool.random(using: &$0) }
        certificate.notYetValid = maybe { Bool.random(using: &$0) }
        certificate.nameMatches = maybe { Bool.random(using: &$0) }
        return certificate
    }

    private mutating func nameLookup() -> NameLookup {
        var lookup = NameLookup(
            name: text(), type: text(), server: text(), status: text(), queried: maybe { $0.time() },
            answered: maybe { $0.time() }, rtt: maybe { $0.span() }, retries: number(), rcode: maybe { $0.text() },
            chain: list { $0.text() }, addresses: list { $0.text() }, ttl: maybe { $0.number() })
        lookup.kind = text()
        lookup.extendedErrors = maybe { $0.list { $0.extendedError() } }
        lookup.searched = maybe { $0.list { $0.searchedName() } }
        lookup.askedBefore = maybe { $0.list { $0.askedServer() } }
        lookup.pair = maybe { $0.lookupPair() }
        lookup.stub = maybe { $0.stubAnswer() }
        return lookup
    }

    private mutating func connectAttempt() -> ConnectAttempt {
        ConnectAttempt(
            client: address(), server: address(), started: time(), outcome: text(), reason: maybe { $0.text() },
            duration: maybe { $0.span() }, interface: maybe { $0.text() })
    }

    private mutating func extendedError() -> ExtendedError {
        ExtendedError(code: number(), name: text(), text: maybe { $0.text() })
    }

    private mutating func searchedName() -> SearchedName {
        SearchedName(name: text(), status: text(), rcode: maybe { $0.text() }, rtt: span())
    }

    private mutating func stubAnswer() -> StubAnswer {
        StubAnswer(
            fromCache: Bool.random(using: &self),
            upstream: list {
                UpstreamLookup(
                    server: $0.text(), status: $0.text(), rcode: $0.maybe { $0.text() }, queried: $0.time(),
                    rtt: $0.maybe { $0.span() })
            })
    }

    private mutating func askedServer() -> AskedServer {
        AskedServer(server: text(), status: text(), rcode: maybe { $0.text() }, queried: time())
    }

    private mutating func lookupPair() -> LookupPair {
        LookupPair(type: text(), status: text(), rcode: maybe { $0.text() }, rtt: maybe { $0.span() })
    }

    private mutating func edns() -> EDNS {
        var edns = EDNS(
            udpSize: number(), version: number(), dnssecOK: Bool.random(using: &self), options: list { $0.text() })
        edns.nsid = maybe { $0.text() }
        edns.clientSubnet = maybe { $0.text() }
        edns.keepAlive = maybe { $0.span() }
        edns.padding = maybe { $0.number() }
        return edns
    }

    package mutating func translation() -> Translation {
        var translation = Translation(
            transport: word() ?? .tcp, kinds: list { $0.text() }, original: tuple(), translated: tuple(),
            knownBy: text())
        translation.began = maybe { $0.time() }
        translation.ended = maybe { $0.time() }
        translation.heard = maybe { $0.time() }
        translation.state = maybe { $0.text() }
        translation.answered = maybe { Bool.random(using: &$0) }
        translation.zone = maybe { $0.number() }
        translation.mark = maybe { $0.number() }
        translation.rule = maybe { $0.rule() }
        return translation
    }

    private mutating func rule() -> TranslationRule {
        TranslationRule(
            family: text(), table: text(), chain: text(), handle: number(), action: text(), text: text())
    }

    package mutating func portForwardList() -> PortForwardList {
        PortForwardList(
            items: list { generator in
                var forward = PortForward(rule: generator.rule(), uses: generator.number())
                forward.transport = generator.maybe { $0.text() }
                forward.address = generator.maybe { $0.text() }
                forward.ports = generator.maybe { $0.text() }
                forward.interface = generator.maybe { $0.text() }
                forward.targetAddress = generator.maybe { $0.text() }
                forward.targetPort = generator.maybe { $0.text() }
                forward.open = generator.maybe { $0.number() }
                forward.lastUsed = generator.maybe { $0.time() }
                forward.last = generator.maybe { $0.tuple() }
                return forward
            }, trouble: maybe { $0.text() })
    }

    private mutating func leg() -> Leg {
        var leg = Leg(interface: maybe { $0.text() }, tuple: tuple(), knownBy: text())
        leg.tunnels = list { $0.tunnel() }
        leg.first = maybe { $0.time() }
        leg.firstAnswer = maybe { $0.time() }
        leg.delay = maybe { $0.span() }
        leg.answerDelay = maybe { $0.span() }
        return leg
    }

    private mutating func tuple() -> Translation.Tuple {
        Translation.Tuple(source: address(), destination: address())
    }

    private mutating func coverage() -> Coverage {
        var coverage = Coverage()
        coverage.cutFrames = number()
        coverage.joinedMidstream = Bool.random(using: &self)
        coverage.untrackedHoles = number()
        coverage.copiesElsewhere = number()
        coverage.reassembled = number()
        coverage.analysisSkipped = maybe { Bool.random(using: &$0) }
        coverage.translationsMissed = maybe { Bool.random(using: &$0) }
        return coverage
    }

    package mutating func verdict() -> Verdict {
        Verdict(
            id: text(), severity: word() ?? .error, stage: maybe { $0.word() ?? .close }, summary: text(),
            evidence: list { $0.text() }, confidence: word() ?? .certain, next: list { $0.text() })
    }

    package mutating func lookup() -> Lookup {
        var lookup = Lookup(
            client: address(), server: address(), transport: word() ?? .udp, id: number(), name: text(), type: text(),
            status: text(), queried: maybe { $0.time() }, answered: maybe { $0.time() }, rtt: maybe { $0.span() },
            rcode: maybe { $0.text() }, truncated: Bool.random(using: &self), retries: number(),
            chain: list { $0.text() }, addresses: list { $0.text() },
            answers: list { Lookup.Answer(name: $0.text(), type: $0.text(), ttl: $0.number(), data: $0.text()) },
            answersLeftOut: number())
        lookup.kind = text()
        lookup.queryFlags = maybe { $0.list { $0.text() } }
        lookup.flags = maybe { $0.list { $0.text() } }
        lookup.sections = maybe { Sections(answer: $0.number(), authority: $0.number(), additional: $0.number()) }
        lookup.queryEDNS = maybe { $0.edns() }
        lookup.edns = maybe { $0.edns() }
        lookup.extendedErrors = maybe { $0.list { $0.extendedError() } }
        lookup.searched = maybe { $0.list { $0.searchedName() } }
        lookup.askedBefore = maybe { $0.list { $0.askedServer() } }
        lookup.pair = maybe { $0.lookupPair() }
        lookup.stub = maybe { $0.stubAnswer() }
        return lookup
    }

    private mutating func tunnel() -> Tunnel {
        Tunnel(
            kind: text(), id: maybe { $0.number() }, source: maybe { $0.text() }, destination: maybe { $0.text() })
    }

    package mutating func neighbour() -> Neighbour {
        var neighbour = Neighbour(
            transport: text(), kind: text(), interface: maybe { $0.text() }, vlanIDs: list { $0.number() },
            target: text(), asker: maybe { $0.text() }, askerMAC: maybe { $0.text() }, requests: number(),
            replies: number(), macs: list { $0.text() }, first: time(), answered: maybe { $0.time() }, last: time(),
            duration: maybe { $0.span() }, complete: Bool.random(using: &self))
        neighbour.tunnels = list { $0.tunnel() }
        return neighbour
    }

    package mutating func lease() -> Lease {
        var lease = Lease(
            transactionID: number(), outcome: text(), attempts: number(), offers: number(), first: time(),
            last: time(), duration: span(), complete: Bool.random(using: &self))
        lease.clientMAC = maybe { $0.text() }
        lease.interface = maybe { $0.text() }
        lease.vlanIDs = list { Int($0.number() as UInt16) }
        lease.tunnels = list { $0.tunnel() }
        lease.hostname = maybe { $0.text() }
        lease.requestedAddress = maybe { $0.text() }
        lease.address = maybe { $0.text() }
        lease.server = maybe { $0.text() }
        lease.relay = maybe { $0.text() }
        lease.subnetMask = maybe { $0.text() }
        lease.routers = list { $0.text() }
        lease.nameServers = list { $0.text() }
        lease.domain = maybe { $0.text() }
        lease.search = list { $0.text() }
        lease.timeServers = list { $0.text() }
        lease.mtu = maybe { $0.number() }
        lease.leaseSeconds = maybe { $0.number() }
        lease.renewalSeconds = maybe { $0.number() }
        lease.rebindingSeconds = maybe { $0.number() }
        lease.routes = list { Lease.Route(destination: $0.text(), gateway: $0.text()) }
        lease.message = maybe { $0.text() }
        lease.discover = maybe { $0.time() }
        lease.offer = maybe { $0.time() }
        lease.request = maybe { $0.time() }
        lease.ack = maybe { $0.time() }
        lease.nak = maybe { $0.time() }
        lease.decline = maybe { $0.time() }
        lease.inform = maybe { $0.time() }
        lease.release = maybe { $0.time() }
        return lease
    }

    private mutating func icmpError() -> ICMPError {
        ICMPError(
            time: time(), from: text(), to: text(), type: number(), code: number(), name: text(),
            mtu: maybe { $0.number() },
            quoted: maybe {
                ICMPError.Quotation(transport: $0.text(), source: $0.address(), destination: $0.address())
            },
            request: maybe { $0.text() })
    }

    private mutating func address() -> SocketAddress { SocketAddress(address: text(), port: maybe { $0.number() }) }

    package mutating func summary() -> Summary {
        var summary = Summary()
        summary.frames = number()
        summary.bytes = number()
        summary.first = maybe { $0.time() }
        summary.last = maybe { $0.time() }
        summary.cutFrames = number()
        summary.otherFrames = number()
        summary.laterFragments = number()
        summary.fragments.reassembled = number()
        summary.fragments.overlapping = number()
        summary.fragments.tooLarge = number()
        summary.fragments.tooManyPieces = number()
        summary.fragments.cut = number()
        summary.fragments.incomplete = number()
        summary.unsupportedFrames = number()
        summary.requests = number()
        summary.lookups = number()
        summary.neighbours = number()
        summary.leases = number()
        summary.icmpErrors = number()
        summary.layers = list { generator in
            LayerTotals(
                layer: generator.text(), decoded: generator.number(), cut: generator.number(),
                malformed: generator.number(),
                reasons: generator.list { LayerTotals.Reason(reason: $0.text(), count: $0.number()) })
        }
        summary.tables = list {
            TableTotals(
                name: $0.text(), count: $0.number(), peak: $0.number(), capacity: $0.number(), evictions: $0.number())
        }
        return summary
    }

    package mutating func status() -> Status {
        Status(
            version: text(), started: time(), uptime: span(), observedUntil: maybe { $0.time() },
            interfaces: list { generator in
                var interface = InterfaceStatus(
                    name: generator.text(), state: generator.word() ?? .failed, reason: generator.maybe { $0.text() },
                    linkType: generator.maybe { $0.text() }, snapLength: generator.maybe { $0.number() },
                    received: generator.maybe { $0.number() }, droppedByKernel: generator.maybe { $0.number() },
                    droppedByInterface: generator.maybe { $0.number() }, cut: generator.maybe { $0.number() })
                interface.framesPerSecond = generator.maybe { $0.number() }
                interface.bytesPerSecond = generator.maybe { $0.number() }
                interface.droppedPerSecond = generator.maybe { $0.number() }
                return interface
            }, totals: summary(), limits: list { Status.Limit(what: $0.text(), why: $0.text()) },
            checks: maybe { $0.list { $0.check() } },
            daemon: maybe { generator in
                DaemonProcess(
                    pid: generator.number(), cpu: generator.span(), cpuPerSecond: generator.maybe { $0.span() },
                    resident: generator.maybe { $0.number() }, peakResident: generator.maybe { $0.number() },
                    threads: generator.maybe { $0.number() }, openFiles: generator.maybe { $0.number() },
                    openFilesLimit: generator.maybe { $0.number() })
            }, history: maybe { $0.historyStatus() }, scope: word())
    }

    package mutating func historyStatus() -> HistoryStatus {
        HistoryStatus(
            directory: text(), state: word() ?? .writing, trouble: maybe { $0.text() }, bytes: number(),
            limitBytes: number(), keepDays: number(), oldest: maybe { $0.time() }, requests: number(),
            lookups: number(),
            neighbours: number(), leases: number(), icmpErrors: number(), waiting: number(), written: number(),
            lost: number(), lostUnanswered: number(), droppedForSize: number(), droppedForAge: number(),
            setAside: list { $0.text() })
    }

    package mutating func check() -> Check {
        Check(text(), word() ?? .lost, text(), lost: maybe { $0.text() }, fix: maybe { $0.text() })
    }

    package mutating func flag() -> Bool { maybe { _ in true } ?? false }

    package mutating func routeList() -> RouteList {
        RouteList(
            answer: maybe { $0.routeAnswer() },
            routes: list { generator in
                var route = RouteList.Route(
                    family: generator.text(), type: generator.text(), destination: generator.text(),
                    table: generator.text(), origin: generator.text(), metric: generator.number(),
                    nextHops: generator.list { hop in
                        RouteList.NextHop(
                            gateway: hop.maybe { $0.text() }, interface: hop.maybe { $0.text() }, weight: hop.number(),
                            usable: hop.flag())
                    })
                route.source = generator.maybe { $0.text() }
                route.preferredSource = generator.maybe { $0.text() }
                route.mtu = generator.maybe { $0.number() }
                route.since = generator.maybe { $0.time() }
                return route
            },
            rules: list { generator in
                RouteList.Rule(
                    family: generator.text(), priority: generator.number(), selectors: generator.list { $0.text() },
                    action: generator.text(), origin: generator.maybe { $0.text() })
            },
            changes: list { $0.routeChange() }, trouble: maybe { $0.text() })
    }

    package mutating func routeChange() -> RouteChange {
        RouteChange(
            time: time(), kind: text(), subject: text(), before: maybe { $0.text() }, after: maybe { $0.text() },
            table: maybe { $0.text() }, late: flag())
    }

    private mutating func routeAnswer() -> RouteAnswer {
        var answer = RouteAnswer(to: text(), status: word() ?? .ok, reason: maybe { $0.text() })
        answer.type = maybe { $0.text() }
        answer.gateway = maybe { $0.text() }
        answer.interface = maybe { $0.text() }
        answer.preferredSource = maybe { $0.text() }
        answer.table = maybe { $0.text() }
        answer.mtu = maybe { $0.number() }
        answer.destination = maybe { $0.text() }
        answer.origin = maybe { $0.text() }
        answer.metric = maybe { $0.number() }
        answer.neighbour = maybe { $0.kernelNeighbour() }
        return answer
    }

    package mutating func kernelNeighbour() -> KernelNeighbour {
        KernelNeighbour(
            address: text(), interface: text(), state: text(), mac: maybe { $0.text() }, router: flag(),
            earlierMAC: maybe { $0.text() }, moved: maybe { $0.time() }, moves: number())
    }

    package mutating func portList() -> PortList {
        PortList(
            listeners: list { $0.listener() },
            ephemeral: maybe { generator in
                EphemeralRange(
                    first: generator.number(), last: generator.number(), reserved: generator.list { $0.text() },
                    count: generator.number())
            },
            pressure: list { generator in
                PortPressure(
                    source: generator.text(), peer: generator.text(), peerPort: generator.number(),
                    inUse: generator.number(), timeWait: generator.number(), available: generator.number(),
                    processes: generator.list { $0.portProcess() }, growth: generator.maybe { $0.number() },
                    exhaustedIn: generator.maybe { $0.span() })
            }, trouble: maybe { $0.text() })
    }

    package mutating func portReport() -> PortReport {
        PortReport(
            port: number(), summary: text(), listeners: list { $0.listener() },
            rules: list { generator in
                PortRule(
                    transports: generator.list { $0.text() }, family: generator.text(), table: generator.text(),
                    chain: generator.text(), handle: generator.number(), hook: generator.maybe { $0.text() },
                    action: generator.text(), text: generator.text(), certain: generator.flag())
            }, rulesTrouble: maybe { $0.text() },
            requests: list { generator in
                PortRequest(
                    id: generator.text(), first: generator.time(), transport: generator.word() ?? .tcp,
                    direction: generator.word() ?? .inbound, client: generator.text(), server: generator.text(),
                    outcome: generator.word() ?? .ok, failure: generator.maybe { $0.text() })
            }, trouble: maybe { $0.text() })
    }

    private mutating func listener() -> Listener {
        Listener(
            transport: text(), address: text(), port: number(), scope: text(), userID: number(),
            processes: list { $0.portProcess() }, waiting: maybe { $0.number() }, backlog: maybe { $0.number() },
            drops: maybe { $0.number() })
    }

    private mutating func portProcess() -> PortProcess {
        PortProcess(pid: number(), name: text(), sockets: number())
    }
}
