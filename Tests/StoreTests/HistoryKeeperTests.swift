import Foundation
import Model
import Synchronization
import Testing

@testable import Store

/// A keeper whose records are requests of a second, and what it said.
private final class KeeperRun: Sendable {
    let keeper: HistoryKeeper
    private let task: Task<Void, Never>

    init(
        _ directory: String, capacity: Int = 1000, byteLimit: Int64 = 64 << 20,
        onOpen: @escaping @Sendable (RequestKey?, [HistoryKind: UInt64]) -> Void = { _, _ in }
    ) {
        let heard = Heard()
        var settings = HistoryKeeper.Settings(directory: directory, byteLimit: byteLimit, span: .seconds(86_400 * 30))
        settings.gathering = .milliseconds(1)
        settings.retry = .milliseconds(50)
        settings.upkeep = .milliseconds(50)
        let keeper = HistoryKeeper(
            settings, queue: HistoryQueue(capacity: capacity),
            HistoryKeeper.Surroundings(
                wall: { Timestamp(seconds: 1000, nanoseconds: 0) }, encode: { Self.row($0) }, onOpen: onOpen,
                onNotice: { notice in heard.notices.withLock { $0.append(notice) } }))
        self.keeper = keeper
        self.heard = heard
        task = Task { await keeper.run() }
    }

    private final class Heard: Sendable {
        let notices = Mutex<[HistoryNotice]>([])
    }

    private let heard: Heard
    var said: [HistoryNotice] { heard.notices.withLock { $0 } }

    private static func row(_ entry: HistoryQueue.Entry) -> HistoryRow {
        guard case .request(let lifecycle) = entry.record else { return lookupRow(entry.serial) }
        return HistoryRow(
            kind: .request, place: .request(lifecycle.key), last: lifecycle.last,
            json: Array(lifecycle.id.description.utf8))
    }

    func tell(_ seconds: Range<Int64>) {
        keeper.queue.append(seconds.map { HistoryQueue.Entry(record: .request(request(at: $0))) })
    }

    /// Waits until the keeper says something that fits.
    func wait(_ what: String, until isSo: (HistoryState) -> Bool) async throws {
        for _ in 0..<3000 {
            if isSo(keeper.state) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("never: \(what); \(keeper.state)")
    }

    func stop() async {
        keeper.stop()
        await task.value
    }

    static func kept(in directory: String) async throws -> [Int64] {
        try await HistoryFile(in: directory).seconds(RequestSearch(limit: 10_000))
    }
}

@Suite struct HistoryKeeperTests {
    @Test func writesWhatItIsToldAndTheRestAtTheEnd() async throws {
        let folder = try HistoryFolder()
        let run = KeeperRun(folder.path)
        run.tell(0..<10)
        try await run.wait("ten records") { $0.counts == [.request: 10] }
        run.tell(10..<900)
        await run.stop()
        #expect(try await KeeperRun.kept(in: folder.path) == (0..<900).reversed())
        #expect(run.keeper.state.written == 900)
        #expect(run.keeper.state.lost == HistoryQueue.Lost())
        #expect(run.said.count == 1)
    }

    @Test func aFloodIsWrittenLittleByLittle() async throws {
        let folder = try HistoryFolder()
        let run = KeeperRun(folder.path, capacity: 8000)
        run.keeper.queue.append(
            (Int64(0)..<1000).map { second in
                var lifecycle = request(at: second)
                lifecycle.connectionState = .attempted
                return HistoryQueue.Entry(record: .request(lifecycle))
            })
        run.tell(2000..<2010)
        try await run.wait("all of it") { $0.written == 1010 }
        await run.stop()
        #expect(try await KeeperRun.kept(in: folder.path).count == 1010)
    }

    @Test func aNewRunGoesOnWhereTheLastOneEnded() async throws {
        let folder = try HistoryFolder()
        let first = KeeperRun(folder.path)
        first.tell(0..<5)
        first.keeper.queue.append([
            HistoryQueue.Entry(record: .lookup(Lookup.example), serial: 41),
            HistoryQueue.Entry(record: .lookup(Lookup.example), serial: 42),
        ])
        await first.stop()
        let told = Mutex<(RequestKey?, [HistoryKind: UInt64])?>(nil)
        let second = KeeperRun(folder.path) { key, serials in told.withLock { $0 = (key, serials) } }
        try await second.wait("opened") { $0.isReadable }
        #expect(told.withLock { $0?.0 } == request(at: 4).key)
        #expect(told.withLock { $0?.1 } == [.lookup: 42])
        await second.stop()
    }

    @Test func aSecondDaemonKeepsToMemoryAndTakesOverLater() async throws {
        let folder = try HistoryFolder()
        let first = KeeperRun(folder.path)
        try await first.wait("opened") { $0.isReadable }
        let second = KeeperRun(folder.path)
        try await second.wait("taken") { $0.trouble == .taken(folder.path) }
        second.tell(0..<5)
        first.tell(100..<105)
        await first.stop()
        try await second.wait("written") { $0.written == 5 }
        await second.stop()
        #expect(second.said.first == .trouble(.taken(folder.path)))
        #expect(second.said.last == .recovered(.taken(folder.path), lost: HistoryQueue.Lost()))
        #expect(try await KeeperRun.kept(in: folder.path) == (100..<105).reversed() + (0..<5).reversed())
    }

    @Test func aDirectoryThatIsRemovedIsMadeAnew() async throws {
        let folder = try HistoryFolder()
        let run = KeeperRun(folder.path)
        run.tell(0..<5)
        try await run.wait("written") { $0.written == 5 }
        try FileManager.default.removeItem(atPath: folder.path)
        try await run.wait("missed") { _ in run.said.contains { if case .trouble = $0 { true } else { false } } }
        run.tell(5..<10)
        try await run.wait("written again") { $0.written == 10 && $0.trouble == nil }
        await run.stop()
        #expect(try await KeeperRun.kept(in: folder.path) == (5..<10).reversed())
    }

    @Test(arguments: [
        (
            "no database",
            Array("this is no database at all, but long enough to be taken for one".utf8)
                + [UInt8](repeating: 7, count: 5000)
        ),
        ("too short", [UInt8](repeating: 1, count: 10)),
        ("a header and then nothing", Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)),
    ])
    func aDamagedFileIsPutAside(_ name: String, _ bytes: [UInt8]) async throws {
        let folder = try HistoryFolder()
        try Data(bytes).write(to: URL(filePath: folder.file))
        let run = KeeperRun(folder.path)
        run.tell(0..<5)
        try await run.wait("five records") { $0.counts == [.request: 5] }
        await run.stop()
        let aside = try #require(run.keeper.state.aside.first)
        #expect(aside == folder.file + ".damaged-19700101T001640Z")
        #expect(try Data(contentsOf: URL(filePath: aside)) == Data(bytes))
        #expect(run.said.contains(.putAside(folder.file, as: aside)))
        #expect(try await KeeperRun.kept(in: folder.path) == (0..<5).reversed())
    }

    @Test func whatIsDamagedAgainAndAgainIsLeftAlone() async throws {
        let folder = try HistoryFolder()
        for number in 1...3 { try Data("x".utf8).write(to: URL(filePath: "\(folder.file).damaged-\(number)")) }
        try Data("y".utf8).write(to: URL(filePath: folder.file))
        let run = KeeperRun(folder.path)
        try await run.wait("trouble") { $0.trouble == .damagedAgain(folder.file, count: 3) }
        await run.stop()
        #expect(try Data(contentsOf: URL(filePath: folder.file)) == Data("y".utf8))
    }

    @Test(arguments: [true, false])
    func aFileThatIsNotOursIsLeftAlone(_ isNewer: Bool) async throws {
        let folder = try HistoryFolder()
        try HistoryFile(in: folder.path).close()
        var bytes = try Data(contentsOf: URL(filePath: folder.file))
        // https://www.sqlite.org/fileformat2.html §1.3: the user version, and the application.
        if isNewer { bytes[63] = 99 } else { bytes[71] ^= 1 }
        try bytes.write(to: URL(filePath: folder.file))
        let run = KeeperRun(folder.path)
        let trouble: HistoryTrouble = isNewer ? .newer(folder.file, version: 99) : .foreign(folder.file)
        try await run.wait("trouble") { $0.trouble == trouble }
        run.tell(0..<5)
        await run.stop()
        #expect(try Data(contentsOf: URL(filePath: folder.file)) == bytes)
        #expect(run.keeper.queue.waiting == 5)
    }

    @Test func aDirectoryThatCannotBeMadeIsSaid() async throws {
        let run = KeeperRun("/proc/nowhere/waybill")
        try await run.wait("trouble") { if case .noDirectory = $0.trouble { true } else { false } }
        run.tell(0..<2000)
        await run.stop()
        // What has no room in the queue is counted.
        #expect(run.keeper.state.lost.others == 1000)
        #expect(run.keeper.state.waiting == 1000)
        #expect(run.said.count == 1)
    }

    @Test func theFileStaysWithinItsBounds() async throws {
        let folder = try HistoryFolder()
        let limit: Int64 = 4 << 20
        let run = KeeperRun(folder.path, capacity: 100_000, byteLimit: limit)
        for start in stride(from: Int64(0), to: 50_000, by: 1000) {
            run.tell(start..<start + 1000)
            try await run.wait("written") { $0.written >= UInt64(start) + 1000 }
        }
        await run.stop()
        let size = try FileManager.default.attributesOfItem(atPath: folder.file)[.size] as? Int64
        #expect(try #require(size) <= limit)
        #expect(run.keeper.state.droppedForSize > 0)
        // The newest are all there.
        let kept = try await KeeperRun.kept(in: folder.path)
        #expect(kept.first == 49_999)
        #expect(kept == Array((50_000 - Int64(kept.count)..<50_000).reversed()))
    }

    /// Whatever a few wrong bytes do, nothing traps: what can be read is read, and the rest is put aside.
    @Test(arguments: 0..<40)
    func wrongBytesAreNoTrap(_ seed: Int) async throws {
        let folder = try HistoryFolder()
        do {
            let file = try HistoryFile(in: folder.path)
            for start in 0..<4 {
                try file.write(
                    (0..<100).map { row(at: Int64(start * 100 + $0), text: "some text", [.names: .text("a\n")]) })
                try file.write([lookupRow(UInt64(start))])
            }
            file.close()
        }
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: folder.file)))
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        for _ in 0..<(1 << (seed % 10)) { bytes[next(seed % 3 == 0 ? 4096 : bytes.count)] = UInt8(next(256)) }
        if seed % 5 == 0 { bytes.removeLast(next(bytes.count)) }
        try Data(bytes).write(to: URL(filePath: folder.file))
        let run = KeeperRun(folder.path)
        run.tell(10_000..<10_010)
        try await run.wait("opened, or said why not") { $0.isReadable || $0.trouble != nil }
        if let reader = run.keeper.reader {
            var search = RequestSearch(limit: 1000)
            search.condition = .contains(.names, "a")
            let slice = await reader.requests(search)
            _ = await reader.json(of: slice.found)
            _ = await reader.list(.lookup, below: .max, limit: 100)
            _ = await reader.requests(matching: try #require(RequestID.Prefix("0")), limit: 100)
        }
        await run.stop()
    }
}

extension Lookup {
    static let example = Lookup(
        client: Endpoint(.anyIPv4, 1), server: Endpoint(.anyIPv4, 53), transport: .udp, transactionID: 1,
        name: "example.org", type: 1, queried: nil, status: .answered)
}

@Suite struct HistoryQueueTests {
    private static func entries(_ seconds: Range<Int64>, unanswered: Bool = false) -> [HistoryQueue.Entry] {
        seconds.map { second in
            var lifecycle = request(at: second)
            lifecycle.connectionState = unanswered ? .attempted : .finished
            return HistoryQueue.Entry(record: .request(lifecycle))
        }
    }

    private static func seconds(_ entries: [HistoryQueue.Entry]) -> [Int64] {
        entries.map { entry in
            guard case .request(let lifecycle) = entry.record else { return -1 }
            return lifecycle.first.nanoseconds / 1_000_000_000
        }
    }

    @Test func aFloodTakesAQuarterAndMakesWay() {
        let queue = HistoryQueue(capacity: 8)
        queue.append(Self.entries(0..<1000, unanswered: true))
        #expect(queue.waiting == 2)
        #expect(queue.lost == HistoryQueue.Lost(unanswered: 998, others: 0))
        queue.append(Self.entries(2000..<2008))
        #expect(queue.lost == HistoryQueue.Lost(unanswered: 1000, others: 0))
        queue.append(Self.entries(2008..<2010))
        #expect(queue.lost == HistoryQueue.Lost(unanswered: 1000, others: 2))
        #expect(Self.seconds(queue.take(100, unanswered: 100)) == Array(2002..<2010))
        #expect(queue.isEmpty)
        #expect(queue.table == TableSummary(name: "history_queue", count: 0, peak: 8, capacity: 8, evictions: 1002))
    }

    @Test func takesTheUnansweredLast() {
        let queue = HistoryQueue(capacity: 100)
        queue.append(Self.entries(0..<10, unanswered: true) + Self.entries(10..<20))
        #expect(Self.seconds(queue.take(13, unanswered: 2)) == Array(10..<20) + [0, 1])
        #expect(Self.seconds(queue.take(13, unanswered: 2)) == [2, 3])
    }

    @Test func whatIsPutBackComesFirstAgain() {
        let queue = HistoryQueue(capacity: 8)
        queue.append(Self.entries(0..<6))
        let taken = queue.take(4, unanswered: 0)
        queue.append(Self.entries(10..<14))
        queue.putBack(taken)
        #expect(queue.lost.others == 2)
        #expect(Self.seconds(queue.take(100, unanswered: 100)) == [2, 3, 4, 5, 10, 11, 12, 13])
    }

    @Test func saysWhenTheFirstOneComes() {
        let queue = HistoryQueue()
        let calls = Mutex(0)
        queue.onFirst { calls.withLock { $0 += 1 } }
        queue.append([])
        queue.append(Self.entries(0..<2))
        queue.append(Self.entries(2..<4))
        #expect(calls.withLock { $0 } == 1)
        _ = queue.take(10, unanswered: 10)
        queue.append(Self.entries(4..<5))
        #expect(calls.withLock { $0 } == 2)
    }
}

@Suite struct RetentionClockTests {
    private static let day: Int64 = 86_400
    private static let year = 365 * day
    private static let now = 20_000 * day

    private static func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds, nanoseconds: 0) }

    /// Hours of running, by how many seconds the clock was set meanwhile, and whether age counts then.
    struct Step: Sendable {
        var hours: Int
        var set: Int64 = 0
        var isBelieved: Bool
    }

    @Test(arguments: [
        ("an even clock", now - 60, [Step(hours: 1, isBelieved: true), Step(hours: 100, isBelieved: true)]),
        (
            "set forward by an hour", now - 60,
            [
                Step(hours: 1, set: 3600, isBelieved: false), Step(hours: 20, isBelieved: false),
                Step(hours: 5, isBelieved: true),
            ]
        ),
        (
            "set back by an hour and forward again", now - 60,
            [
                Step(hours: 1, set: -3600, isBelieved: false), Step(hours: 1, set: 3600, isBelieved: false),
                Step(hours: 23, isBelieved: false), Step(hours: 2, isBelieved: true),
            ]
        ),
        (
            "set forward by twenty years", now - 60,
            [
                Step(hours: 1, set: 20 * year, isBelieved: false), Step(hours: 23, isBelieved: false),
            ]
        ),
        ("slewed by a few minutes", now - 60, [Step(hours: 10, set: 300, isBelieved: true)]),
        (
            "started far from the newest record", now - 40 * day,
            [
                Step(hours: 0, isBelieved: false), Step(hours: 25, isBelieved: true),
            ]
        ),
        ("started before the newest record", now + day, [Step(hours: 2, isBelieved: false)]),
        (
            "beyond all clocks", Int64.max / 2_000_000_000,
            [Step(hours: 2, set: Int64.max / 2_000_000_000, isBelieved: false)]
        ),
    ])
    func believesAClockThatGoesOnEvenly(_ name: String, _ newest: Int64, _ steps: [Step]) {
        var clock = RetentionClock(span: .seconds(Int(30 * Self.day)))
        var (wall, steady) = (Self.now, Int64(0))
        _ = clock.cutoff(wall: Self.time(wall), steady: .zero, newest: Self.time(newest))
        for step in steps {
            wall += Int64(step.hours) * 3600 + step.set
            steady += Int64(step.hours) * 3600
            let cutoff = clock.cutoff(
                wall: Self.time(wall), steady: TimeSpan(nanoseconds: steady * 1_000_000_000), newest: nil)
            #expect(cutoff == (step.isBelieved ? Self.time(wall - 30 * Self.day) : nil))
            #expect(clock.isHolding == !step.isBelieved)
        }
    }
}
