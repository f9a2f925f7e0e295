import API
import Model
import Report
package import Store

/// Makes the rows that go to disk: the record in the very words in which it is served now, and what it is found by.
package struct HistoryEncoding: Sendable {
    private let renderer = RecordRenderer()
    let tally = RequestTally()

    package init() {}

    package func row(_ entry: HistoryQueue.Entry) -> HistoryRow {
        var writer = JSONWriter(capacity: 6144)
        func row(
            _ place: HistoryRow.Place, _ last: Timestamp, _ record: some JSONWritable,
            _ columns: HistoryColumns = HistoryColumns()
        ) -> HistoryRow {
            record.write(to: &writer)
            return HistoryRow(
                kind: entry.record.kind, place: place, last: last, json: Array(writer.bytes), columns: columns)
        }
        let serial = HistoryRow.Place.serial(entry.serial)
        switch entry.record {
        case .request(let lifecycle):
            let record = renderer.request(lifecycle)
            let digest = RequestDigest(lifecycle, of: record)
            tally.note(digest)
            return row(.request(lifecycle.key), lifecycle.last, record, HistoryColumns(digest))
        case .lookup(let lookup):
            let last = lookup.answered ?? lookup.queried ?? Timestamp(nanoseconds: 0)
            var made = row(serial, last, renderer.lookup(lookup))
            made.owner = lookup.user
            return made
        case .neighbour(let resolution): return row(serial, resolution.last, renderer.neighbour(resolution))
        case .lease(let lease): return row(serial, lease.last, renderer.lease(lease))
        case .icmpError(let report): return row(serial, report.time, renderer.icmpError(report))
        }
    }
}
