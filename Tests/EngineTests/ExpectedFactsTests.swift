import API
import Engine
import FoundationEssentials
import Report
import Testing

/// What `NAME.expected.json` says of `NAME.pcap` must be in the output of `waybill read --format ndjson`; labs/README.md
/// has the form.
@Suite struct ExpectedFactsTests {
    struct Expected: Decodable { var records: [JSONValue] }

    static let names = CaptureFolder.files(in: CaptureFolder.own, ending: ".expected.json")

    @Test(arguments: names) func areInTheOutput(_ name: String) throws {
        let path = CaptureFolder.own + "/" + name
        let data = try #require(FileManager.default.contents(atPath: path + ".expected.json"))
        let expected = try JSONDecoder().decode(Expected.self, from: data).records
        let capture = try #require(
            ["pcap", "pcapng"].map { "\(path).\($0)" }.first { FileManager.default.fileExists(atPath: $0) })
        var lines = try Self.lines(path: capture)
        for record in expected {
            if let place = lines.firstIndex(where: { $0.difference(from: record) == nil }) {
                lines.remove(at: place)  // each is found in a line of its own
                continue
            }
            let same = lines.filter { $0["record"] == record["record"] }.map { $0.difference(from: record) ?? "" }
            Issue.record("no line has \(record)\n\(same.joined(separator: "\n"))")
        }
    }

    /// Not even the comparison itself passes everything.
    @Test(
        arguments: [
            (#"{"a": 1}"#, #"{"a": 2}"#, ".a is 1, not 2"),
            (#"{"a": {"b": [1, 2]}}"#, #"{"a": {"b": [1]}}"#, ".a.b is [1, 2], not [1]"),
            (#"{"a": [{"b": "x", "c": 1}]}"#, #"{"a": [{"b": "y"}]}"#, #".a[0].b is "x", not "y""#),
            (#"{"a": true}"#, #"{"a": null}"#, ".a is true, not absent"),
            (#"{}"#, #"{"a": false}"#, ".a is absent, not false"),
            (#"{"a": "x", "b": 1}"#, #"{"a": "x", "c": null}"#, nil),
        ]) func differencesAreFound(_ found: String, _ expected: String, _ difference: String?) throws
    {
        let values = try [found, expected].map { try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
        #expect(values[0].difference(from: values[1]) == difference)
    }

    /// Every line that `waybill read --format ndjson` writes.
    static func lines(path: String) throws -> [JSONValue] {
        var replay = try FileReplay(path: path)
        let renderer = RecordRenderer()
        var writer = JSONWriter()
        _ = replay.run { renderer.writeLine($0, to: &writer) }
        renderer.summary(replay.summary).write(to: &writer)
        writer.endLine()
        return try writer.bytes.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0))
        }
    }
}
