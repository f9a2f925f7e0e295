package import Model

/// One record as it goes to disk: the record itself in the contract's JSON, and what queries ask of it.
package struct HistoryRow: Sendable, Equatable {
    package var kind: HistoryKind
    /// Where it stands in listings: of a request by its key, of others by their serial number.
    package var place: Place
    /// Of the last packet: what its age is counted from.
    package var last: Timestamp
    /// One JSON object, as it was first told.
    package var json: [UInt8]
    /// The user who may see it, where not everybody may; of requests ``HistoryColumn/owner`` says so.
    package var owner: UInt32?
    /// Of requests alone; what is not there is not known.
    package var columns: HistoryColumns

    package enum Place: Hashable, Sendable {
        case request(RequestKey)
        case serial(UInt64)
    }

    package init(
        kind: HistoryKind, place: Place, last: Timestamp, json: [UInt8],
        columns: HistoryColumns = HistoryColumns()
    ) {
        self.kind = kind
        self.place = place
        self.last = last
        self.json = json
        self.columns = columns
    }
}

/// The kinds of records, by the number that stands on disk.
package enum HistoryKind: Int64, Sendable, CaseIterable {
    case request = 0
    case lookup, neighbour, lease, icmpError

    /// Its table, as `waybill status` names it.
    package var tableName: String {
        switch self {
        case .request: "requests"
        case .lookup: "lookups"
        case .neighbour: "neighbours"
        case .lease: "leases"
        case .icmpError: "icmp_errors"
        }
    }
}

extension Record {
    package var kind: HistoryKind {
        switch self {
        case .request: .request
        case .lookup: .lookup
        case .neighbour: .neighbour
        case .lease: .lease
        case .icmpError: .icmpError
        }
    }
}

/// What can be asked of a request on disk without unpacking it. The raw value is the column's name in SQL, and part of
/// the file's format. Words stand as the contract writes them, spans in microseconds, times in nanoseconds.
package enum HistoryColumn: String, Sendable, CaseIterable {
    case last, transport, direction, interface, application
    /// Version and address, see ``HistoryValue/address(_:)``.
    case client, server
    /// Absent where the protocol has none.
    case clientPort = "client_port"
    case serverPort = "server_port"
    /// All names of the server and all that were asked for, each followed by a newline, in lower case.
    case names
    case outcome
    /// The stage that failed, and why.
    case stage, reason
    case state, verdict, severity
    /// 0 or 1.
    case complete
    /// The user who may see it, where not everybody may; absent where that is not certain.
    case owner
    case uid, user, pid, process, executable, unit, container
    case containerRuntime = "container_runtime"
    case duration, rtt, sent, received, retransmitted
    /// `snat`, `dnat` or both, each followed by a newline.
    case translations = "nat"
    /// Of all HTTP exchanges, each followed by a newline.
    case httpStatuses = "http_statuses"

    /// Its place among all.
    var index: Int { Self.indices[self] ?? 0 }

    private static let indices = Dictionary(uniqueKeysWithValues: zip(allCases, 0...))

    var type: String {
        switch self {
        case .client, .server: "BLOB"
        case .last, .clientPort, .serverPort, .complete, .owner, .uid, .pid, .duration, .rtt, .sent, .received,
            .retransmitted:
            "INTEGER"
        case .transport, .direction, .interface, .application, .names, .outcome, .stage, .reason, .state, .verdict,
            .severity, .user, .process, .executable, .unit, .container, .containerRuntime, .translations, .httpStatuses:
            "TEXT"
        }
    }
}

/// The columns of one request; what is not there is not known.
package struct HistoryColumns: Sendable, Equatable {
    /// In the order of ``HistoryColumn/allCases``.
    var values = [HistoryValue?](repeating: nil, count: HistoryColumn.allCases.count)

    package init() {}

    package subscript(column: HistoryColumn) -> HistoryValue? {
        get { values[column.index] }
        set { values[column.index] = newValue }
    }
}

/// A value of a column.
package enum HistoryValue: Sendable, Hashable {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    /// Beyond what SQLite's integers hold it counts as the largest.
    package init(_ number: some FixedWidthInteger) { self = .integer(Int64(clamping: number)) }

    /// An address so that networks are ranges: the version, then the address in network order.
    package static func address(_ address: IPAddress) -> HistoryValue {
        var bytes = [address.version.rawValue]
        switch address.version {
        case .v4: bytes += Self.bigEndian(address.low).suffix(4)
        case .v6: bytes += Self.bigEndian(address.high) + Self.bigEndian(address.low)
        }
        return .bytes(bytes)
    }

    /// `nil` when it is none.
    package var address: IPAddress? {
        guard case .bytes(let bytes) = self, let version = bytes.first else { return nil }
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        switch (version, bytes.count) {
        case (IPAddress.Version.v4.rawValue, 5): return IPAddress(v4: UInt32(truncatingIfNeeded: number(bytes[1...])))
        case (IPAddress.Version.v6.rawValue, 17):
            return IPAddress(v6High: number(bytes[1..<9]), low: number(bytes[9...]))
        default: return nil
        }
    }

    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }

    package var text: String? { if case .text(let text) = self { text } else { nil } }

    private static func bigEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
