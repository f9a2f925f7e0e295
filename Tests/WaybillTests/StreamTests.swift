import API
import Testing

@testable import waybill

@Suite struct StreamTests {
    @Test(arguments: [
        (["{\"a\":1}\n{\"b\"", ":2}\n"], ["{\"a\":1}", "{\"b\":2}"]), (["\n\n"], []), (["unfinished"], []),
        (["é".utf8.map { $0 }.count == 2 ? "é\n" : ""], ["é"]),
    ])
    func putsLinesTogether(_ chunks: [String], _ lines: [String]) throws {
        var splitter = LineSplitter()
        #expect(try chunks.flatMap { try splitter.take($0.utf8) } == lines)
    }

    @Test func refusesALineWithoutEnd() {
        var splitter = LineSplitter()
        #expect(throws: Failure.self) {
            _ = try splitter.take(repeatElement(UInt8(ascii: "x"), count: LineSplitter.longestLine + 1))
        }
    }

    @Test func aRequestIsNewsOnce() {
        var settled = SettledRequests()
        var request = Request(
            id: "a", transport: .tcp, direction: .outbound,
            client: RequestSide(address: "192.0.2.1", port: 1, segments: 1, payloadBytes: 0),
            server: RequestSide(address: "192.0.2.2", port: 2, segments: 0, payloadBytes: 0),
            first: Time(nanoseconds: 0), last: Time(nanoseconds: 0), duration: Milliseconds(microseconds: 0),
            outcome: .pending, complete: false)
        #expect(!settled.isNews(request))
        request.outcome = .ok
        #expect(!settled.isNews(request), "connected, and nothing came back yet")
        request.stages = [Stage(.exchange, .ok)]
        #expect(settled.isNews(request))
        #expect(!settled.isNews(request))
        request.complete = true
        #expect(!settled.isNews(request))
        #expect(settled.isNews(request), "another request may have the same id long after")
    }
}
