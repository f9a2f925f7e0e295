import Foundation
import Glibc

/// A waybilld in one of the lab's namespaces.
struct Daemon: Sendable {
    let process: ChildProcess
    let socket: String

    /// Starts it and waits until it serves.
    ///
    /// - Parameters:
    ///   - namespace: where, by its name in the lab's address book.
    ///   - name: the socket, in the lab's folder unless it begins with a slash.
    ///   - wrapper: what it is started by; without one it has all that a host has.
    ///   - program: another file than the lab's.
    ///   - history: its directory; empty keeps what is seen in memory only.
    init(
        in lab: Lab, at namespace: String = "CLIENT_NS", socket name: String = "waybill.sock",
        through wrapper: [String]? = nil, program: String? = nil, history: String = "", _ flags: [String] = []
    ) async throws {
        try await self.init(
            in: lab, namespace: lab[namespace], socket: name, through: wrapper, program: program, history: history,
            flags)
    }

    /// - Parameter namespace: where, by the name that ip-netns(8) knows.
    init(
        in lab: Lab, namespace: String, socket name: String = "waybill.sock",
        through wrapper: [String]? = nil, program: String? = nil, history: String = "", _ flags: [String] = []
    ) async throws {
        socket = name.hasPrefix("/") ? name : lab.folder.appending(path: name).path
        let words = wrapper ?? [Lab.source.appending(path: "labs/with_tracefs.sh").path]
        let command =
            words + [program ?? lab.program("waybilld"), "--socket", socket, "--user", "root", "--history", history]
            + flags
        process = try ChildProcess(["ip", "netns", "exec", namespace] + command)
        let process = process
        _ = try await eventually("waybilld serving") {
            guard process.isRunning else { throw Trouble("waybilld ended: \(process.errors)") }
            return process.errors.contains("serving at ") ? true : nil
        }
    }

    /// GET over the socket.
    ///
    /// - Returns: the body and the header's status code.
    func get(_ path: String, header: String = "Accept: */*") async throws -> (status: Int, type: String, body: JSON) {
        let words = [
            "curl", "-sS", "--max-time", "10", "--unix-socket", socket, "-H", header, "-w",
            "\n%{http_code} %{content_type}", "http://localhost\(path)",
        ]
        let text = try await succeed(words)
        guard let end = text.lastIndex(of: "\n") else { throw Trouble("nothing at \(path)") }
        let last = text[text.index(after: end)...].split(separator: " ", maxSplits: 1).map(String.init)
        return (Int(last.first ?? "") ?? 0, last.last ?? "", try JSON(parsing: String(text[..<end])))
    }

    /// Every item of a list, the newest first.
    func all(_ path: String) async throws -> [JSON] {
        var items: [JSON] = []
        var cursor = ""
        while true {
            let page = try await get("\(path)?limit=1000\(cursor)").body
            items += page["items"].items
            guard let next = page["next_cursor"].text else { return items }
            cursor = "&cursor=\(next)"
        }
    }

    /// Waits until everything that happened before now has been taken into account.
    func catchUp() async throws {
        let now = Moment.now
        _ = try await eventually("waybilld catching up") {
            guard let text = try await get("/v1/status").body["observed_until"].text else { return nil as Bool? }
            return try Moment.nanoseconds(text) >= now ? true : nil
        }
    }

    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) async throws -> Outcome {
        process.signal(signal)
        return try await process.wait(within: .seconds(20))
    }
}

/// Points in time, in nanoseconds since 1970.
enum Moment {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Of `2026-11-21T10:42:07.123456789Z`, as every record has it.
    static func nanoseconds(_ text: String) throws -> Int64 {
        let parts = text.split(separator: ".")
        guard parts.count == 2, parts[1].count == 10, let fraction = Int64(parts[1].dropLast()),
            let seconds = try? Date(String(parts[0]) + "Z", strategy: .iso8601)
        else { throw Trouble("no time with nine decimals: \(text)") }
        return Int64(seconds.timeIntervalSince1970) * 1_000_000_000 + fraction
    }
}
