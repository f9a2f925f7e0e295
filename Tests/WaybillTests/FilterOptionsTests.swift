import API
import ArgumentParser
import Testing

@testable import waybill

@Suite struct FilterOptionsTests {
    @Test(arguments: [
        (["failed"], "failed"), (["failed", "and", "to.port=443"], "failed and to.port = 443"),
        (["--where", "process = curl"], "process = curl"),
        (["--where", "pid = 1 or pid = 2", "failed"], "(pid = 1 or pid = 2) and failed"),
        (["--port", "53", "name ~ example"], "name ~ example"),
    ])
    func conditionsAreJoined(_ arguments: [String], _ expression: String) async throws {
        let query = try await List.asyncParse(arguments).filters.query()
        #expect(query.expression?.description == expression)
    }

    @Test func mistakesAreMarked() async {
        let error = await #expect(throws: (any Error).self) {
            try await List.asyncParse(["failed", "and", "protcol=tcp"])
        }
        let text = error.map { List.message(for: $0) } ?? ""
        #expect(
            text.contains(
                """
                the condition, character 12: there is no field "protcol"; did you mean protocol?
                  failed and protcol=tcp
                             ^~~~~~~
                """), "\(text)")
    }

    @Test(arguments: [
        ["--columns", "when,colour"], ["--columns", ""], ["--sort", "colour"], ["--sort", "-"],
        ["--columns", "when", "--format", "json"], ["--where", "colour"],
    ])
    func listRefuses(_ arguments: [String]) async {
        await #expect(throws: (any Error).self) { try await List.asyncParse(arguments) }
    }

    @Test(arguments: [
        ["--columns", "when, to,protocol"], ["--sort", "-duration"], ["--sort", "bytes", "--format", "json"],
    ])
    func listTakes(_ arguments: [String]) async throws { _ = try await List.asyncParse(arguments) }

    @Test func readTakesAFileThenACondition() async throws {
        let read = try await Read.asyncParse(["trace.pcap", "failed", "--port", "53"])
        #expect(read.file == "trace.pcap")
        #expect(try read.filters.query().queryString == "port=53&where=failed")
        await #expect(throws: (any Error).self) {
            try await Read.asyncParse(["trace.pcap", "failed", "--format", "summary"])
        }
    }
}
