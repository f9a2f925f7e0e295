import Glibc
import Testing

@testable import waybilld

@Suite struct JournalSocketTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var entry: DaemonLog.Entry
        var text: String
    }

    @Test(arguments: [
        Example(
            testDescription: "a plain one", entry: DaemonLog.Entry(level: .notice, message: "serving"),
            text: "MESSAGE=serving\nPRIORITY=5\nSYSLOG_IDENTIFIER=waybilld\n"),
        Example(
            testDescription: "with fields",
            entry: DaemonLog.Entry(level: .error, message: "lost", fields: ["interface": "eth0", "my-source 2": "x"]),
            text: """
                MESSAGE=lost
                PRIORITY=3
                SYSLOG_IDENTIFIER=waybilld
                WAYBILL_INTERFACE=eth0
                WAYBILL_MY_SOURCE_2=x

                """),
        Example(
            testDescription: "line breaks make no field",
            entry: DaemonLog.Entry(
                level: .warning, message: "a\nPRIORITY=0\r\u{1B}[2J\u{202E}b", fields: ["x": "y\nz"]),
            text: "MESSAGE=a?PRIORITY=0??[2J?b\nPRIORITY=4\nSYSLOG_IDENTIFIER=waybilld\nWAYBILL_X=y?z\n"),
    ])
    func datagrams(_ example: Example) {
        #expect(String(decoding: JournalSocket.datagram(example.entry), as: UTF8.self) == example.text)
    }

    @Test func onlyWhereStandardErrorIsTheJournals() {
        #expect(JournalSocket(path: "/nosuch", stream: nil) == nil)
        #expect(JournalSocket(path: JournalSocket.standardPath, stream: "0:0") == nil)
    }

    @Test func aJournalThatIsGoneHasNothing() {
        var ends: [CInt] = [-1, -1]
        #expect(unsafe socketpair(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0, &ends) == 0)
        let journal = JournalSocket(descriptor: ends[0])
        let entry = DaemonLog.Entry(level: .info, message: "x")
        #expect(journal.send(entry))
        close(ends[1])
        #expect(!journal.send(entry))
    }
}
