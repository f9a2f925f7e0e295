import Testing

@testable import Configure

@Suite struct ChangesTests {
    @Test func nothingChangedIsNothing() {
        #expect(Configuration().changes(from: Configuration()).isEmpty)
    }

    @Test func eachKindOfValueIsCompared() throws {
        let yaml = """
            capture: {interfaces: [eth0], filter: tcp}
            tables: {flows: 4096}
            process: {command_line: false}
            socket: {mode: "0600"}
            log: {level: debug}
            """
        let new = try Configuration(yaml: yaml, file: "new.yaml")
        #expect(
            new.changes(from: Configuration()) == [
                "capture.interfaces", "capture.filter", "tables.flows", "process.command_line", "socket.mode",
                "log.level",
            ])
    }
}
