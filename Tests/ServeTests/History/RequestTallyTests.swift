import LifecycleSamples
import Model
import Store
import Testing

@testable import Serve

@Suite struct RequestTallyTests {
    @Test func countsByVerdictAndOutcome() {
        let encoding = HistoryEncoding()
        #expect(encoding.tally.all.isEmpty)
        let lifecycles = LifecycleSample.all.map(\.lifecycle)
        for lifecycle in lifecycles + lifecycles { _ = encoding.row(HistoryQueue.Entry(record: .request(lifecycle))) }
        let all = encoding.tally.all
        #expect(all.reduce(0) { $0 + $1.count } == UInt64(2 * lifecycles.count))
        #expect(all.map(\.kind) == all.map(\.kind).sorted() && Set(all.map(\.kind)).count == all.count)
        #expect(all.contains { $0.kind.outcome == "failed" } && all.contains { $0.kind.outcome == "ok" })
    }

    @Test func whatIsNoRequestIsNotCounted() {
        let encoding = HistoryEncoding()
        let lookup = Lookup(
            client: Endpoint(IPAddress(v4: 1), 40_000), server: Endpoint(IPAddress(v4: 2), 53), transport: .udp,
            transactionID: 7, name: "www.example.org", type: 1, queried: nil, status: .noAnswer)
        _ = encoding.row(HistoryQueue.Entry(record: .lookup(lookup)))
        #expect(encoding.tally.all.isEmpty)
    }
}
