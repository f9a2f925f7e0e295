import Foundation
import Glibc
import Synchronization

/// The network of three namespaces that labs/lab.sh makes: one for the whole run, removed however the run ends.
struct Lab: Sendable {
    /// What `lab.sh env` prints: `LAB_SERVER`, `LAB_PORT_REFUSED`, …
    let book: [String: String]
    /// For what tests write; it goes with the lab.
    static let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-e2e-\(getpid())")
    var folder: URL { Self.folder }

    static let source = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Where waybilld and waybill are.
    static let programs: URL =
        if let folder = ProcessInfo.processInfo.environment["WAYBILL_PROGRAMS"] {
            URL(filePath: folder)
        } else {
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        }

    private static let made = Task { try await Lab() }

    /// The lab, made by whoever asks first.
    static var shared: Lab { get async throws { try await made.value } }

    private init() async throws {
        for name in ["waybilld", "waybill"] {
            let path = Self.programs.appending(path: name).path
            guard access(path, X_OK) == 0 else {
                throw Trouble("\(path) is not there; build it, or name its folder in WAYBILL_PROGRAMS")
            }
        }
        let script = Self.source.appending(path: "labs/lab.sh").path
        let id = "e\(getpid() % 10_000_000)"
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        try Undertaker.begin([script, "down", id], removing: Self.folder.path)
        // A lab of that name can only be left by a process that is no more.
        try await succeed([script, "down", id])
        let assignments = try await succeed([script, "env", id])
        var book: [String: String] = [:]
        for line in assignments.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { book[String(parts[0])] = String(parts[1]) }
        }
        self.book = book
        try await succeed([script, "up", id])
    }

    subscript(_ name: String) -> String { book["LAB_\(name)"] ?? "LAB_\(name) is not in the address book" }

    func port(_ name: String) -> JSON { JSON.number(Double(self["PORT_\(name)"]) ?? -1) }

    /// The words that run a command in the client's namespace.
    func inClient(_ words: [String]) -> [String] { ["ip", "netns", "exec", self["CLIENT_NS"]] + words }

    func program(_ name: String) -> String { Self.programs.appending(path: name).path }

    /// Lets the client make the traffic of labs/scenario.sh, and returns what its tools observed.
    ///
    /// - Parameter part: `prepare`, `traffic` or `finish`; all of it without.
    @discardableResult
    func play(_ scenario: String, _ part: String? = nil) async throws -> [JSON] {
        let script = Self.source.appending(path: "labs/scenario.sh").path
        let only = part.map { ["--only", $0] } ?? []
        let text = try await succeed([script] + only + [self["ID"], scenario], within: .seconds(60))
        return text.isEmpty ? [] : try JSON(parsing: text)["observations"].items
    }

    /// curl in the client: what `--write-out '%{json}'` says.
    func curl(_ words: [String]) async throws -> JSON {
        let command = ["curl", "-sS", "-o", "/dev/null", "--max-time", "20", "-w", "%{json}"] + words
        return try JSON(parsing: try await succeed(inClient(command)))
    }

    /// The hardware address of an interface.
    func hardwareAddress(of interface: String, in namespace: String) async throws -> JSON {
        let links = try await succeed(["ip", "-n", self[namespace], "-j", "link", "show", "dev", interface])
        return try JSON(parsing: links)[0]["address"]
    }
}

/// Removes the lab when this process ends: at a proper end before it is over, and soon after a crash or a kill.
///
/// It is a shell in a process group of its own that reads from a pipe to which nobody writes. The kernel brings about
/// the pipe's end when this process is gone, however it went.
private enum Undertaker {
    private static let pipe = Mutex<(end: Int32, pid: pid_t)?>(nil)

    static func begin(_ words: [String], removing folder: String) throws {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw Trouble("no pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        for descriptor: Int32 in 1...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let script = "trap '' INT TERM HUP; cat >/dev/null; folder=$1; shift; \"$@\"; rm -rf \"$folder\""
        var arguments = (["sh", "-c", script, "sh", folder] + words).map { strdup($0) } + [nil]
        defer { for text in arguments { free(text) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, &arguments, environ)
        close(ends[0])
        guard code == 0 else { throw Trouble("cannot start a shell: errno \(code)") }
        pipe.withLock { $0 = (ends[1], pid) }
        atexit { Undertaker.finish() }
    }

    private static func finish() {
        guard let (end, pid) = pipe.withLock({ $0 }) else { return }
        close(end)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
}
