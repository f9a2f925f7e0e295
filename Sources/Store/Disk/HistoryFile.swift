import FoundationEssentials
import GRDB
import Glibc
import Synchronization
import Model

/// An open history on disk: one connection that writes, one that reads, so that no reader waits for a writer.
///
///     records       every record as it was told, packed, numbered in the order of writing
///     requests      what can be asked of requests without unpacking them, sorted by first packet
///     dictionaries  what records are packed with
///     counts        how many of each kind there are
///
/// SQLite in WAL mode, `synchronous` NORMAL: what has been committed survives the end of the process however it ends;
/// a power failure may take the commits since the last checkpoint, and nothing before them.
final class HistoryFile: Sendable {
    let path: String
    /// `nil` when it can only be read.
    private let writer: DatabaseQueue?
    /// `nil` once it is closed: whoever reads at that time holds it until it is done.
    private let readers: Mutex<DatabaseQueue?>
    private let packer: Mutex<RecordCodec>
    private let unpacker: Mutex<RecordCodec>
    private let samples = Mutex(DictionarySamples())
    /// Of the file that was opened.
    private let inode: UInt64

    static let name = "history.db"
    /// `Wybl`
    static let applicationID: Int64 = 0x5779_626C
    static let version: Int64 = 1
    /// For the owner and the group.
    private static let mode: mode_t = 0o640

    var isReadOnly: Bool { writer == nil }

    /// Opens the history in `directory`, or begins one. This takes milliseconds, whatever its size.
    ///
    /// Two that write to one file would not know of each other: see ``DirectoryLock``.
    ///
    /// - Throws: ``HistoryTrouble``; ``HistoryTrouble/damaged(_:)`` when the file is to be put aside.
    init(in directory: String) throws(HistoryTrouble) {
        path = directory + "/" + Self.name
        guard let packer = RecordCodec(), let unpacker = RecordCodec() else {
            throw .failed(path, reason: "there is no memory to pack records with")
        }
        self.packer = Mutex(packer)
        self.unpacker = Mutex(unpacker)
        let isWritable = try Self.prepare(path)
        let reader: DatabaseQueue
        inode = Self.inode(path) ?? 0
        do {
            if isWritable {
                let writer = try Self.open(path)
                try writer.writeWithoutTransaction { [path] database in try Self.begin(database, path) }
                self.writer = writer
                reader = try DatabaseQueue(path: path, configuration: Self.readOnly)
            } else {
                writer = nil
                reader = try Self.openToRead(path)
                try reader.read { [path] database in _ = try Self.check(database, path) }
            }
        } catch {
            throw HistoryTrouble(path, error)
        }
        let dictionaries: [(UInt8, [UInt8])]
        do {
            dictionaries = try reader.read { database in
                try Row.fetchAll(database, sql: "SELECT number, bytes FROM dictionaries ORDER BY number").compactMap {
                    row in
                    guard let number = UInt8(exactly: try row.decode(Int64.self, atIndex: 0)) else { return nil }
                    return (number, [UInt8](try row.decode(Data.self, atIndex: 1)))
                }
            }
        } catch {
            throw HistoryTrouble(path, error)
        }
        readers = Mutex(reader)
        for (number, bytes) in dictionaries { learn(bytes, as: number) }
        samples.withLock { $0.known = dictionaries.count }
    }

    /// Whether the file still has its name: one that was removed would be written to in vain.
    var isInPlace: Bool { Self.inode(path) == inode }

    private static func inode(_ path: String) -> UInt64? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    /// Ends both connections; what stands in the log is written to the database itself.
    func close() {
        readers.withLock { $0 = nil }
        try? writer?.close()
    }

    private func reader() throws -> DatabaseQueue {
        guard let reader = readers.withLock({ $0 }) else { throw CancellationError() }
        return reader
    }

    private func learn(_ bytes: [UInt8], as number: UInt8) {
        packer.withLock { $0.learn(bytes, as: number) }
        unpacker.withLock { $0.learn(bytes, as: number) }
    }
}

// MARK: - Opening

extension HistoryFile {
    /// Makes the file, so that it has the right permissions from its first byte on, and looks at what is there already.
    ///
    /// - Returns: whether it can be written.
    private static func prepare(_ path: String) throws(HistoryTrouble) -> Bool {
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else {
            let code = errno
            guard code == EROFS || code == EACCES || code == EPERM, unsafe access(path, R_OK) == 0 else {
                throw HistoryTrouble(path, errno: code)
            }
            return false
        }
        defer { _ = Glibc.close(descriptor) }
        var header = [UInt8](repeating: 0, count: 100)
        let count = unsafe header.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return true }
        // https://www.sqlite.org/fileformat2.html §1.3
        guard count == 100, header.starts(with: "SQLite format 3\0".utf8) else { throw .damaged(path) }
        func number(at offset: Int) -> Int64 {
            header[offset..<offset + 4].reduce(0) { $0 << 8 | Int64($1) }
        }
        try check(application: number(at: 68), version: number(at: 60), path)
        return true
    }

    /// A database that is not ours, or not yet, is not even opened: that could write to it.
    private static func check(application: Int64, version: Int64, _ path: String) throws(HistoryTrouble) {
        guard application == 0 || application == applicationID else { throw .foreign(path) }
        guard version <= Self.version else { throw .newer(path, version: version) }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.label = "waybill.history.write"
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(1)
        configuration.prepareDatabase { database in
            // Of a database that has tables this has no effect: it comes first.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try database.execute(
                sql: """
                    PRAGMA synchronous = NORMAL;
                    PRAGMA cache_size = -4096;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA temp_store = MEMORY;
                    """)
            // A log that had to grow is cut back to this once it has been written to the database.
            _ = try Int64.fetchOne(database, sql: "PRAGMA journal_size_limit = 4194304")
            _ = try String.fetchOne(database, sql: "PRAGMA secure_delete = FAST")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static var readOnly: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.label = "waybill.history.read"
        configuration.readonly = true
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(1)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// A directory that cannot be written has no room for the files that a WAL database is opened with. Where no log is
    /// left of the last run the database is complete by itself.
    private static func openToRead(_ path: String) throws -> DatabaseQueue {
        do {
            return try DatabaseQueue(path: path, configuration: readOnly)
        } catch {
            guard unsafe access(path + "-wal", F_OK) != 0, !path.utf8.contains(where: { "?#%".utf8.contains($0) })
            else {
                throw error
            }
            return try DatabaseQueue(path: "file:\(path)?immutable=1", configuration: readOnly)
        }
    }

    /// - Returns: whether its tables have been made.
    private static func check(_ database: Database, _ path: String) throws -> Bool {
        let application = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        try check(application: application, version: version, path)
        if application == applicationID, version == Self.version { return true }
        let objects = try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard objects == 0 else { throw HistoryTrouble.foreign(path) }
        return false
    }

    private static func begin(_ database: Database, _ path: String) throws {
        guard try !check(database, path) else { return }
        let columns = HistoryColumn.allCases.map { "\($0.rawValue) \($0.type)" }.joined(separator: ", ")
        try database.inTransaction(.immediate) {
            try database.execute(
                sql: """
                    CREATE TABLE records (
                        serial INTEGER PRIMARY KEY, kind INTEGER NOT NULL, place INTEGER NOT NULL, id INTEGER,
                        last INTEGER NOT NULL, owner INTEGER, record BLOB NOT NULL);
                    CREATE INDEX lists ON records (kind, place) WHERE kind > 0;
                    CREATE INDEX owned ON records (kind, owner, place) WHERE kind > 0 AND owner IS NOT NULL;
                    CREATE INDEX ages ON records (last);
                    CREATE TABLE requests (
                        first INTEGER NOT NULL, id INTEGER NOT NULL, record INTEGER NOT NULL, \(columns),
                        PRIMARY KEY (first, id)) WITHOUT ROWID;
                    CREATE INDEX identifiers ON requests (id);
                    CREATE INDEX long ON requests (last) WHERE last - first > \(longSpan.nanoseconds);
                    CREATE TABLE dictionaries (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
                    CREATE TABLE counts (kind INTEGER PRIMARY KEY, count INTEGER NOT NULL);
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(version);
                    """)
            return .commit
        }
    }

    /// Requests that took longer are found by their last packet, too. Part of the file's format.
    static var longSpan: TimeSpan { .seconds(60) }
}

// MARK: - Writing

extension HistoryFile {
    /// Writes all of them or, when it throws, none.
    ///
    /// - Throws: ``HistoryTrouble``.
    func write(_ rows: [HistoryRow]) throws(HistoryTrouble) {
        guard let writer else { throw .readOnly(path) }
        do {
            try learnFrom(rows, writer)
            let packed: [(row: HistoryRow, record: [UInt8])] = packer.withLock { packer in
                var packed: [(HistoryRow, [UInt8])] = []
                packed.reserveCapacity(rows.count)
                for row in rows {
                    if let record = packer.pack(row.json) { packed.append((row, record)) }
                }
                return packed
            }
            try writer.write { database in
                var added: [HistoryKind: Int64] = [:]
                for (row, record) in packed {
                    added[row.kind, default: 0] += try Self.insert(row, record, into: database)
                }
                try Self.count(added, in: database)
            }
        } catch {
            throw HistoryTrouble(path, error)
        }
    }

    /// The first records, and later again ones of every look, become what all others are packed with.
    private func learnFrom(_ rows: [HistoryRow], _ writer: DatabaseQueue) throws {
        guard let dictionary = samples.withLock({ $0.take(rows) }) else { return }
        let number = try writer.write { database -> Int64 in
            try database.execute(
                sql: "INSERT INTO dictionaries (bytes) VALUES (?)", arguments: [Blob(dictionary).data])
            return database.lastInsertedRowID
        }
        guard let small = UInt8(exactly: number) else { return }
        learn(dictionary, as: small)
    }

    /// - Returns: by how many the records have become more.
    private static func insert(_ row: HistoryRow, _ record: [UInt8], into database: Database) throws -> Int64 {
        var added: Int64 = 1
        let place: Int64
        var id: Int64?
        switch row.place {
        case .serial(let serial):
            place = Int64(clamping: serial)
            // A listing has each of its places once.
            let old = try database.cachedStatement(sql: "DELETE FROM records WHERE kind = ? AND kind > 0 AND place = ?")
            try old.execute(arguments: [row.kind.rawValue, place])
            added -= Int64(database.changesCount)
        case .request(let key):
            place = key.first.nanoseconds
            id = Int64(key.id.bits)
            let lookup = try database.cachedStatement(sql: "SELECT record FROM requests WHERE first = ? AND id = ?")
            if let old = try Int64.fetchOne(lookup, arguments: [place, id]) {
                try database.cachedStatement(sql: "DELETE FROM records WHERE serial = ?").execute(arguments: [old])
                added -= 1
            }
        }
        let insertion = try database.cachedStatement(
            sql: "INSERT INTO records (kind, place, id, last, owner, record) VALUES (?, ?, ?, ?, ?, ?)")
        insertion.setUncheckedArguments(
            [row.kind.rawValue, place, id, row.last.nanoseconds, row.owner.map { Int64($0) }, Blob(record).data])
        try insertion.execute()
        guard case .request = row.place else { return added }
        var values: [DatabaseValue] = [
            place.databaseValue, (id ?? 0).databaseValue, database.lastInsertedRowID.databaseValue,
        ]
        values.reserveCapacity(3 + HistoryColumn.allCases.count)
        for value in row.columns.values { values.append(value?.databaseValue ?? .null) }
        let request = try database.cachedStatement(sql: insertRequest)
        request.setUncheckedArguments(StatementArguments(values))
        try request.execute()
        return added
    }

    private static let insertRequest: String = {
        let columns = HistoryColumn.allCases.map(\.rawValue).joined(separator: ", ")
        let marks = HistoryColumn.allCases.map { _ in ", ?" }.joined()
        return "INSERT OR REPLACE INTO requests (first, id, record, \(columns)) VALUES (?, ?, ?\(marks))"
    }()

    private static func count(_ changes: [HistoryKind: Int64], in database: Database) throws {
        for (kind, change) in changes where change != 0 {
            try database.cachedStatement(
                sql: "INSERT INTO counts VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET count = count + excluded.count"
            ).execute(arguments: [kind.rawValue, change])
        }
    }
}

// MARK: - Dropping

extension HistoryFile {
    /// Drops the oldest until what is in use fits, a slice at a time.
    ///
    /// - Parameters:
    ///   - byteCount: of the database file, its log aside.
    ///   - limit: how many records at most.
    /// - Returns: how many have gone.
    func drop(beyond byteCount: Int64, limit: Int) throws(HistoryTrouble) -> Int {
        guard let writer else { return 0 }
        do {
            guard try writer.read({ try Self.usedBytes($0) }) > byteCount else { return 0 }
            return try writer.write { database in
                try Self.drop(
                    database, "SELECT serial, kind, place, id FROM records ORDER BY serial LIMIT ?",
                    [limit.databaseValue])
            }
        } catch {
            throw HistoryTrouble(path, error)
        }
    }

    /// Drops records whose last packet is before `cutoff`.
    ///
    /// - Returns: how many have gone.
    func drop(before cutoff: Timestamp, limit: Int) throws(HistoryTrouble) -> Int {
        guard let writer else { return 0 }
        do {
            let selection = "FROM records INDEXED BY ages WHERE last < ? ORDER BY last"
            let isThere = try writer.read { database in
                try Int64.fetchOne(
                    database, sql: "SELECT serial \(selection) LIMIT 1", arguments: [cutoff.nanoseconds]) != nil
            }
            guard isThere else { return 0 }
            return try writer.write { database in
                try Self.drop(
                    database, "SELECT serial, kind, place, id \(selection) LIMIT ?",
                    [cutoff.nanoseconds.databaseValue, limit.databaseValue])
            }
        } catch {
            throw HistoryTrouble(path, error)
        }
    }

    private static func drop(_ database: Database, _ selection: String, _ arguments: [DatabaseValue]) throws -> Int {
        let rows = try Row.fetchAll(database.cachedStatement(sql: selection), arguments: StatementArguments(arguments))
        var changes: [HistoryKind: Int64] = [:]
        let records = try database.cachedStatement(sql: "DELETE FROM records WHERE serial = ?")
        let requests = try database.cachedStatement(sql: "DELETE FROM requests WHERE first = ? AND id = ?")
        for row in rows {
            try records.execute(arguments: [try row.decode(Int64.self, atIndex: 0)])
            if let id = try row.decode(Int64?.self, atIndex: 3) {
                try requests.execute(arguments: [try row.decode(Int64.self, atIndex: 2), id])
            }
            if let kind = HistoryKind(rawValue: try row.decode(Int64.self, atIndex: 1)) {
                changes[kind, default: 0] -= 1
            }
        }
        try count(changes, in: database)
        return rows.count
    }

    /// Gives pages that are free back to the file system, as far as the file is larger than `byteCount`.
    ///
    /// - Parameter limit: pages at once.
    /// - Returns: whether there may be more to give.
    func shrink(to byteCount: Int64, limit: Int) throws(HistoryTrouble) -> Bool {
        guard let writer else { return false }
        do {
            return try writer.writeWithoutTransaction { database in
                let size = try Self.fileBytes(database)
                guard size > byteCount, try Self.pragma(database, "freelist_count") > 0 else { return false }
                let pages = min(Int64(limit), (size - byteCount) / (try Self.pragma(database, "page_size")) + 1)
                _ = try Row.fetchAll(database, sql: "PRAGMA incremental_vacuum(\(pages))")
                return pages == limit
            }
        } catch {
            throw HistoryTrouble(path, error)
        }
    }

    private static func fileBytes(_ database: Database) throws -> Int64 {
        try pragma(database, "page_count") * pragma(database, "page_size")
    }

    private static func usedBytes(_ database: Database) throws -> Int64 {
        try (pragma(database, "page_count") - pragma(database, "freelist_count")) * pragma(database, "page_size")
    }

    private static func pragma(_ database: Database, _ name: String) throws -> Int64 {
        try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA \(name)")) ?? 0
    }
}

// MARK: - Reading

extension HistoryFile {
    /// How much there is.
    struct Extent: Sendable, Equatable {
        var counts: [HistoryKind: Int] = [:]
        /// The file, without its log.
        var byteCount: Int64 = 0
        /// The earliest last packet.
        var oldest: Timestamp?
        /// Of requests, the latest of all.
        var latestKey: RequestKey?
        /// The highest of each kind but requests.
        var latestSerials: [HistoryKind: UInt64] = [:]
        /// Of the newest record that was written.
        var latest: Timestamp?
    }

    func extent() throws -> Extent {
        try reader().read { database in
            var extent = Extent()
            for row in try Row.fetchAll(database, sql: "SELECT kind, count FROM counts") {
                guard let kind = HistoryKind(rawValue: try row.decode(Int64.self, atIndex: 0)) else { continue }
                extent.counts[kind] = Int(max(0, try row.decode(Int64.self, atIndex: 1)))
            }
            extent.byteCount = try Self.fileBytes(database)
            extent.oldest = try Int64.fetchOne(database, sql: "SELECT min(last) FROM records")
                .map { Timestamp(nanoseconds: $0) }
            extent.latest = try Int64.fetchOne(
                database, sql: "SELECT last FROM records ORDER BY serial DESC LIMIT 1"
            ).map { Timestamp(nanoseconds: $0) }
            extent.latestKey = try Row.fetchOne(
                database, sql: "SELECT first, id FROM requests ORDER BY first DESC, id DESC LIMIT 1"
            ).map { try RequestKey($0) }
            for kind in HistoryKind.allCases where kind != .request {
                let place = try Int64.fetchOne(
                    database, sql: "SELECT max(place) FROM records WHERE kind = ? AND kind > 0",
                    arguments: [kind.rawValue])
                if let place { extent.latestSerials[kind] = UInt64(clamping: place) }
            }
            return extent
        }
    }

    /// Requests below a key, the newest first; see ``HistoryReader``.
    func requests(_ search: RequestSearch) async throws -> RequestSearch.Slice {
        try await reader().read { try search.run($0) }
    }

    /// Requests whose identifier begins so, newest first; with an `owner`, of those that it may see.
    func requests(
        matching prefix: RequestID.Prefix, owner: UInt32? = nil, limit: Int
    ) async throws -> [StoredRequest] {
        let range = prefix.range
        return try await reader().read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(RequestSearch.columns) FROM requests WHERE id BETWEEN ? AND ?
                    \(owner.map { "AND owner = \($0)" } ?? "")
                    ORDER BY first DESC, id DESC LIMIT ?
                    """, arguments: [Int64(range.lowerBound), Int64(range.upperBound), limit]
            ).map { try StoredRequest($0) }
        }
    }

    /// The JSON of records, in their order.
    ///
    /// - Throws: ``HistoryTrouble/damaged(_:)`` when one is not as it was written.
    func json(of requests: [StoredRequest]) async throws -> [[UInt8]?] {
        guard !requests.isEmpty else { return [] }
        let packed = try await reader().read { database in
            let statement = try database.cachedStatement(sql: "SELECT record FROM records WHERE serial = ?")
            return try requests.map { try Data.fetchOne(statement, arguments: [$0.record]) }
        }
        // One that has been dropped in between is simply gone.
        return try packed.map { try $0.map { try unpack([UInt8]($0)) } }
    }

    /// Records of a list with their places, newest first, all below `place`; with an `owner`, of those that it may see.
    func list(
        _ kind: HistoryKind, below place: UInt64, owner: UInt32?, limit: Int
    ) async throws -> [(place: UInt64, json: [UInt8])] {
        let selection =
            owner.map { "INDEXED BY owned WHERE owner = \($0) AND owner IS NOT NULL" } ?? "INDEXED BY lists WHERE 1"
        let packed = try await reader().read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT place, record FROM records \(selection) AND kind = ? AND kind > 0 AND place < ?
                    ORDER BY place DESC LIMIT ?
                    """, arguments: [kind.rawValue, Int64(clamping: place), limit]
            ).map { row in
                (
                    UInt64(clamping: try row.decode(Int64.self, atIndex: 0)),
                    [UInt8](try row.decode(Data.self, atIndex: 1))
                )
            }
        }
        return try packed.map { (place: $0.0, json: try unpack($0.1)) }
    }

    private func unpack(_ packed: [UInt8]) throws -> [UInt8] {
        guard let json = unpacker.withLock({ $0.unpack(packed) }) else { throw HistoryTrouble.damaged(path) }
        return json
    }
}

extension RequestKey {
    /// Of columns `first` and `id`, the first two.
    ///
    /// - Throws: when the file has something else there. A subscript of the row would end the program.
    init(_ row: Row) throws {
        let first = try row.decode(Int64.self, atIndex: 0)
        let id = try row.decode(Int64.self, atIndex: 1)
        self.init(first: Timestamp(nanoseconds: first), id: RequestID(bits: UInt64(clamping: id)))
    }
}

/// Bytes as SQLite's layer takes them.
struct Blob {
    let data: Data

    init(_ bytes: [UInt8]) { data = Data(bytes) }

    var databaseValue: DatabaseValue { data.databaseValue }
}
