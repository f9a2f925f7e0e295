import Testing

@testable import waybill

@Suite(.serialized) struct ChildCommandTests {
    @Test(
        arguments: [
            (["true"], 0), (["sh", "-c", "exit 3"], 3), (["sh", "-c", "kill -9 $$"], 137),
            (["sh", "-c", "kill -TERM $$"], 143),
        ] as [([String], Int32)])
    func exitsAsAShellWouldSay(_ command: [String], _ status: Int32) async throws {
        let child = try ChildCommand(command)
        #expect(try await end(of: child) == status)
    }

    @Test(
        arguments: [
            (["/nonexistent/command"], 127), (["/etc/passwd"], 126), (["/"], 126), ([], 127),
        ] as [([String], Int32)])
    func saysWhyACommandCannotBeRun(_ command: [String], _ status: Int32) {
        let error = #expect(throws: SpawnError.self) { try ChildCommand(command) }
        #expect(error?.exitStatus == status)
    }

    @Test func commandsDoNotInheritWhatIsIgnoredOrBlocked() async throws {
        // A shell that ignores or blocks SIGTERM and SIGPIPE would survive its own signals.
        for name in ["TERM", "PIPE", "INT", "HUP"] {
            let child = try ChildCommand(["sh", "-c", "kill -\(name) $$; exit 0"])
            #expect(try await end(of: child) > 128, "SIG\(name)")
        }
    }

    private func end(of child: ChildCommand) async throws -> Int32 {
        while true {
            if let status = child.exitStatus() { return status }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
