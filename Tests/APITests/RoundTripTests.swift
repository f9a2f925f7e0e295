import API
import FoundationEssentials
import RecordSamples
import Testing

@Suite struct RoundTripTests {
    private func read<Value: Decodable & JSONWritable>(_ value: Value) throws -> Value {
        var writer = JSONWriter()
        value.write(to: &writer)
        return try JSONDecoder().decode(Value.self, from: Data(writer.bytes))
    }

    @Test(arguments: 1...5)
    func recordsReadBackEqual(seed: Int) throws {
        var generator = RecordGenerator(seed: UInt64(seed))
        for _ in 0..<200 {
            let record = generator.record()
            #expect(try read(record) == record)
        }
    }

    @Test func statusAndPagesReadBackEqual() throws {
        var generator = RecordGenerator(seed: 99)
        for _ in 0..<100 {
            let status = generator.status()
            #expect(try read(status) == status)
            let routes = generator.routeList()
            #expect(try read(routes) == routes)
            let (ports, port) = (generator.portList(), generator.portReport())
            #expect(try read(ports) == ports)
            #expect(try read(port) == port)
            let page = Page(items: generator.list { $0.request() }, nextCursor: generator.maybe { $0.text() })
            #expect(try read(page) == page)
        }
    }

    @Test func problemsReadBackEqual() throws {
        let error = QueryError(parameter: "protocol", value: "sctp", allowed: ["tcp", "udp"])
        let problem = Problem.badParameter(error, instance: "/v1/requests")
        #expect(try read(problem) == problem)
        #expect(problem.status == 400 && problem.parameter == "protocol" && problem.allowed == ["tcp", "udp"])
    }

    /// One line is one record, whatever the names in it hold; and nothing in it can steer a terminal.
    @Test func linesHoldNoControls() {
        var generator = RecordGenerator(seed: 7)
        var writer = JSONWriter()
        for _ in 0..<300 {
            generator.record().write(to: &writer)
            writer.endLine()
        }
        let lines = writer.text.split(separator: "\n")
        #expect(lines.count == 300)
        #expect(lines.allSatisfy { $0.hasPrefix(#"{"record":""#) })
        let steering: Set<Unicode.Scalar> = [
            "\u{7F}", "\u{85}", "\u{9B}", "\u{202E}", "\u{2066}", "\u{2028}", "\u{200F}",
        ]
        for scalar in writer.text.unicodeScalars where scalar != "\n" {
            #expect(scalar.value >= 32 && !steering.contains(scalar))
        }
    }

    @Test func absentAndNullAreTold() throws {
        var side = RequestSide(address: "192.0.2.1", port: 80, segments: 1, payloadBytes: 0)
        side.mss = .null
        var writer = JSONWriter()
        side.write(to: &writer)
        #expect(
            writer.text == #"{"address":"192.0.2.1","port":80,"names":[],"segments":1,"payload_bytes":0,"mss":null}"#)
        let back = try read(side)
        #expect(back.mss == .null && back.windowScale == nil)
    }

    @Test func recordOfAnUnknownKindIsRefused() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Record.self, from: Data(#"{"record":"rumour"}"#.utf8))
        }
    }
}
