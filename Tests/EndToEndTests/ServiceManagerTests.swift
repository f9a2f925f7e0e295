import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// What the daemon tells systemd, and how it takes over another configuration.
    @Suite struct ServiceManagerTests {
        /// systemd's end of the socket that NOTIFY_SOCKET names.
        private final class Manager: @unchecked Sendable {
            let path: String
            private let descriptor: Int32

            init(_ path: String) throws {
                self.path = path
                descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
                var address = sockaddr_un()
                address.sun_family = sa_family_t(AF_UNIX)
                withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
                let result = withUnsafePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                    }
                }
                guard result == 0 else { throw Trouble("cannot bind \(path): \(errno)") }
                var patience = timeval(tv_sec: 10, tv_usec: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            }

            deinit {
                close(descriptor)
                unlink(path)
            }

            /// The next message that begins with `prefix`; waits for it.
            func message(_ prefix: String) throws -> String {
                var buffer = [UInt8](repeating: 0, count: 4096)
                while true {
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    guard count > 0 else { throw Trouble("systemd was not told \(prefix)") }
                    let text = String(decoding: buffer.prefix(count), as: UTF8.self)
                    if text.hasPrefix(prefix) { return text }
                }
            }
        }

        @Test func tellsHowFarItIsAndThatItIsAlive() async throws {
            let lab = try await Lab.shared
            let manager = try Manager("/tmp/waybill-notify-\(getpid()).sock")
            let daemon = try await Daemon(
                in: lab, through: ["env", "NOTIFY_SOCKET=\(manager.path)", "WATCHDOG_USEC=200000"])
            _ = try manager.message("READY=1")
            for _ in 0..<3 { _ = try manager.message("WATCHDOG=1") }
            daemon.process.signal(SIGHUP)
            let reloading = try manager.message("RELOADING=1\n")
            #expect(reloading.contains("MONOTONIC_USEC="))
            _ = try manager.message("READY=1")
            daemon.process.signal(SIGTERM)
            _ = try manager.message("STOPPING=1")
            #expect(try await daemon.process.wait(within: .seconds(20)).status == 0)
        }

        @Test func aWrongConfigurationLeavesTheOldOneInForce() async throws {
            let lab = try await Lab.shared
            let file = lab.folder.appending(path: "reload.yaml")
            func write(_ text: String) throws { try text.write(to: file, atomically: true, encoding: .utf8) }
            try write("capture:\n  interfaces: [lo]\n")
            let daemon = try await Daemon(in: lab, ["--config", file.path])
            func captured() async throws -> [String] {
                let interfaces = try await daemon.get("/v1/status").body["interfaces"].items
                return interfaces.filter { $0["state"] == "capturing" }.compactMap { $0["name"].text }.sorted()
            }
            func configuration() async throws -> JSON? {
                try await daemon.get("/v1/status").body["checks"].items.first { $0["name"] == "configuration" }
            }
            func reload(until words: String) async throws {
                daemon.process.signal(SIGHUP)
                _ = try await eventually(words) { daemon.process.errors.contains(words) ? true : nil }
            }
            #expect(try await captured() == ["lo"])

            try write("capture:\n  interfaces: [lo, eth0]\nlog:\n  level: debug\n")
            try await reload(until: "the configuration was read again: capture.interfaces, log.level changed")
            _ = try await eventually("eth0 captured") { try await captured() == ["eth0", "lo"] ? true : nil }
            #expect(try await configuration()?["state"] == "ok")

            for (text, words) in [
                ("capture:\n  interfaces: [nosuch0]\n", "no interface is called nosuch0"),
                ("capture:\n  filter: \"por 22\"\n", "syntax error"),
                ("capture:\n  fliter: tcp\n", "did you mean filter?"),
                ("capture: [\n", "reload.yaml:2:1"),
            ] {
                try write(text)
                try await reload(until: words)
                #expect(try await captured() == ["eth0", "lo"], "\(text)")
                let check = try await configuration()
                #expect(check?["state"] == "limited" && check?["finding"].text?.contains(words) == true, "\(text)")
            }

            try write("capture:\n  interfaces: [eth0]\ntables:\n  flows: 5000\n")
            try await reload(until: "from the next start on: tables.flows")
            _ = try await eventually("lo no longer captured") { try await captured() == ["eth0"] ? true : nil }
            #expect(try await configuration()?["finding"].text?.contains("tables.flows") == true)
            try await daemon.stop()
        }
    }
}
