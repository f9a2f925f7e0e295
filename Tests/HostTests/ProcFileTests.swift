import Testing

@testable import Host

@Suite struct ProcFileTests {
    @Test func aMissingFileIsNil() {
        #expect(ProcFile.text(of: "/proc/self/there-is-no-such-file") == nil)
        #expect(ProcFile.text(of: "/proc/self/status", limit: 5) == "Name:")
    }
}
