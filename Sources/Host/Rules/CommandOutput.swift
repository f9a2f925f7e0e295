import Glibc

/// A program that runs beside us, and what it prints: read as it comes, without waiting. It ends with this value.
final class CommandOutput {
    /// Readable when there is more, or when it has ended.
    let descriptor: CInt
    private let pid: pid_t
    private var bytes: [UInt8] = []
    private var isReaped = false

    /// - Parameter words: the program's path and its arguments; it has no input, and what it complains of is not read.
    init?(_ words: [String]) {
        var ends: [CInt] = [-1, -1]
        guard let path = words.first, unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Signals that are blocked or ignored here would be so there.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var environment: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
        var pid: pid_t = 0
        let code = unsafe posix_spawn(&pid, path, &actions, &attributes, arguments, &environment)
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            return nil
        }
        self.pid = pid
        descriptor = ends[0]
    }

    deinit {
        close(descriptor)
        if !isReaped {
            kill(pid, SIGKILL)
            var status: CInt = 0
            _ = unsafe waitpid(pid, &status, 0)
        }
    }

    /// Takes what is there.
    ///
    /// - Returns: whether that was all: it has closed its output, or printed more than `limit`.
    func read(upTo limit: Int) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { return errno != EAGAIN && errno != EINTR }
            if count == 0 { return true }
            bytes += chunk.prefix(min(count, limit - bytes.count))
        }
        return true
    }

    /// Ends it, if it has not ended.
    ///
    /// - Returns: what it printed; `problem` says how it ended when that was not well.
    func finish() -> (bytes: [UInt8], problem: String?) {
        var status: CInt = 0
        // It may be a moment between the end of its output and its own.
        for _ in 0..<50 where !isReaped {
            isReaped = unsafe waitpid(pid, &status, WNOHANG) == pid
            if !isReaped { usleep(1000) }
        }
        if !isReaped {
            kill(pid, SIGKILL)
            _ = unsafe waitpid(pid, &status, 0)
            isReaped = true
            return (bytes, "did not end in time")
        }
        // wait(2): the low seven bits are the signal, the next byte the exit code.
        return (
            bytes,
            status == 0 ? nil : "ended with status \(status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F)"
        )
    }
}
