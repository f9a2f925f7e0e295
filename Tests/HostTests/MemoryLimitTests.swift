import Testing

@testable import Host

@Suite struct MemoryLimitTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var groups: String
        var files: [String: String]
        var limit: UInt64?
    }

    @Test(arguments: [
        Example(
            testDescription: "a service with MemoryMax", groups: "0::/system.slice/waybilld.service\n",
            files: [
                "/sys/fs/cgroup/system.slice/waybilld.service/memory.max": "268435456\n",
                "/sys/fs/cgroup/system.slice/waybilld.service/memory.high": "max\n",
            ], limit: 268_435_456),
        Example(
            testDescription: "the group around it has less", groups: "0::/system.slice/waybilld.service\n",
            files: [
                "/sys/fs/cgroup/system.slice/waybilld.service/memory.max": "268435456\n",
                "/sys/fs/cgroup/system.slice/memory.high": "1000\n",
            ], limit: 1000),
        Example(testDescription: "none", groups: "0::/\n", files: ["/sys/fs/cgroup/memory.max": "max\n"], limit: nil),
        Example(
            testDescription: "version 1", groups: "7:pids:/a\n4:cpu,memory:/a/b\n0::/x\n",
            files: [
                "/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "9223372036854771712\n",
                "/sys/fs/cgroup/memory/a/memory.limit_in_bytes": "4096\n",
            ], limit: 4096),
        Example(
            testDescription: "nonsense", groups: "\n:\n::\n0::\n0::relative\nmemory\n4:memory:/\u{0}\n0:://\n",
            files: ["/sys/fs/cgroup/memory.max": "-1"], limit: nil),
    ])
    func reads(_ example: Example) {
        #expect(MemoryLimit.read(groups: example.groups) { example.files[$0] } == example.limit)
    }
}
