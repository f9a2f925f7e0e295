import API
import Testing

@testable import waybill

@Suite struct StreamTests {
    @Test(arguments: [
        (["{\"a\":1}\n{\"b\"", ":2}\n"], ["{\"a\":1}", "{\"b\":2}"]), (["\n\n"], []), (["unfinished"], []),
        (["bücher\n"], ["bücher"]),
    ])
    func putsLinesTogether(_ chunks: [String], _ lines: [String]) throws {
        var splitter = LineSplitter()
        var found: [String] = []
        for chunk in chunks { found += try splitter.take(chunk.utf8) }
        #expect(found == lines)
    }

    @Test func aChunkMayEndInsideACharacter() throws {
        var splitter = LineSplitter()
        var found: [String] = []
        for byte in "bücher\n".utf8 { found += try splitter.take([byte]) }
        #expect(found == ["bücher"])
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
        let pending = settled.isNews(request)
        #expect(!pending)
        request.outcome = .ok
        let connected = settled.isNews(request)
        #expect(!connected, "connected, and nothing came back yet")
        request.stages = [Stage(.exchange, .ok)]
        let answered = settled.isNews(request)
        #expect(answered)
        let again = settled.isNews(request)
        #expect(!again)
        request.complete = true
        let closed = settled.isNews(request)
        #expect(!closed)
        let another = settled.isNews(request)
        #expect(another, "another request may have the same id long after")
    }
}
