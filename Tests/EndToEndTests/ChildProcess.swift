import Foundation
import Glibc
import Synchronization

/// How a program ended, and what it wrote.
struct Outcome: Sendable {
    /// The exit status, or 128 plus the number of the signal that ended it.
    var status: Int32
    var output: String
    var errors: String
}

/// A running program whose output goes to files, so that none ever waits for its reader.
///
/// Not Foundation's `Process`: that takes a program for running as long as any descendant has its files open, and the
/// lab's servers outlive the script that starts them.
final class ChildProcess: Sendable {
    /// env(1) and `ip netns exec` become the program they start, so this is the program's own.
    let pid: pid_t
    private let words: [String]
    private let folder: URL
    private let state: State

    /// What the waiting thread shares: it may outlive the object.
    private final class State: Sendable {
        let status = Mutex<Int32?>(nil)
    }

    /// - Parameters:
    ///   - words: the program, looked up in PATH, and its arguments.
    ///   - input: what it reads from standard input; nothing when absent.
    init(_ words: [String], input: Data = Data(), environment: [String: String] = [:]) throws {
        self.words = words
        folder = Lab.folder.appending(path: "\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try input.write(to: folder.appending(path: "input"))
        let environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        pid = try Self.spawn(words, environment: environment, folder: folder.path)
        let state = State()
        self.state = state
        let pid = pid
        Thread.detachNewThread {
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            // wait(2): the low seven bits name a signal, the next byte is the exit status.
            let signal = status & 0x7F
            state.status.withLock { $0 = signal == 0 ? (status >> 8) & 0xFF : 128 + signal }
        }
    }

    deinit {
        if isRunning { kill(pid, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// In a process group of its own: what a terminal sends to this process's group is not for it.
    private static func spawn(_ words: [String], environment: [String], folder: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "\(folder)/input", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "\(folder)/output", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "\(folder)/errors", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid = pid_t()
        let code = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw Trouble("cannot start \(words[0]): \(String(cString: strerror(code)))") }
        return pid
    }

    var isRunning: Bool { state.status.withLock { $0 == nil } }

    var output: String { text("output") }
    var errors: String { text("errors") }

    private func text(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: folder.appending(path: name))) ?? Data(), as: UTF8.self)
    }

    func signal(_ number: Int32) { if isRunning { kill(pid, number) } }

    /// - Throws: ``Trouble`` when it goes on for longer than `limit`; it is killed then.
    @discardableResult
    func wait(within limit: Duration = .seconds(30)) async throws -> Outcome {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status = state.status.withLock({ $0 }) {
                return Outcome(status: status, output: output, errors: errors)
            }
            guard ContinuousClock.now < deadline else { break }
            try await Task.sleep(for: .milliseconds(2))
        }
        kill(pid, SIGKILL)
        throw Trouble("\(words.joined(separator: " ")): still running after \(limit): \(errors.suffix(300))")
    }
}

/// Runs a program to its end.
@discardableResult
func run(
    _ words: [String], input: Data = Data(), environment: [String: String] = [:], within limit: Duration = .seconds(30)
) async throws -> Outcome {
    try await ChildProcess(words, input: input, environment: environment).wait(within: limit)
}

/// Runs a program that must succeed, and returns its output.
///
/// - Throws: ``Trouble`` with what it wrote to standard error.
@discardableResult
func succeed(_ words: [String], within limit: Duration = .seconds(30)) async throws -> String {
    let outcome = try await run(words, within: limit)
    guard outcome.status == 0 else {
        throw Trouble("\(words.joined(separator: " ")): exit status \(outcome.status): \(outcome.errors)")
    }
    return outcome.output
}
