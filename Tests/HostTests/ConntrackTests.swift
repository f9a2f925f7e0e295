import CLinux
import Glibc
import Model
import Testing

@testable import Host

/// ctnetlink as a router's kernel spoke it (`Tests/Captures/netlink/conntrack.hex`), and as no kernel should.
@Suite struct ConntrackTests {
    let now = Timestamp(seconds: 1_000, nanoseconds: 0)

    /// Read once: some tests make thousands of watchers.
    private static let dump = Result {
        try Recording("conntrack").datagrams("entries").map { NetlinkReception.datagram($0.answering(1)) }
    }

    static func script(then later: [[NetlinkReception]] = []) throws -> ScriptedSocket.Script {
        ScriptedSocket.Script(answers: [try dump.get()] + later)
    }

    static func words(_ fact: Fact) -> String {
        switch fact.body {
        case .translation(let translation):
            "\(translation.kinds.joined(separator: "+")) \(translation.original) becomes \(translation.translated)"
                + (translation.ended == nil ? "" : ", over")
        case .untranslated(let tuple, let why): "\(tuple) \(why)"
        case .translationsMissed(let why): "missed: \(why)"
        case .insertsFailed(let count, _): "\(count) inserts failed"
        case .insertsRefused(let refusal): "\(refusal.count) refused, \(refusal.tracked) of \(refusal.limit)"
        case .addressAdded, .addressRemoved, .addressesForgotten, .link, .linkRemoved, .socketOwner, .resynchronised,
            .route, .portsScarce, .unsent:
            "of something else"
        }
    }

    static func tuple(_ source: String, _ port: UInt16, _ destination: String, _ destinationPort: UInt16) -> FlowTuple {
        FlowTuple(
            .tcp, Endpoint(IPAddress(source) ?? .anyIPv4, port),
            Endpoint(IPAddress(destination) ?? .anyIPv4, destinationPort))
    }

    @Test func tellsWhatIsTranslatedAndKeepsTheRest() throws {
        let script = try Self.script()
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        #expect(!watcher.isSynchronised)
        // What stood before is told to those who ask, and to nobody else.
        #expect(try watcher.receive(at: now).isEmpty)
        #expect(watcher.isSynchronised && watcher.table.count == 2 && watcher.table.translatedCount == 2)
        #expect(script.requests == [NetlinkRequest.allConnections(sequence: 1)])

        script.waiting = try Recording("conntrack").datagrams("event").map { .datagram($0) }
        let facts = try watcher.receive(at: now)
        #expect(
            facts.map(Self.words) == [
                "snat tcp 10.77.1.2:40001 → 10.77.2.2:80 becomes tcp 10.77.2.1:40001 → 10.77.2.2:80",
                "dnat tcp 10.77.2.2:40002 → 10.77.2.1:8080 becomes tcp 10.77.2.2:40002 → 10.77.1.2:80",
                "snat+dnat tcp 10.77.1.2:40003 → 10.77.2.1:8080 becomes tcp 10.77.1.1:40003 → 10.77.1.2:80",
                "dnat tcp 10.77.1.2:40004 → 10.77.2.2:8888 becomes tcp 10.77.1.2:40004 → 10.77.1.1:9999",
                "snat tcp 10.77.1.2:40001 → 10.77.2.2:80 becomes tcp 10.77.2.1:40001 → 10.77.2.2:80, over",
            ])
        #expect(watcher.table.count == 6 && watcher.table.translatedCount == 5)
        #expect(watcher.ended.all.map(\.translation.translated) == [Self.tuple("10.77.2.1", 40001, "10.77.2.2", 80)])
        #expect(watcher.malformedDatagrams == 0 && watcher.overruns == 0)
    }

    @Test func isFoundByBothTuplesInBothDirections() throws {
        let script = try Self.script()
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        script.waiting += try Recording("conntrack").datagrams("event").map { .datagram($0) }
        _ = try watcher.receive(at: now)
        let before = Self.tuple("10.77.1.2", 40003, "10.77.2.1", 8080)
        let after = Self.tuple("10.77.1.1", 40003, "10.77.1.2", 80)
        for tuple in [before, before.reversed, after, after.reversed] {
            let found = watcher.table.entry(of: tuple)
            #expect(
                found?.entry.original == before && found?.entry.reply == after.reversed && found?.isAmbiguous == false)
            #expect(found?.entry.status ?? 0 & IPS_SRC_NAT.rawValue != 0)
            #expect(found?.entry.tcpState == UInt8(TCP_CONNTRACK_TIME_WAIT.rawValue))
        }
        let untouched = watcher.table.entry(of: Self.tuple("10.77.1.2", 40005, "10.77.1.1", 9999))
        #expect(untouched?.entry.isTranslated == false)
        #expect(watcher.table.entry(of: Self.tuple("10.77.1.2", 40001, "10.77.2.2", 80)) == nil)
    }

    /// The list of what ended has the state that was told last.
    @Test func whatEndedKeepsItsLastState() throws {
        let script = try Self.script()
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)
        let events = try Recording("conntrack").datagrams("event").map { NetlinkReception.datagram($0) }
        script.waiting = events.dropLast()
        _ = try watcher.receive(at: now)
        let known = try #require(watcher.table.entry(of: Self.tuple("10.77.1.2", 40001, "10.77.2.2", 80))?.entry)
        script.waiting = events.suffix(1)
        _ = try watcher.receive(at: now)
        let ended = try #require(watcher.ended.all.first)
        #expect(ended.state != nil && ended.state == known.tcpState.flatMap { ConntrackEntry.name(ofTCPState: $0) })
        #expect(ended.isAnswered && known.status & IPS_SEEN_REPLY.rawValue != 0)
    }

    @Test func lostMessagesAreAskedForAnew() throws {
        let recording = try Recording("conntrack")
        let events = recording.datagrams("event").map { NetlinkReception.datagram($0) }
        // The second dump is empty: all that was there has ended meanwhile.
        let script = try Self.script(then: [[LinkWatcherTests.done(2)]])
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)
        script.waiting = [events[0], .lost("overflow")]
        let facts = try watcher.receive(at: now).map(Self.words)
        #expect(
            facts.prefix(2) == [
                "snat tcp 10.77.1.2:40001 → 10.77.2.2:80 becomes tcp 10.77.2.1:40001 → 10.77.2.2:80",
                "missed: overflow",
            ])
        #expect(facts.dropFirst(2).allSatisfy { $0.hasSuffix(", over") } && facts.count == 5)
        #expect(watcher.overruns == 1 && watcher.table.count == 0 && watcher.isSynchronised)
    }

    @Test func aLossDuringTheDumpMeansAnother() throws {
        let recording = try Recording("conntrack")
        let script = ScriptedSocket.Script(
            answers: [
                [.lost("overflow")] + recording.datagrams("entries").map { .datagram($0.answering(1)) },
                recording.datagrams("entries").map { .datagram($0.answering(2)) },
            ])
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)
        #expect(watcher.isSynchronised && watcher.table.count == 2 && script.requests.count == 2)
    }

    @Test func answersOfOtherRequestsEndNoDump() throws {
        let script = ScriptedSocket.Script(answers: [
            [LinkWatcherTests.done(9), LinkWatcherTests.refusal(9, errno: EPERM)]
        ])
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        #expect(try watcher.receive(at: now).isEmpty)
        #expect(!watcher.isSynchronised)
    }

    @Test func aRefusedDumpIsAnError() throws {
        let script = ScriptedSocket.Script(answers: [[LinkWatcherTests.refusal(1, errno: EPERM)]])
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        #expect(throws: NetlinkError.refused(request: "connections (conntrack)", errno: EPERM)) {
            try watcher.receive(at: now)
        }
    }

    /// Cut anywhere, a datagram gives what stands before the cut, or nothing; it never traps.
    @Test func survivesEveryCut() throws {
        for bytes in try Recording("conntrack").datagrams("event") {
            for length in 0..<bytes.count {
                let script = try Self.script()
                let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
                script.waiting.append(.datagram(Array(bytes.prefix(length))))
                _ = try watcher.receive(at: now)
                // The message's own length may be made to agree with what is left of it.
                guard length >= 16 else { continue }
                var short = Array(bytes.prefix(length))
                (short[0], short[1]) = (UInt8(length & 0xFF), UInt8(length >> 8))
                script.waiting.append(.datagram(short))
                _ = try watcher.receive(at: now)
            }
        }
    }

    /// Lengths of attributes that lie, types that nobody knows.
    @Test func survivesEveryFlippedByte() throws {
        let bytes = try #require(try Recording("conntrack").datagrams("event").first)
        for position in 16..<bytes.count {
            for value in [UInt8(0), 1, 3, 0x7F, 0xFF] {
                var damaged = bytes
                damaged[position] = value
                let script = try Self.script()
                let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
                script.waiting.append(.datagram(damaged))
                _ = try watcher.receive(at: now)
                #expect(watcher.table.count <= 3)
            }
        }
    }

    /// The kernel is not asked while all that it told is known.
    static func nobody(_ tuple: FlowTuple) -> ConntrackAnswer {
        Issue.record("asked for \(tuple)")
        return .unknown
    }

    @Test func questionsAreAnsweredOnceTheEventHasCome() throws {
        let script = try Self.script()
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)
        var questions = ConntrackQuestions()
        #expect(questions.due == nil)
        func ask(_ tuple: FlowTuple) {
            questions.take([HostQuestion(tuple: tuple, direction: .outbound, first: now, needsOwner: false)], at: now)
        }
        let translated = Self.tuple("10.77.2.1", 40001, "10.77.2.2", 80)
        let untouched = Self.tuple("10.77.1.2", 40005, "10.77.1.1", 9999)
        let unknown = Self.tuple("192.0.2.1", 1, "192.0.2.2", 2)
        for tuple in [translated, untouched, unknown] { ask(tuple) }
        #expect(questions.answers(at: now, watcher, ask: Self.nobody).isEmpty)
        #expect(questions.due == now + .milliseconds(50), "no event comes for what is not tracked")
        script.waiting = try Recording("conntrack").datagrams("event").dropLast().map { .datagram($0) }
        _ = try watcher.receive(at: now)
        #expect(
            questions.answers(at: now + .milliseconds(100), watcher, ask: Self.nobody).map(Self.words) == [
                "snat tcp 10.77.1.2:40001 → 10.77.2.2:80 becomes tcp 10.77.2.1:40001 → 10.77.2.2:80",
                "tcp 10.77.1.2:40005 → 10.77.1.1:9999 untouched",
            ])
        #expect(
            questions.answers(at: now + .milliseconds(250), watcher, ask: Self.nobody).map(Self.words) == [
                "tcp 192.0.2.1:1 → 192.0.2.2:2 untracked"
            ])
        #expect(questions.summary.count == 0 && questions.due == nil)
    }

    /// Other sources have their turns meanwhile.
    @Test func aLongDumpIsReadInParts() throws {
        let entries = try Recording("conntrack").datagrams("entries").map { NetlinkReception.datagram($0.answering(1)) }
        let many = [NetlinkReception](repeating: entries[0], count: 5000) + entries.suffix(1)
        let script = ScriptedSocket.Script(answers: [many])
        let watcher = try ConntrackWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)
        let left = script.waiting.count
        #expect(left > 0 && left < many.count)
        while !script.waiting.isEmpty { _ = try watcher.receive(at: now) }
        #expect(watcher.isSynchronised && watcher.table.count == 2)
    }

    /// The table is full, and still the kernel says that these were made just now.
    @Test func newTranslationsAreToldThoughThereIsNoRoom() throws {
        let script = try Self.script()
        let watcher = try ConntrackWatcher(
            socket: ScriptedSocket(script: script), table: ConntrackTable(capacity: 2))
        script.waiting += try Recording("conntrack").datagrams("event").dropLast().map { .datagram($0) }
        let facts = try watcher.receive(at: now).map(Self.words)
        #expect(
            facts == [
                "snat tcp 10.77.1.2:40001 → 10.77.2.2:80 becomes tcp 10.77.2.1:40001 → 10.77.2.2:80",
                "dnat tcp 10.77.2.2:40002 → 10.77.2.1:8080 becomes tcp 10.77.2.2:40002 → 10.77.1.2:80",
                "snat+dnat tcp 10.77.1.2:40003 → 10.77.2.1:8080 becomes tcp 10.77.1.1:40003 → 10.77.1.2:80",
                "dnat tcp 10.77.1.2:40004 → 10.77.2.2:8888 becomes tcp 10.77.1.2:40004 → 10.77.1.1:9999",
            ])
        #expect(watcher.table.count == 2 && !watcher.table.isComplete && watcher.isSynchronised)
    }

    @Test func countersAreSummedOverTheProcessors() throws {
        let datagrams = try Recording("conntrack").datagrams("statistics")
        let script = ScriptedSocket.Script(
            answers: [datagrams.map { .datagram($0.answering(7)) } + datagrams.map { .datagram($0.answering(1)) }])
        let counters = ConntrackCounters(socket: ScriptedSocket(script: script))
        try counters.ask(at: now)
        // A dump that is under way is not asked for again.
        try counters.ask(at: now + .seconds(1))
        #expect(script.requests == [NetlinkRequest.conntrackStatistics(sequence: 1)])
        #expect(try counters.receive(at: now + .seconds(2)))
        #expect(counters.latest?.asked == now && counters.latest?.heard == now + .seconds(2))
        #expect(counters.latest?.dropped == 0)
        #expect(try !counters.receive(at: now + .seconds(3)))
        script.waiting = [.lost("too much")]
        try counters.ask(at: now + .seconds(3))
        #expect(try !counters.receive(at: now + .seconds(4)))
        try counters.ask(at: now + .seconds(5))
        #expect(script.requests.count == 3)
    }

    @Test func aKernelWithoutCountersIsAnError() throws {
        let script = ScriptedSocket.Script(answers: [[LinkWatcherTests.refusal(1, errno: EOPNOTSUPP)]])
        let counters = ConntrackCounters(socket: ScriptedSocket(script: script))
        try counters.ask(at: now)
        #expect(throws: NetlinkError.refused(request: "counters (conntrack)", errno: EOPNOTSUPP)) {
            _ = try counters.receive(at: now)
        }
    }

    /// One answer of the kernel, asked for at `seconds` and heard half a second later.
    private func statistics(
        _ seconds: Int64, insertFailed: UInt32 = 0, dropped: UInt32 = 0
    ) -> ConntrackStatistics {
        var statistics = ConntrackStatistics(asked: Timestamp(seconds: seconds, nanoseconds: 0))
        statistics.heard = statistics.asked + .milliseconds(500)
        var request = NetlinkRequest(
            type: 0, flags: 0, body: nfgenmsg(nfgen_family: 0, version: 0, res_id: 0))
        request.append(Int(CTA_STATS_INSERT_FAILED.rawValue), insertFailed.bigEndian)
        request.append(Int(CTA_STATS_DROP.rawValue), dropped.bigEndian)
        var messages = NetlinkMessages(request.finish(sequence: 1))
        if let message = messages.next() { statistics.add(message.payload) }
        return statistics
    }

    /// The first look is no news, nor are counters that were begun anew.
    @Test func failedInsertsAreToldWhenTheyRise() throws {
        var inserts = FailedInserts()
        let told = [(5, 1), (5, 2), (8, 3), (2, 4), (3, 5)].map { count, seconds in
            inserts.news(statistics(seconds, insertFailed: count)).map(Self.words)
        }
        #expect(told == [nil, nil, "3 inserts failed", nil, "1 inserts failed"])
    }

    @Test func refusedPacketsAreToldWhileTheTableIsFull() throws {
        var refused = RefusedPackets()
        var room = ConntrackRoom()
        func news(_ dropped: UInt32, _ seconds: Int64, of count: Int) -> Fact? {
            room.look(nil, count: count, limit: 100, at: now)
            return refused.news(statistics(seconds, dropped: dropped), room)
        }
        #expect(news(5, 1, of: 100) == nil && news(6, 2, of: 50) == nil)
        let fact = try #require(news(9, 3, of: 100))
        #expect(Self.words(fact) == "3 refused, 100 of 100")
        // They were dropped after the answer before was asked for, and before this one was there.
        guard case .insertsRefused(let refusal) = fact.body else { return }
        #expect(refusal.since == Timestamp(seconds: 2, nanoseconds: 0))
        #expect(fact.time == Timestamp(seconds: 3, nanoseconds: 500_000_000))
        #expect(news(9, 4, of: 100) == nil)
        #expect(refusal.until == fact.time)
    }

    /// What was dropped because its tuple was taken had room.
    @Test func aCollisionIsNoWantOfRoom() {
        var refused = RefusedPackets()
        var room = ConntrackRoom()
        room.look(nil, count: 100, limit: 100, at: now)
        let told = [(5, 5, 1), (8, 8, 2), (12, 9, 3), (1, 9, 4), (1, 12, 5), (4, 12, 6)].map {
            refused.news(statistics($2, insertFailed: $1, dropped: $0), room).map(Self.words)
        }
        #expect(told == [nil, nil, "3 refused, 100 of 100", nil, nil, "3 refused, 100 of 100"])
    }

    // MARK: - The table

    static func entry(_ number: Int, zone: UInt16 = 0, translated: Bool = true) throws -> ConntrackEntry {
        let event = try #require(try Recording("conntrack").datagrams("event").first)
        var messages = NetlinkMessages(event)
        var entry = try #require(messages.next().flatMap { ConntrackEntry($0.payload) })
        let address = IPAddress(v4: 0x0A00_0000 + UInt32(number >> 14))
        entry.original.source = Endpoint(address, UInt16(truncatingIfNeeded: 1024 + number & 0x3FFF))
        entry.reply = entry.original.reversed
        if translated { entry.reply.destination.address = IPAddress(v4: 0xCB00_7100 + UInt32(number >> 14)) }
        entry.zone = zone
        return entry
    }

    @Test func holdsAHundredThousandAndGivesThemBack() throws {
        var table = ConntrackTable()
        let model = try Self.entry(0)
        func make(_ number: Int) -> ConntrackEntry {
            var entry = model
            entry.original.source = Endpoint(
                IPAddress(v4: 0x0A00_0000 + UInt32(number >> 14)), UInt16(1024 + number & 0x3FFF))
            entry.reply.destination = Endpoint(
                IPAddress(v4: 0xCB00_7100 + UInt32(number >> 14)), entry.original.source.port)
            return entry
        }
        for number in 0..<100_000 { #expect(table.apply(make(number), at: now) == .added) }
        #expect(table.count == 100_000)
        for number in stride(from: 0, to: 100_000, by: 97) {
            let entry = make(number)
            #expect(table.entry(of: entry.original)?.entry == entry && table.entry(of: entry.reply)?.entry == entry)
        }
        for number in 0..<100_000 { _ = table.remove(make(number)) }
        #expect(table.count == 0 && table.translatedCount == 0 && table.entry(of: make(7).original) == nil)
    }

    @Test func aFullTableRefusesAndCounts() throws {
        var table = ConntrackTable(capacity: 2)
        for number in 0..<4 { _ = table.apply(try Self.entry(number), at: now) }
        #expect(table.summary.count == 2 && table.summary.evictions == 2 && table.summary.capacity == 2)
    }

    /// Two zones may have the same tuple with another meaning: nobody can say then which is meant.
    @Test func zonesAreToldApart() throws {
        var table = ConntrackTable()
        let (one, other) = (try Self.entry(1, zone: 1), try Self.entry(1, zone: 2, translated: false))
        _ = table.apply(one, at: now)
        _ = table.apply(other, at: now)
        #expect(table.count == 2)
        #expect(table.entry(of: one.original)?.isAmbiguous == true)
        #expect(table.remove(other)?.entry == other)
        #expect(table.entry(of: one.original)?.isAmbiguous == false && table.entry(of: one.reply)?.entry == one)
    }

    @Test func endedTranslationsAreARing() throws {
        var ended = EndedTranslations()
        for number in 0..<EndedTranslations.capacity + 3 {
            ended.append(TranslationState(try Self.entry(number % 16), serial: UInt64(number), heard: now))
        }
        #expect(ended.all.count == EndedTranslations.capacity && ended.summary.evictions == 3)
    }
}
