import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Who may connect and what they see, with real users of this machine.
    @Suite struct AccessTests {
        /// A user of no group that matters: nobody.
        private static let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]

        /// A folder that every user may enter, removed at the end.
        private static func withFolder(_ body: (String) async throws -> Void) async throws {
            let folder = "/tmp/waybill-access-\(getpid())"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            chmod(folder, 0o755)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await body(folder)
        }

        private static func curl(_ socket: String, _ path: String, as user: [String] = nobody) async throws -> Outcome {
            try await run(
                user + [
                    "curl", "-sS", "--max-time", "10", "--unix-socket", socket, "-w", "\n%{http_code}",
                    "http://localhost\(path)",
                ])
        }

        @Test func anyUserSeesItsOwnRequestsAlone() async throws {
            let lab = try await Lab.shared
            try await Self.withFolder { folder in
                let file = folder + "/waybill.yaml"
                try "socket: {access: own}\n".write(toFile: file, atomically: true, encoding: .utf8)
                let daemon = try await Daemon(in: lab, socket: folder + "/waybill.sock", ["--config", file])
                let attributes = try FileManager.default.attributesOfItem(atPath: daemon.socket)
                #expect(attributes[.posixPermissions] as? Int == 0o666)
                let call = ["curl", "-sS", "-o", "/dev/null", "http://\(lab["SERVER"])/"]
                try await succeed(lab.inClient(call))
                try await succeed(lab.inClient(Self.nobody + call))
                try await daemon.catchUp()
                let all = try await eventually("both requests with their owners") {
                    let found = try await daemon.all("/v1/requests").filter { $0["server"]["port"] == 80 }
                    return found.count == 2 && found.allSatisfy { $0["stages"][0]["status"] == "ok" } ? found : nil
                }
                let answer = try await Self.curl(daemon.socket, "/v1/requests")
                let text = answer.output.split(separator: "\n")
                #expect(text.last == "200")
                let own = try JSON(parsing: String(text[0]))["items"].items
                #expect(own.compactMap { $0["stages"][0]["facts"]["user"].text } == ["nobody"], "\(own)")
                for request in all {
                    let id = try #require(request["id"].text)
                    let isOwn = own.contains { $0["id"].text == id }
                    let outcome = try await Self.curl(daemon.socket, "/v1/requests/\(id)")
                    #expect(outcome.output.hasSuffix(isOwn ? "\n200" : "\n404"))
                }
                for path in ["/v1/neighbours", "/v1/routes", "/v1/ports", "/v1/translations", "/metrics"] {
                    #expect(try await Self.curl(daemon.socket, path).output.hasSuffix("\n403"), "\(path)")
                }
                let status = try await Self.curl(daemon.socket, "/v1/status").output
                #expect(status.contains("\"scope\":\"own\"") && !status.contains("\"totals\""))

                // The command line says the same. The program stands where nobody may read it.
                let program = folder + "/waybill"
                try FileManager.default.copyItem(atPath: lab.program("waybill"), toPath: program)
                func waybill(_ words: String...) async throws -> Outcome {
                    try await run(lab.inClient(Self.nobody + [program] + words + ["--socket", daemon.socket]))
                }
                let list = try await waybill("list", "--format", "ndjson")
                #expect(list.status == 0 && list.output.split(separator: "\n").count == own.count, "\(list)")
                #expect(try await waybill("explain", lab["SERVER"]).status == 0)
                #expect(try await waybill("status").output.contains("You see the requests of your own user"))
                for command in ["neighbours", "routes", "ports", "nat"] {
                    let outcome = try await waybill(command)
                    #expect(outcome.status == 77)
                    #expect(outcome.errors.contains("root and the members of the group waybill"), "\(outcome.errors)")
                }
                let traced = try await run(
                    lab.inClient(
                        Self.nobody + [program, "run", "--socket", daemon.socket, "--"] + call))
                #expect(traced.status == 0 && traced.errors.contains("user nobody"), "\(traced)")

                // With access for the group alone, nobody is nobody again, on the connection that stands too.
                try "socket: {access: group, mode: 0666}\n".write(toFile: file, atomically: true, encoding: .utf8)
                daemon.process.signal(SIGHUP)
                _ = try await eventually("the change") {
                    daemon.process.errors.contains("socket.access, socket.mode changed") ? true : nil
                }
                let refused = try await Self.curl(daemon.socket, "/v1/requests")
                #expect(refused.output.hasSuffix("\n403") && refused.output.contains("sudo usermod -aG waybill"))
                #expect(try await daemon.get("/v1/requests").status == 200)
                try await daemon.stop()
            }
        }

        /// As systemd does it: bound before the daemon begins, and left to it at the end.
        @Test func servesAtASocketThatItWasGiven() async throws {
            let lab = try await Lab.shared
            try await Self.withFolder { folder in
                let path = folder + "/given.sock"
                let code = """
                    import os, socket, sys
                    s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(16); os.chmod(sys.argv[1], 0o640)
                    os.dup2(s.fileno(), 3); os.set_inheritable(3, True)
                    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="waybilld.socket")
                    os.execvp(sys.argv[2], sys.argv[2:])
                    """
                let daemon = try await Daemon(
                    in: lab, socket: path, through: ["python3", "-c", code, path])
                #expect(try await daemon.get("/v1/status").status == 200)
                let environment = try String(
                    decoding: Data(contentsOf: URL(filePath: "/proc/\(daemon.process.pid)/environ")), as: UTF8.self)
                // That is how it was started; what it starts has none of it.
                #expect(environment.contains("LISTEN_FDS"))
                #expect(try await daemon.stop().status == 0)
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                #expect(attributes[.posixPermissions] as? Int == 0o640)
            }
        }

        @Test func goesOnWithoutFileDescriptors() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab, socket: "full.sock")
            let pid = daemon.process.pid
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
            let before = try await succeed([
                "prlimit", "--pid", "\(pid)", "--nofile", "--raw", "--noheadings", "-o", "SOFT",
            ])
            try await succeed(["prlimit", "--pid", "\(pid)", "--nofile=\(open + 3):"])
            let hold = """
                import socket, sys, time
                kept = [socket.socket(socket.AF_UNIX) for _ in range(20)]
                for s in kept: s.connect(sys.argv[1])
                print("there", flush=True); sys.stdin.read()
                """
            let crowd = try ChildProcess(["python3", "-c", hold + "; time.sleep(30)", daemon.socket])
            _ = try await eventually("the line that says so") {
                daemon.process.errors.contains("no file descriptor is left") ? true : nil
            }
            let lines = daemon.process.errors.split(separator: "\n").filter {
                $0.contains("no file descriptor is left")
            }
            #expect(lines.count == 1)
            #expect(daemon.process.isRunning)
            crowd.signal(SIGKILL)
            try await crowd.wait()
            try await succeed([
                "prlimit", "--pid", "\(pid)",
                "--nofile=\(before.trimmingCharacters(in: .whitespacesAndNewlines)):",
            ])
            #expect(try await daemon.get("/v1/status").status == 200)
            try await daemon.stop()
        }
    }
}
