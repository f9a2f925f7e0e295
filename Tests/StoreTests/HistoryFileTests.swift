import Foundation
import GRDB
import Model
import Testing

@testable import Store

@Suite struct HistoryFileTests {
    @Test func whatWasWrittenIsReadAgainByteForByte() async throws {
        let folder = try HistoryFolder()
        // Enough for dictionaries to be made of them, and for records before and after those.
        let rows = (0..<300).map {
            row(at: Int64($0), text: String(repeating: "curl www.example.org \($0 % 7) ", count: 20))
        }
        do {
            let file = try HistoryFile(in: folder.path)
            for start in stride(from: 0, to: rows.count, by: 50) { try file.write(Array(rows[start..<start + 50])) }
            file.close()
        }
        let file = try HistoryFile(in: folder.path)
        let found = try await file.found(RequestSearch(limit: 7))
        #expect(found.map(\.key.first.nanoseconds) == (0..<300).reversed().map { $0 * 1_000_000_000 })
        #expect(try await file.json(of: found) == rows.reversed().map(\.json))
        let extent = try file.extent()
        #expect(extent.counts == [.request: 300])
        #expect(extent.latestKey == request(at: 299).key)
        #expect(extent.oldest == Timestamp(seconds: 1, nanoseconds: 0))
    }

    @Test func aProcessThatDiesHasLostNothingThatWasCommitted() async throws {
        let folder = try HistoryFolder()
        let file = folder.file
        let other = try HistoryFolder()
        let open = try HistoryFile(in: folder.path)
        try open.write((0..<10).map { row(at: Int64($0)) })
        // What the file system has at this moment is what a killed process leaves.
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: file + suffix, toPath: other.file + suffix)
        }
        #expect(try await HistoryFile(in: other.path).seconds(RequestSearch(limit: 100)) == (0..<10).reversed())
    }

    /// SQLite checks no page's content: a bit that flips can make text of a number, and nothing may trust a column's kind.
    @Test(arguments: [
        "UPDATE requests SET record = 'x'", "UPDATE requests SET id = 'x'", "UPDATE requests SET first = x'00' || id",
        "UPDATE requests SET owner = 'x', server_port = x'01', failed = 'y'", "UPDATE records SET record = 7",
        "UPDATE records SET record = NULL || record", "UPDATE records SET place = 'x'", "UPDATE records SET last = 'x'",
        "UPDATE records SET kind = 'x'", "UPDATE records SET kind = 99", "UPDATE records SET id = 'x'",
        "UPDATE counts SET count = 'x'", "UPDATE counts SET count = -9223372036854775808",
        "UPDATE counts SET kind = kind + 77", "UPDATE dictionaries SET bytes = 1.5",
        "UPDATE dictionaries SET bytes = x'00'",
        "DELETE FROM counts", "DELETE FROM dictionaries", "DELETE FROM records", "DROP TABLE counts", "DROP INDEX ages",
    ])
    func columnsOfTheWrongKindAreDamageAndNoMore(_ statement: String) async throws {
        let folder = try HistoryFolder()
        do {
            let file = try HistoryFile(in: folder.path)
            let text = String(repeating: "curl www.example.org ", count: 20)
            for start in 0..<6 {
                try file.write((0..<50).map { row(at: Int64(start * 50 + $0), text: "\(text) \($0)") } + [lookupRow(7)])
            }
            file.close()
        }
        // Not every column is there under this name: then there is nothing to wreck, and all must still hold.
        try? await DatabaseQueue(path: folder.file).write { try $0.execute(sql: statement) }
        let file: HistoryFile
        do { file = try HistoryFile(in: folder.path) } catch { return }
        func attempt(_ body: () async throws -> Void) async { do { try await body() } catch {} }
        await attempt { _ = try file.extent() }
        await attempt {
            let found = try await file.found(RequestSearch(limit: 100))
            _ = try await file.json(of: found)
        }
        await attempt {
            var search = RequestSearch(limit: 10)
            search.since = Timestamp(seconds: 250, nanoseconds: 0)
            _ = try await file.requests(search)
        }
        for kind in HistoryKind.allCases {
            await attempt { _ = try await file.list(kind, below: .max, owner: nil, limit: 10) }
            await attempt { _ = try await file.list(kind, below: .max, owner: 1000, limit: 10) }
        }
        await attempt { _ = try file.drop(before: .distantFuture, limit: 10) }
        await attempt { _ = try file.drop(beyond: 0, limit: 10) }
        await attempt { try file.write([row(at: 1, text: "again"), lookupRow(7)]) }
        file.close()
    }

    @Test func aRequestToldAgainIsReplaced() async throws {
        let folder = try HistoryFolder()
        let file = try HistoryFile(in: folder.path)
        try file.write([row(at: 1, text: "first"), row(at: 2), row(at: 1, text: "second")])
        try file.write([row(at: 2, text: "again"), lookupRow(7), lookupRow(7)])
        let found = try await file.found(RequestSearch(limit: 10))
        #expect(found.count == 2)
        #expect(try await file.texts(found).map { $0?.contains("again") } == [true, false])
        #expect(try await file.texts(found)[1]?.contains("second") == true)
        #expect(try file.extent().counts == [.request: 2, .lookup: 1])
    }

    @Test func findsByTheBeginningOfAnIdentifier() async throws {
        let folder = try HistoryFolder()
        let file = try HistoryFile(in: folder.path)
        let rows = (0..<500).map { row(at: Int64($0)) }
        try file.write(rows)
        for second in [Int64(0), 77, 499] {
            let key = request(at: second).key
            for length in [12, 8, 1] {
                let prefix = try #require(RequestID.Prefix(String(key.id.description.prefix(length))))
                let expected = (0..<500).map { request(at: Int64($0)).key }.filter { prefix.matches($0.id) }
                let found = try await file.requests(matching: prefix, limit: 1000)
                #expect(found.map(\.key) == expected.reversed())
            }
        }
    }

    @Test func listsGoOnBelowAPlace() async throws {
        let folder = try HistoryFolder()
        let file = try HistoryFile(in: folder.path)
        try file.write((0..<20).map { lookupRow(1000 + $0, owner: $0.isMultiple(of: 5) ? 33 : nil) } + [row(at: 5)])
        #expect(try await file.list(.lookup, below: .max, owner: nil, limit: 3).map(\.place) == [1019, 1018, 1017])
        #expect(try await file.list(.lookup, below: 1002, owner: nil, limit: 9).map(\.place) == [1001, 1000])
        #expect(
            try await file.list(.lookup, below: 1016, owner: 33, limit: 9).map(\.place) == [1015, 1010, 1005, 1000])
        #expect(try await file.list(.lease, below: .max, owner: nil, limit: 9).isEmpty)
        #expect(try await file.list(.lookup, below: 1001, owner: nil, limit: 1).map(\.json) == [lookupRow(1000).json])
        #expect(try file.extent().latestSerials == [.lookup: 1019])
    }

    /// Seconds 0 to 99; every tenth lasts ten minutes.
    private static let hundred: [HistoryRow] = (0..<100).map { (second: Int64) -> HistoryRow in
        let columns: [HistoryColumn: HistoryValue] = [
            .process: .text(second < 50 ? "curl" : "wget"), .serverPort: .integer(second % 3),
            .names: .text("www.example.org\n"), .server: .address(IPAddress(v4: 0xC000_0200 | UInt32(second))),
        ]
        return row(at: second, lasting: second.isMultiple(of: 10) ? 600 : 1, columns)
    }

    struct Search: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var search: RequestSearch
        var expected: [Int64]

        init(_ name: String, _ expected: [Int64], limit: Int = 1000, _ change: (inout RequestSearch) -> Void) {
            testDescription = name
            search = RequestSearch(limit: limit)
            self.expected = expected
            change(&search)
        }
    }

    @Test(arguments: [
        Search("all", Array((0..<100).reversed())) { _ in },
        Search("one at a time", Array((0..<100).reversed()), limit: 1) { _ in },
        Search("below a key", [2, 1, 0]) { $0.below = request(at: 3).key },
        Search("down to a key", [99, 98]) { $0.atLeast = request(at: 98).key },
        Search("known", []) { $0.condition = .isKnown(.unit) },
        Search("equal", Array((0..<50).reversed())) { $0.condition = .equals(.process, .text("curl")) },
        Search("not equal", Array((50..<100).reversed())) { $0.condition = .not(.equals(.process, .text("curl"))) },
        Search("not equal where nothing is known", Array((0..<100).reversed())) {
            $0.condition = .not(.equals(.unit, .text("curl")))
        },
        Search("smaller than nothing", []) { $0.condition = .compares(.pid, .less, .integer(5)) },
        Search("both", [48, 45]) {
            $0.condition = .all([.equals(.process, .text("curl")), .equals(.serverPort, .integer(0))])
            $0.atLeast = request(at: 44).key
        },
        Search("either", [99, 0]) {
            $0.condition = .any([
                .compares(.last, .more, HistoryValue(Int64(99_500_000_000))),
                .equals(.server, .address(IPAddress(v4: 0xC000_0200))),
            ])
            $0.condition = .all([
                $0.condition,
                .not(.within(.server, .address(IPAddress(v4: 0xC000_0201)), .address(IPAddress(v4: 0xC000_0262)))),
            ])
        },
        Search("text within", []) { $0.condition = .contains(.names, "example.net") },
        Search("none of no choice", []) { $0.condition = .any([]) },
        Search("a last packet since", [99, 98, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0], limit: 1) {
            $0.since = Timestamp(seconds: 99, nanoseconds: 0)
        },
        Search("a last packet long after", [90, 80, 70, 60, 50, 40, 30, 20, 10, 0]) {
            $0.since = Timestamp(seconds: 400, nanoseconds: 0)
        },
        Search("a last packet long after, page by page", [90, 80, 70, 60, 50, 40, 30, 20, 10, 0], limit: 3) {
            $0.since = Timestamp(seconds: 400, nanoseconds: 0)
            $0.condition = .equals(.names, .text("www.example.org\n"))
        },
        Search("both ends", [50, 40, 30, 20]) {
            $0.since = Timestamp(seconds: 300, nanoseconds: 0)
            $0.below = request(at: 60).key
            $0.atLeast = request(at: 20).key
        },
    ])
    func findsWhatIsAskedFor(_ example: Search) async throws {
        let folder = try HistoryFolder()
        let file = try HistoryFile(in: folder.path)
        try file.write(Self.hundred)
        #expect(try await file.seconds(example.search) == example.expected)
    }

    @Test func aConditionOfAnyDepthIsAsked() async throws {
        let folder = try HistoryFolder()
        let file = try HistoryFile(in: folder.path)
        try file.write([row(at: 1)])
        var search = RequestSearch(limit: 10)
        for _ in 0..<1000 { search.condition = .not(.not(search.condition)) }
        #expect(try await file.seconds(search) == [1])
        // Beyond what SQL takes it holds for all; whoever asks looks again.
        for (count, expected) in [(800, []), (2000, [Int64(1)])] {
            search.condition = .any((0..<count).map { .equals(.pid, .integer(Int64($0))) })
            #expect(try await file.seconds(search) == expected)
        }
    }

    @Test func slicesMissNothing() async throws {
        let folder = try HistoryFolder()
        let file = try HistoryFile(in: folder.path)
        let count = RequestSearch.sliceSize * 2 + 3
        // Many with one time: the identifier decides among them.
        try file.write((0..<count).map { row(at: Int64($0 / 100), UInt32($0 % 100)) })
        for limit in [1000, count * 2] {
            let found = try await file.found(RequestSearch(limit: limit))
            #expect(found.count == count)
            #expect(Set(found.map(\.key)).count == count)
            #expect(found.map(\.key) == found.map(\.key).sorted().reversed())
        }
        var search = RequestSearch(limit: 10)
        search.condition = .equals(.pid, .integer(5))
        #expect(try await file.found(search).isEmpty)
    }
}

@Suite struct HistoryRetentionTests {
    private static func file(_ folder: borrowing HistoryFolder, _ seconds: Range<Int64>) throws -> HistoryFile {
        let file = try HistoryFile(in: folder.path)
        // Hardly compressible, so that sizes mean something.
        var generator = SystemRandomNumberGenerator()
        let noise = { (0..<100).map { _ in String(generator.next(), radix: 36) }.joined() }
        for start in stride(from: seconds.lowerBound, to: seconds.upperBound, by: 200) {
            try file.write((start..<min(start + 200, seconds.upperBound)).map { row(at: $0, text: noise()) })
        }
        return file
    }

    @Test func dropsTheOldestByAge() async throws {
        let folder = try HistoryFolder()
        let file = try Self.file(folder, 0..<100)
        try file.write([row(at: 5, 1, lasting: 1000), lookupRow(1, at: 3), lookupRow(2, at: 90)])
        let cutoff = Timestamp(seconds: 51, nanoseconds: 0)
        #expect(try file.drop(before: cutoff, limit: 20) == 20)
        #expect(try file.drop(before: cutoff, limit: 1000) == 31)
        #expect(try file.drop(before: cutoff, limit: 1000) == 0)
        // The one that lasted is still young.
        #expect(try await file.seconds(RequestSearch(limit: 1000)) == (50..<100).reversed() + [5])
        #expect(try await file.list(.lookup, below: .max, owner: nil, limit: 9).map(\.place) == [2])
        #expect(try file.extent().counts == [.request: 51, .lookup: 1])
    }

    @Test func dropsWhatWasWrittenFirstWhenThereIsTooMuch() async throws {
        let folder = try HistoryFolder()
        let file = try Self.file(folder, 1000..<2000)
        // A clock that was set back: written last, and so kept longest.
        try file.write((0..<10).map { row(at: $0) })
        let full = try file.extent().byteCount
        var dropped = 0
        while case let count = try file.drop(beyond: full / 2, limit: 64), count > 0 { dropped += count }
        let left = try await file.seconds(RequestSearch(limit: 5000))
        #expect(left == Array((1000 + Int64(dropped)..<2000).reversed()) + Array((0..<10).reversed()))
        #expect((300...700).contains(dropped))
        #expect(try file.extent().counts == [.request: 1010 - dropped])
        // What is free is given back, and used again.
        #expect(try !file.shrink(to: full / 2, limit: 100_000))
        #expect(try file.extent().byteCount <= full / 2 + 65_536)
    }
}
