import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// What the daemon may still do once it serves, when root started it.
    @Suite struct PrivilegeTests {
        /// By the names of linux/capability.h.
        private static let numbers: [Int: String] = [
            2: "dac_read_search", 12: "net_admin", 13: "net_raw", 19: "sys_ptrace", 38: "perfmon",
        ]

        private static func capabilities(_ line: String, of status: String) -> Set<String>? {
            guard let value = field(line, of: status), let bits = UInt64(value, radix: 16) else { return nil }
            return Set((0..<64).filter { bits & 1 << $0 != 0 }.map { numbers[$0] ?? "number \($0)" })
        }

        private static func field(_ name: String, of status: String) -> String? {
            status.split(separator: "\n").first { $0.hasPrefix(name + ":") }.map {
                String($0.drop { $0 != "\t" && $0 != " " }).trimmingCharacters(in: .whitespaces)
            }
        }

        private static func threads(of pid: pid_t) throws -> [(name: String, status: String)] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").compactMap { thread in
                // One that has ended since is none.
                guard let status = try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/status", encoding: .utf8)
                else { return nil }
                return (field("Name", of: status) ?? "?", status)
            }
        }

        /// Asks for much at once, so that threads come and go.
        private static func busy(_ lab: Lab, _ socket: String) async throws {
            let script = """
                for call in requests ports routes neighbours translations status lookups forwards; do
                    for turn in 1 2 3 4; do
                        curl -sS -o /dev/null --max-time 10 --unix-socket "$1" "http://localhost/v1/$call" &
                        pids="$pids $!"
                    done
                done
                for pid in $pids; do wait "$pid" || exit 1; done
                """
            try await succeed(["bash", "-c", script, "busy", socket])
        }

        @Test func onlyThreadsThatNeedOneHaveACapability() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            try await Self.busy(lab, daemon.socket)
            try await succeed(lab.inClient(["curl", "-sS", "-o", "/dev/null", "http://\(lab["SERVER"])/"]))
            try await daemon.catchUp()
            try await Self.busy(lab, daemon.socket)
            let expected: [String: Set<String>] = [
                "capture": ["net_raw", "net_admin"], "kernel": ["net_admin", "sys_ptrace", "dac_read_search"],
                "port-survey": ["sys_ptrace", "dac_read_search"],
            ]
            let threads = try Self.threads(of: daemon.process.pid)
            #expect(Set(expected.keys).isSubset(of: threads.map(\.name)))
            for (name, status) in threads {
                for line in ["CapPrm", "CapEff"] {
                    #expect(Self.capabilities(line, of: status) == expected[name] ?? [], "\(name) \(line)")
                }
                #expect(Self.field("NoNewPrivs", of: status) == "1", "\(name)")
                #expect(Self.field("Seccomp", of: status) == "2", "\(name)")
                #expect(
                    Self.capabilities("CapBnd", of: status) == Set(Self.numbers.values), "\(name)")
            }
            let checks = try await daemon.get("/v1/status").body["checks"].items
            let privileges = checks.first { $0["name"] == "privileges" }
            #expect(privileges?["state"] == "ok", "\(privileges.map { "\($0)" } ?? "no such check")")
            try await daemon.stop()
        }

        @Test func rootBecomesAnotherUserAndLosesNoAnswer() async throws {
            let lab = try await Lab.shared
            let folder = "/tmp/waybill-user-\(getpid())"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            // Neither folder exists: as that user nobody could make them.
            let daemon = try await Daemon(
                in: lab, socket: "\(folder)/run/waybill.sock",
                ["--user", "nobody", "--history", "\(folder)/state/history"])
            let threads = try Self.threads(of: daemon.process.pid)
            for (name, status) in threads {
                #expect(
                    Self.field("Uid", of: status)?.split(separator: "\t") == Array(repeating: "65534", count: 4),
                    "\(name)")
            }
            #expect(
                Set(threads.filter { Self.capabilities("CapEff", of: $0.status) != [] }.map(\.name)) == Self.privileged)
            for path in ["run", "run/waybill.sock", "state/history"] {
                let owner = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")[.ownerAccountID]
                #expect(owner as? Int == 65534, "\(path)")
            }
            try await succeed(lab.inClient(["curl", "-sS", "-o", "/dev/null", "http://\(lab["SERVER"])/"]))
            try await daemon.catchUp()
            let request = try await daemon.get("/v1/requests?port=80&limit=1").body["items"][0]
            #expect(request["process"]["name"] == "curl" || "\(request)".contains("curl"), "\(request)")
            let checks = try await daemon.get("/v1/status").body["checks"].items
            for name in ["tracepoints", "sockets", "rules", "routes", "conntrack", "privileges", "history"] {
                #expect(checks.first { $0["name"].text == name }?["state"] == "ok", "\(name)")
            }
            try await daemon.stop()
            // It can take away itself what it made.
            #expect(access("\(folder)/run/waybill.sock", F_OK) != 0)
        }

        private static let privileged: Set = ["capture", "kernel", "port-survey"]

        @Test func withoutTheCapabilityToCaptureItSaysWhatIsLost() async throws {
            let lab = try await Lab.shared
            // Neither the lab's folder nor the one with the programs need be open to others.
            let folder = URL(filePath: "/tmp/waybill-nobody-\(getpid())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await succeed(["chmod", "0777", folder.path])
            let program = folder.appending(path: "waybilld").path
            try await succeed(["cp", lab.program("waybilld"), program])
            let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            let daemon = try await Daemon(
                in: lab, socket: folder.appending(path: "waybill.sock").path, through: nobody, program: program)
            #expect(daemon.process.errors.contains("without the capability CAP_NET_RAW no frame can be captured"))
            let checks = try await daemon.get("/v1/status").body["checks"].items
            #expect(checks.first { $0["name"] == "capture" }?["state"] == "lost")
            #expect(checks.first { $0["name"] == "routes" }?["state"] == "ok")
            #expect(try await daemon.get("/v1/routes?to=\(lab["SERVER"])").body["answer"]["interface"] == "eth0")
            try await daemon.stop()
        }
    }
}
