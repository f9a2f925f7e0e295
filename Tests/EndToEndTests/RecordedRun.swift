import Foundation
import Glibc

/// Every scenario played once, and what three observers made of it: the tools themselves, a waybilld beside them, and
/// tcpdump on the same interfaces.
///
/// The tests compare these and change nothing, so they need no order.
struct RecordedRun: Sendable {
    let lab: Lab
    /// What the tools observed, by scenario.
    let observations: [String: [JSON]]
    /// When both observers were watching, and when all was over; nanoseconds since 1970.
    let began: Int64
    let ended: Int64
    /// Requests as the daemon last told its follower; with its end, every one is complete.
    let requests: [JSON]
    let lookups: [JSON]
    let neighbours: [JSON]
    let status: JSON
    /// How the daemon and its follower ended.
    let daemon: Outcome
    let follower: Outcome
    let socketIsGone: Bool
    /// tcpdump's files by interface.
    let captures: [String: URL]
    /// The client's own hardware address, and the router's as the client's kernel has it.
    let clientMAC: JSON
    let gatewayMAC: JSON

    private static let played = Task { try await RecordedRun() }

    static var shared: RecordedRun { get async throws { try await played.value } }

    /// The slow ones wait on different things, so they are played at the same time.
    private static let slow = ["blackhole", "dns_silent", "arp_unanswered"]
    /// In this order: the first three know the server by one name only.
    private static let quick = [
        "success", "https", "download", "ipv6", "alias", "nxdomain", "no_data", "servfail", "refused", "rejected",
        "icmp_unreachable", "server_reset", "server_empty", "stalled", "client_abort", "client_reset", "half_close",
        "ping", "parallel",
    ]

    private init() async throws {
        let lab = try await Lab.shared
        self.lab = lab
        clientMAC = try await lab.hardwareAddress(of: "eth0", in: "CLIENT_NS")
        var captures: [String: Tcpdump] = [:]
        for interface in ["lo", "eth0"] { captures[interface] = try await Tcpdump(on: interface, in: lab) }
        // A ring that has room for the whole download: on a machine that is busy otherwise, the daemon may be late.
        let configuration = lab.folder.appending(path: "recorded.yaml")
        try Data("capture:\n  buffer_mib: 64\n".utf8).write(to: configuration)
        let watching = try await Daemon(in: lab, ["--config", configuration.path])
        let following = try ChildProcess(
            lab.inClient([lab.program("waybill"), "follow", "--format", "ndjson", "--socket", watching.socket]))
        let followed = ContinuousClock.now
        // The follower is there when it tells of a request.
        _ = try await eventually("waybill follow") {
            try await succeed(lab.inClient(["ping", "-c", "1", "-W", "1", lab["GATEWAY"]]))
            return following.output.isEmpty ? nil : true
        }
        try await succeed(["ip", "-n", lab["CLIENT_NS"], "neighbour", "flush", "dev", "eth0"])
        began = Moment.now
        var observations: [String: [JSON]] = [:]
        try await withThrowingTaskGroup(of: (String, [JSON]).self) { group in
            for name in Self.slow { group.addTask { (name, try await lab.play(name)) } }
            for try await (name, tools) in group { observations[name] = tools }
        }
        for name in Self.quick { observations[name] = try await lab.play(name) }
        self.observations = observations
        try await Self.settle(lab, watching)
        ended = Moment.now
        let entries = try await succeed(lab.inClient(["ip", "-j", "neighbour", "show", "to", lab["GATEWAY"]]))
        gatewayMAC = try JSON(parsing: entries)[0]["lladdr"]
        lookups = try await watching.all("/v1/lookups")
        neighbours = try await watching.all("/v1/neighbours")
        status = try await watching.get("/v1/status").body
        // Longer than any other call may take: a stream has no end of its own.
        _ = try await eventually("half a minute of following", within: .seconds(60)) {
            ContinuousClock.now - followed > .seconds(32) ? true : nil
        }
        daemon = try await watching.stop()
        follower = try await following.wait()
        socketIsGone = access(watching.socket, F_OK) != 0
        for capture in captures.values { try await capture.stop() }
        self.captures = captures.mapValues(\.file)
        var latest: [String: JSON] = [:]
        for line in follower.output.split(separator: "\n") {
            let request = try JSON(parsing: String(line))
            if let id = request["id"].text { latest[id] = request }
        }
        requests = Array(latest.values)
    }

    /// Waits until the daemon knows the end of everything that was played: connections closed, the silent name given
    /// up (15 s after it was asked for), the absent neighbour too. A daemon that never knows fails the tests of just that.
    private static func settle(_ lab: Lab, _ daemon: Daemon) async throws {
        try await daemon.catchUp()
        _ = try? await eventually("the end of the silent lookups", within: .seconds(30)) {
            let silent = try await daemon.all("/v1/lookups").filter { $0["status"] == "no_answer" }
            return silent.count >= Self.silentQuestions ? true : nil
        }
        _ = try? await eventually("the end of the absent neighbour", within: .seconds(8)) {
            let absent = try await daemon.all("/v1/neighbours").contains {
                $0["target"].text == lab["ABSENT_NEIGHBOUR"]
            }
            return absent ? true : nil
        }
    }

    /// dig asks one resolver for A and tries twice, from a port for each; curl asks the other for A and AAAA, its
    /// retries from the same port.
    private static let silentQuestions = 4

    func lookups(of name: String, type: String) -> [JSON] {
        lookups.filter { $0["name"].text == name && $0["type"].text == type }
    }

}

/// tcpdump in the client's namespace, writing a capture with nanoseconds.
struct Tcpdump: Sendable {
    let file: URL
    private let process: ChildProcess
    /// The kernel shows loopback's frames twice, leaving and arriving; libpcap counts both and hands over one.
    private let sightings: Int

    init(on interface: String, in lab: Lab) async throws {
        sightings = interface == "lo" ? 2 : 1
        // In KiB; the whole download has room in it, so tcpdump may be late without losing a frame.
        let buffer = interface == "lo" ? "4096" : "200000"
        file = lab.folder.appending(path: "\(interface).pcap")
        process = try ChildProcess(
            lab.inClient([
                "tcpdump", "-i", interface, "-s", "0", "-B", buffer, "--time-stamp-precision=nano", "-Z", "root", "-U",
                "-w", file.path,
            ]))
        let process = process
        _ = try await eventually("tcpdump listening on \(interface)") {
            guard process.isRunning else { throw Trouble("tcpdump ended: \(process.errors)") }
            return process.errors.contains("listening on") ? true : nil
        }
    }

    /// Ends it once it has read all that its socket received.
    ///
    /// - Throws: ``Trouble`` when frames were lost: nothing can be compared then.
    func stop() async throws {
        // On SIGUSR1 it prints both counts. What its buffer had no room for stays a difference.
        var counts = ""
        do {
            _ = try await eventually("the last frame") {
                process.signal(SIGUSR1)
                try await Task.sleep(for: .milliseconds(20))
                let lines = process.errors.split(separator: "\n")
                counts = lines.last { $0.contains("received by filter") }.map(String.init) ?? ""
                let numbers = counts.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
                return numbers.count >= 2 && numbers[0] * sightings == numbers[1] ? true : nil
            }
        } catch {
            throw Trouble("\(file.lastPathComponent) is not whole, so nothing can be compared: \(counts)")
        }
        process.signal(SIGINT)
        try await process.wait()
    }
}
