import Model
import Testing

@testable import waybilld

@Suite struct LogFoldingTests {
    private static let start = Timestamp(seconds: 1000, nanoseconds: 0)

    private static func entry(_ message: String) -> DaemonLog.Entry {
        DaemonLog.Entry(level: .warning, message: message, fields: ["interface": "eth0"])
    }

    @Test func theFirstThreeAreWrittenAndTheOthersCounted() {
        var folding = LogFolding()
        let written = (0..<50).flatMap { folding.take(Self.entry("down"), at: Self.start + .milliseconds(10 * $0)) }
        #expect(written == Array(repeating: Self.entry("down"), count: 3))
        #expect(folding.due(at: Self.start + .seconds(59)).isEmpty)
        let due = folding.due(at: Self.start + .seconds(60))
        #expect(due.map(\.message) == ["47 more times in the last minute: down"])
        #expect(due.first?.fields == ["interface": "eth0", "repeated": "47"])
        #expect(due.first?.level == .warning)
        #expect(folding.due(at: .distantFuture).isEmpty)
    }

    @Test func afterTheMinuteItIsWrittenAgain() {
        var folding = LogFolding()
        for _ in 0..<4 { _ = folding.take(Self.entry("down"), at: Self.start) }
        let later = folding.take(Self.entry("down"), at: Self.start + .seconds(61))
        #expect(later.map(\.message) == ["once more in the last minute: down", "down"])
    }

    @Test func whatDiffersIsWritten() {
        var folding = LogFolding()
        let messages = (0..<1000).map { "message \($0)" }
        #expect(messages.flatMap { folding.take(Self.entry($0), at: Self.start) }.map(\.message) == messages)
        let other = DaemonLog.Entry(level: .error, message: "message 0")
        #expect(folding.take(other, at: Self.start) == [other])
    }

    @Test func detailsThatWereAskedForAreNotFolded() {
        var folding = LogFolding()
        let entry = DaemonLog.Entry(level: .debug, message: "again")
        #expect((0..<10).flatMap { _ in folding.take(entry, at: Self.start) }.count == 10)
    }

    @Test func manyMessagesTakeNoMoreMemoryThanTheCap() {
        var folding = LogFolding()
        for number in 0..<10_000 { _ = folding.take(Self.entry("\(number)"), at: Self.start) }
        // Beyond the cap each is written as it comes.
        #expect((0..<10).flatMap { _ in folding.take(Self.entry("9999"), at: Self.start) }.count == 10)
    }
}
