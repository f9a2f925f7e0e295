import API
import Testing

@testable import Terminal

@Suite struct RequestOrderTests {
    /// Three requests: `a` began first and has no round trip, `b` and `c` have.
    private static let requests = [
        request("a", first: 1, rtt: nil, sent: 500), request("b", first: 2, rtt: 20, sent: 10),
        request("c", first: 3, rtt: 10, sent: 10),
    ]

    private static func request(_ id: String, first: Int64, rtt: Int64?, sent: UInt64) -> Request {
        var request = Samples.page
        request.id = id
        request.first = Time(nanoseconds: first)
        request.handshakeRTT = rtt.map { Milliseconds(microseconds: $0) }
        request.client.payloadBytes = sent
        return request
    }

    @Test(arguments: [
        ("when", "abc"), ("-when", "cba"), ("ago", "cba"), ("rtt", "cba"), ("-rtt", "bca"), ("sent", "bca"),
        ("-sent", "abc"), ("id", "abc"), ("-id", "cba"), ("process", "abc"), ("-process", "abc"),
    ])
    func sorts(_ order: String, _ ids: String) throws {
        let order = try #require(RequestOrder(order))
        for requests in [Self.requests, Self.requests.reversed()] {
            #expect(order.sorted(requests).map(\.id).joined() == ids)
        }
    }

    @Test(arguments: ["", "-", "colour", "--", "when,to"])
    func refuses(_ text: String) { #expect(RequestOrder(text) == nil) }

    @Test func everyColumnHasAnOrderAndACell() {
        for column in RequestColumn.allCases {
            #expect(RequestColumn(name: column.rawValue) == column)
            for requests in [Samples.list, [Samples.owned, Samples.translated]] {
                #expect(RequestOrder(column).sorted(requests).count == requests.count)
                let table = RequestTable(on: Canvas(), clock: Samples.clock, columns: [column])
                #expect(table.lines(requests).count == requests.count + 1)
            }
        }
    }
}
