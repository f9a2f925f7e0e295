import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Names that steer terminals, break lines or are no text at all: in lookups, paths and hosts of HTTP, server names of TLS,
    /// programs, command lines and interfaces. Whatever is written of them is text that does nothing.
    @Suite struct HostileNameTests {
        /// Sends what no well-meaning program does: lookups whose labels are the given bytes, an HTTP call, a ClientHello.
        private static let client = #"""
            import socket, struct, sys
            server, resolver = sys.argv[1:3]
            labels = [
                b"\x1b[31mred\x1b[2J", b"\x1b]0;owned\x07", "\u202e\u2066bidi\u2069".encode(), b"\xff\xfe\xc0\x80", b"a\x00b",
                b"line\r\nbreak", b"\x9b2J\x85", b"quote\"\\{}", b"dot.in.label",
            ]
            whole = [b"a" * 63, b"b" * 63, b"c" * 63, b"\x1b" * 61]
            for names in [[label, b"hostile", b"test"] for label in labels] + [whole]:
                name = b"".join(bytes([len(label)]) + label for label in names) + b"\0"
                query = struct.pack(">6H", 0x1234, 0x100, 1, 0, 0, 0) + name + struct.pack(">2H", 1, 1)
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(query, (resolver, 53))
            http = socket.create_connection((server, 80))
            http.sendall(b"GET /\x1b[31m/\xe2\x80\xae/\xff HTTP/1.1\r\nHost: \x1b]0;x\x07\xe2\x80\xae.test\r\nUser-Agent: \x9b2J\r\n\r\n")
            http.settimeout(2)
            try: http.recv(4096)
            except OSError: pass
            sni = "\x1b[2J\u202e\u0000evil.test".encode()
            sni = struct.pack(">HHBH", len(sni) + 5, len(sni) + 3, 0, len(sni)) + sni
            extensions = struct.pack(">H", 0) + sni
            body = b"\x03\x03" + bytes(32) + b"\0" + b"\0\x02\x13\x01" + b"\x01\0" + struct.pack(">H", len(extensions)) + extensions
            hello = b"\x01" + struct.pack(">I", len(body))[1:] + body
            tls = socket.create_connection((server, 443))
            tls.sendall(b"\x16\x03\x01" + struct.pack(">H", len(hello)) + hello)
            tls.settimeout(2)
            try: tls.recv(4096)
            except OSError: pass
            """#

        private static func harmful(_ text: String) -> [String] {
            // A newline ends a line; a replacement character stands for what is no text.
            let found = text.unicodeScalars.filter { scalar in
                switch scalar.properties.generalCategory {
                case .control: scalar != "\n"
                case .lineSeparator, .paragraphSeparator, .surrogate: true
                case .format: true
                default: false
                }
            }
            return Set(found).map { "U+" + String($0.value, radix: 16) }.sorted()
        }

        @Test func namesSteerNothing() async throws {
            let lab = try await Lab.shared
            let interface = "\u{1B}[7m\u{202E}x"
            let link = ["ip", "-n", lab["CLIENT_NS"], "link"]
            try await succeed(link + ["add", interface, "type", "veth", "peer", "name", "wbh1"])
            try await succeed(link + ["set", interface, "up"])
            let daemon = try await Daemon(in: lab, socket: "hostile.sock")
            // Its name has room for 15 bytes, its file and its arguments for more.
            let program = lab.folder.appending(path: "\u{1B}[2J\u{202E}\npy").path
            let python = try await succeed(["python3", "-c", "import sys; print(sys.executable)"])
            try FileManager.default.createSymbolicLink(
                atPath: program, withDestinationPath: python.trimmingCharacters(in: .whitespacesAndNewlines))
            try await succeed(
                lab.inClient([
                    "env", "-u", "LC_ALL", program, "-c", Self.client, lab["SERVER"], lab["RESOLVER"],
                    "\u{1B}]0;argument\u{7}\u{202E}",
                ]))
            try await daemon.catchUp()
            let requests = try await daemon.all("/v1/requests")
            let lookups = try await daemon.all("/v1/lookups")
            #expect(lookups.filter { $0["name"].text?.contains("hostile") == true }.count == 9)
            #expect(lookups.contains { ($0["name"].text?.utf8.count ?? 0) >= 250 })
            #expect(requests.contains { $0["tls"]["server_name"].text?.contains("evil") == true }, "\(requests)")
            #expect(requests.contains { $0["interface"] == "eth0" })

            var outputs: [String: String] = ["log": daemon.process.errors]
            for path in ["/v1/requests", "/v1/lookups", "/v1/status", "/v1/ports", "/v1/routes", "/metrics"] {
                outputs[path] = try await succeed([
                    "curl", "-sS", "--max-time", "10", "--unix-socket", daemon.socket, "http://localhost\(path)",
                ])
            }
            let id = try #require(
                requests.first { $0["tls"]["server_name"].text?.contains("evil") == true }?["id"].text)
            for words in [
                ["list"], ["list", "--plain"], ["list", "--format", "ndjson"], ["list", "--format", "json"],
                ["show", id], ["show", id, "--facts"], ["show", id, "--format", "json"], ["lookups"],
                ["lookups", "--format", "ndjson"], ["status"], ["routes"], ["ports"], ["doctor"],
                ["explain", lab["SERVER"]],
            ] {
                let outcome = try await run(
                    lab.inClient([lab.program("waybill")] + words + ["--socket", daemon.socket]))
                outputs[words.joined(separator: " ")] = outcome.output + outcome.errors
            }
            for (name, text) in outputs {
                #expect(!text.isEmpty, "\(name)")
                #expect(Self.harmful(text) == [], "\(name)")
            }
            #expect(outputs["/metrics"]?.contains("[7m") == true)
            #expect(outputs["status"]?.contains("[7m") == true)
            #expect(outputs["/v1/requests"]?.contains("argument") == true)
            try await succeed(link + ["delete", interface])
            try await daemon.stop()
        }
    }
}
