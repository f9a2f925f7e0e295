import Confine
import Model
import Testing

@testable import Host

@Suite struct PrivilegeCheckTests {
    typealias ThreadState = PrivilegeChecks.ThreadState

    static let examples: [(threads: [ThreadState], state: Check.State, words: String)] = [
        ([], .unknown, "does not show"),
        (
            [
                ThreadState(name: "waybilld", capabilities: []), ThreadState(name: "kernel", capabilities: .netAdmin),
                ThreadState(name: "capture", capabilities: .netRaw),
            ], .ok, "2 of 3 threads hold capabilities"
        ),
        (
            [
                ThreadState(name: "capture", capabilities: .netRaw),
                ThreadState(name: "NIO-1", capabilities: [.netRaw, .ptrace]),
            ], .limited, "NIO-1 has CAP_NET_RAW, CAP_SYS_PTRACE"
        ),
    ]

    @Test(arguments: examples)
    func says(_ threads: [ThreadState], _ state: Check.State, _ words: String) {
        let check = PrivilegeChecks.check(threads)
        #expect(check.state == state)
        #expect(check.finding.contains(words))
    }

    @Test func seesItsOwnThreads() {
        #expect(!PrivilegeChecks.threads.isEmpty)
    }
}
