import Foundation
import Testing

@testable import Configure

@Suite struct ConfigurationTests {
    static let shipped = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../config/waybill.yaml").path

    @Test func theShippedFileIsTheDefault() throws {
        #expect(try Configuration(path: Self.shipped) == Configuration())
    }

    /// A key that nobody explains is a key that nobody finds.
    @Test func theShippedFileHasEveryKey() throws {
        let lines = try String(contentsOfFile: Self.shipped, encoding: .utf8).split(separator: "\n")
        var keys: [String: [String]] = [:]
        var section = ""
        for line in lines where !line.drop(while: { $0 == " " }).hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            if line.hasPrefix("  ") {
                keys[section, default: []].append(line[..<colon].trimmingCharacters(in: .whitespaces))
            } else {
                section = String(line[..<colon])
            }
        }
        #expect(keys.keys.sorted() == Schema.sectionNames.sorted())
        for section in Schema.sections { #expect(keys[section.name] == section.keys.map(\.name)) }
    }

    @Test func readsEveryKey() throws {
        let yaml = """
            capture: {interfaces: [eth0, lo], filter: not port 22, snap_length: 262144, buffer_mib: 64,
                      timeout_ms: 5, promiscuous: true}
            tables: {flows: 2_048, lookups: 64, names: 65, neighbours: 66}
            timeouts:
              tcp_unanswered_s: 1
              tcp_established_s: 604800
              tcp_half_closed_s: 2
              tcp_linger_s: 3
              udp_s: 4
              echo_s: 5
              lookup_s: 6
              neighbour_s: 7
            history: {requests: 1, lookups: 2, neighbours: 3, icmp_errors: 4}
            process: {command_line: false}
            socket: {path: /tmp/w.sock, group: "", mode: 0600, access: own}
            log: {level: debug}
            """
        var expected = Configuration()
        expected.capture.interfaces = ["eth0", "lo"]
        expected.capture.filter = "not port 22"
        expected.capture.snapLength = 262_144
        expected.capture.bufferMebibytes = 64
        expected.capture.timeoutMilliseconds = 5
        expected.capture.promiscuous = true
        expected.process.commandLine = false
        expected.tables.flows = 2048
        expected.tables.lookups = 64
        expected.tables.names = 65
        expected.tables.neighbours = 66
        expected.timeouts.tcpUnanswered = 1
        expected.timeouts.tcpEstablished = 604_800
        expected.timeouts.tcpHalfClosed = 2
        expected.timeouts.tcpLinger = 3
        expected.timeouts.udp = 4
        expected.timeouts.echo = 5
        expected.timeouts.lookup = 6
        expected.timeouts.neighbour = 7
        expected.history.requests = 1
        expected.history.lookups = 2
        expected.history.neighbours = 3
        expected.history.icmpErrors = 4
        expected.socket.path = "/tmp/w.sock"
        expected.socket.group = ""
        expected.socket.mode = 0o600
        expected.socket.access = .own
        expected.log.level = .debug
        #expect(try Configuration(yaml: yaml, file: "w.yaml") == expected)
    }

    @Test(arguments: ["", "\n", "# nothing\n", "---\n", "~", "capture:\nlog:\n  # level: debug\n", "{}"])
    func nothingIsTheDefault(_ yaml: String) throws {
        #expect(try Configuration(yaml: yaml, file: "w.yaml") == Configuration())
    }

    @Test(arguments: ["0660", "660", "\"0660\"", "0o660"])
    func modesAreOctal(_ text: String) throws {
        let yaml = "socket: {mode: \(text)}"
        #expect(try Configuration(yaml: yaml, file: "w.yaml").socket.mode == 0o660)
    }

    @Test(arguments: [
        ("{}", 0o660), ("{access: own}", 0o666), ("{access: own, mode: auto}", 0o666), ("{access: group}", 0o660),
        ("{access: own, mode: 0660}", 0o660), ("{mode: 0600}", 0o600),
    ])
    func modesFollowAccess(_ socket: String, _ mode: Int) throws {
        #expect(try Configuration(yaml: "socket: \(socket)", file: "w.yaml").socket.effectiveMode == UInt32(mode))
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var yaml: String
        var message: String
        var testDescription: String { String(yaml.prefix(40)) }
    }

    static let levels = "trace, debug, info, notice, warning, error, critical"

    @Test(arguments: [
        Mistake(
            yaml: "capture:\n  snap_lenght: 100\n",
            message: "w.yaml:2:3: capture.snap_lenght: there is no such key; did you mean snap_length? "
                + "Allowed are interfaces, filter, snap_length, buffer_mib, timeout_ms, promiscuous"),
        Mistake(
            yaml: "log:\n  level: info\n  colour: true\n",
            message: "w.yaml:3:3: log.colour: there is no such key. Allowed are level"),
        Mistake(
            yaml: "metrics: {listen: \"0.0.0.0:9495\"}",
            message: "w.yaml:1:19: metrics.listen: must be a loopback address with a port, as 127.0.0.1:9495 or "
                + "[::1]:9495, or empty, not \"0.0.0.0:9495\""),
        Mistake(
            yaml: "socket: {access: all}",
            message: "w.yaml:1:18: socket.access: must be one of group, own, not \"all\""),
        Mistake(
            yaml: "captuer: {}",
            message: "w.yaml:1:1: captuer: there is no such section; did you mean capture? "
                + "Allowed are capture, tables, timeouts, history, process, socket, metrics, run_as, log"),
        Mistake(
            yaml: "filter: port 53",
            message: "w.yaml:1:1: filter: stands outside its section; write it as filter below capture:"),
        Mistake(
            yaml: "capture:\n  snap_length: 95\n",
            message: "w.yaml:2:16: capture.snap_length: must be a whole number from 96 to 262144, not \"95\""),
        Mistake(
            yaml: "capture: {snap_length: \"8192\"}",
            message: "w.yaml:1:24: capture.snap_length: must be a whole number from 96 to 262144, not \"8192\""),
        Mistake(
            yaml: "capture: {snap_length: 99999999999999999999}",
            message: "w.yaml:1:24: capture.snap_length: must be a whole number from 96 to 262144, "
                + "not \"99999999999999999999\""),
        Mistake(
            yaml: "tables: {flows: -1}",
            message: "w.yaml:1:17: tables.flows: must be a whole number from 1024 to 16777216, not \"-1\""),
        Mistake(
            yaml: "tables: {flows: [1]}",
            message: "w.yaml:1:17: tables.flows: must be a whole number from 1024 to 16777216, not a list"),
        Mistake(
            yaml: "timeouts:\n  udp_s:\n",
            message: "w.yaml:2:9: timeouts.udp_s: must be a whole number from 1 to 604800, and has no value; "
                + "give one, or remove the key"),
        Mistake(
            yaml: "capture: {promiscuous: yes}",
            message: "w.yaml:1:24: capture.promiscuous: must be true or false, not \"yes\""),
        Mistake(
            yaml: "capture: {interfaces: eth0}",
            message: "w.yaml:1:23: capture.interfaces: must be a list of texts: [first, second], not \"eth0\""),
        Mistake(
            yaml: "capture: {interfaces: [eth0, ../lo]}",
            message: "w.yaml:1:30: capture.interfaces: must be the name of an interface: 1 to 15 bytes without space, "
                + "slash and colon, not \"../lo\""),
        Mistake(
            yaml: "capture: {filter: }",
            message: "w.yaml:1:19: capture.filter: has no value; give one, or remove the key"),
        Mistake(
            yaml: "socket: {path: w.sock}",
            message: "w.yaml:1:16: socket.path: must be the absolute path of a file, at most 107 bytes long, "
                + "not \"w.sock\""),
        Mistake(
            yaml: "socket: {mode: 888}",
            message: "w.yaml:1:16: socket.mode: must be permission bits in octal, 0600 to 0777, or auto, not \"888\""),
        Mistake(
            yaml: "log: {level: loud}", message: "w.yaml:1:14: log.level: must be one of \(levels), not \"loud\""),
        Mistake(yaml: "log: debug", message: "w.yaml:1:6: log: must hold keys: level"),
        Mistake(
            yaml: "- capture",
            message:
                "w.yaml:1:1: must hold sections: capture, tables, timeouts, history, process, socket, metrics, run_as, log"
        ),
        Mistake(yaml: "? [a, b]\n: 1", message: "w.yaml:1:3: a key must be a word"),
        Mistake(yaml: "log: {level: info", message: "w.yaml:2:1: is no YAML: did not find expected ',' or '}'"),
        Mistake(yaml: "log: {level: info, level: debug}", message: "w.yaml:1:7: a key is given twice: level"),
        Mistake(yaml: "log: &a {level: info}\nsocket: *b", message: "w.yaml:2:9: is no YAML: found undefined alias"),
    ])
    func tellsWhatAndWhere(_ mistake: Mistake) {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try Configuration(yaml: mistake.yaml, file: "w.yaml")
        }
        #expect(error?.description == mistake.message)
    }

    @Test func survivesDeepNesting() {
        let yaml = String(repeating: "[", count: 100_000)
        #expect(throws: ConfigurationError.self) { _ = try Configuration(yaml: yaml, file: "w.yaml") }
    }

    @Test func survivesAliasesOfAliases() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let before = "*a\(level - 1)"
            yaml += "a\(level): &a\(level) [\([String](repeating: before, count: 9).joined(separator: ", "))]\n"
        }
        #expect(throws: ConfigurationError.self) { _ = try Configuration(yaml: yaml, file: "w.yaml") }
    }

    @Test func aNamedFileMustExist() {
        let error = #expect(throws: ConfigurationError.self) { _ = try Configuration(path: "/nowhere/w.yaml") }
        #expect(error?.description == "/nowhere/w.yaml: cannot be read: No such file or directory")
        #expect(throws: ConfigurationError.self) { _ = try Configuration(path: "/") }
        #expect(throws: ConfigurationError.self) { _ = try Configuration(path: "/dev/zero") }
        #expect(throws: Never.self) { _ = try Configuration(path: "/dev/null") }
    }
}
