import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// The history outlives the daemon, however that ends.
    @Suite struct HistoryTests {
        /// Requests of the client that are told as complete, by their identifiers.
        private static func complete(_ daemon: Daemon) async throws -> [String: JSON] {
            var found: [String: JSON] = [:]
            for item in try await daemon.all("/v1/requests") where item["complete"] == .flag(true) {
                if let id = item["id"].text { found[id] = item }
            }
            return found
        }

        private static func request(_ lab: Lab, times: Int) async throws {
            let url = "http://\(lab["SERVER"]):\(lab["PORT_REFUSED"])/"
            for _ in 0..<times { _ = try await run(lab.inClient(["curl", "-sS", "-o", "/dev/null", url])) }
        }

        /// Requests that are complete, once as many of them are on disk: they get there in the order in which they end.
        private static func written(_ daemon: Daemon, atLeast count: Int) async throws -> [String: JSON] {
            let requests = try await eventually("\(count) requests being complete") {
                let requests = try await complete(daemon)
                return requests.count >= count ? requests : nil
            }
            _ = try await eventually("\(requests.count) requests on disk") {
                guard let kept = try await daemon.get("/v1/status").body["history"]["requests"].number else {
                    return nil as Bool?
                }
                return Int(kept) >= requests.count ? true : nil
            }
            return requests
        }

        @Test func killedAndStartedAgainItTellsTheSame() async throws {
            let lab = try await Lab.shared
            let directory = lab.folder.appending(path: "history").path
            var daemon = try await Daemon(in: lab, history: directory)
            try await Self.request(lab, times: 3)
            try await daemon.catchUp()
            let before = try await Self.written(daemon, atLeast: 3)
            daemon.process.signal(SIGKILL)
            _ = try await daemon.process.wait(within: .seconds(20))

            daemon = try await Daemon(in: lab, history: directory)
            _ = try await eventually("the history being open") {
                try await daemon.get("/v1/status").body["history"]["state"].text == "writing" ? true : nil as Bool?
            }
            let after = try await Self.complete(daemon)
            for (id, request) in before { #expect(after[id] == request) }
            // And the command line shows them, from either end of the listing.
            for id in before.keys.sorted().prefix(3) {
                let shown = try await succeed([
                    lab.program("waybill"), "show", id, "--socket", daemon.socket, "--format", "json",
                ])
                #expect(try JSON(parsing: shown)["id"].text == id)
            }
            let mode = try FileManager.default.attributesOfItem(atPath: directory + "/history.db")[.posixPermissions]
            #expect(mode as? Int == 0o640)
            try await daemon.stop()
        }

        @Test func aFullDiskIsSaidAndTakesNothingAway() async throws {
            let lab = try await Lab.shared
            let directory = lab.folder.appending(path: "full").path
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try await succeed(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory])
            defer { umount2(directory, CInt(MNT_DETACH)) }
            let daemon = try await Daemon(in: lab, history: directory)
            try await Self.request(lab, times: 2)
            try await daemon.catchUp()
            let before = try await Self.written(daemon, atLeast: 2)
            // Nothing is left of it.
            _ = try await run(["sh", "-c", "cat /dev/zero >\(directory)/ballast"])
            _ = try await eventually("the full disk being told") {
                try await Self.request(lab, times: 3)
                let status = try await daemon.get("/v1/status").body
                let check = status["checks"].items.first { $0["name"].text == "history" }
                return check?["finding"].text?.contains("no room on the disk") == true ? true : nil as Bool?
            }
            #expect(daemon.process.errors.contains("there is no room on the disk"))
            let during = try await Self.complete(daemon)
            for (id, request) in before { #expect(during[id] == request) }
            try FileManager.default.removeItem(atPath: directory + "/ballast")
            _ = try await eventually("the history being written again") {
                try await daemon.get("/v1/status").body["history"]["state"].text == "writing" ? true : nil as Bool?
            }
            try await daemon.stop()
            // What waited meanwhile was written, too.
            let again = try await Daemon(in: lab, history: directory)
            _ = try await eventually("the history being open") {
                try await again.get("/v1/status").body["history"]["state"].text == "writing" ? true : nil as Bool?
            }
            let after = try await Self.complete(again)
            for (id, request) in during { #expect(after[id] == request) }
            try await again.stop()
        }

        @Test func aDirectoryThatBecameReadOnlyIsReadAndSaid() async throws {
            let lab = try await Lab.shared
            let directory = lab.folder.appending(path: "readonly").path
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try await succeed(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory])
            defer { umount2(directory, CInt(MNT_DETACH)) }
            var daemon = try await Daemon(in: lab, history: directory)
            try await Self.request(lab, times: 2)
            try await daemon.catchUp()
            let before = try await Self.written(daemon, atLeast: 2)
            try await daemon.stop()
            let bytes = try Data(contentsOf: URL(filePath: directory + "/history.db"))
            try await succeed(["mount", "-o", "remount,ro", directory])

            daemon = try await Daemon(in: lab, history: directory)
            let history = try await eventually("the read-only history being told") {
                let history = try await daemon.get("/v1/status").body["history"]
                return history["state"].text == "reading" ? history : nil
            }
            #expect(history["trouble"].text?.contains("read-only") == true)
            #expect(daemon.process.errors.contains("cannot be written"))
            let after = try await Self.complete(daemon)
            for (id, request) in before { #expect(after[id] == request) }
            try await daemon.stop()
            #expect(try Data(contentsOf: URL(filePath: directory + "/history.db")) == bytes)
        }

        @Test func exportsWhatIsOnDisk() async throws {
            let lab = try await Lab.shared
            let directory = lab.folder.appending(path: "export").path
            var daemon = try await Daemon(in: lab, history: directory)
            try await Self.request(lab, times: 3)
            try await daemon.catchUp()
            let before = try await Self.written(daemon, atLeast: 3)
            try await daemon.stop()
            daemon = try await Daemon(in: lab, history: directory)
            _ = try await eventually("the history being open") {
                try await daemon.get("/v1/status").body["history"]["state"].text == "writing" ? true : nil as Bool?
            }
            let text = try await succeed([lab.program("waybill"), "export", "--socket", daemon.socket])
            var exported: [String: JSON] = [:]
            for line in text.split(separator: "\n") {
                let record = try JSON(parsing: String(line))
                if let id = record["id"].text, record["record"].text == "request" { exported[id] = record }
            }
            for (id, request) in before { #expect(exported[id] == request) }
            try await daemon.stop()
        }
    }
}
