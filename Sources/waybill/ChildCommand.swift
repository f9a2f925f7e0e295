import Dispatch
import Glibc

/// A command that runs in our place at the terminal: same files, same process group, signals passed on.
struct ChildCommand {
    let pid: pid_t
    private let relays: [any DispatchSourceSignal]

    /// The terminal sends these to the whole process group, so the command has them already.
    private static let terminalSignals = [SIGINT, SIGQUIT]
    /// These are sent to us alone, and meant for the command.
    private static let relayedSignals = [SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGCONT]

    /// Starts `arguments`, the first of which is looked up in PATH.
    ///
    /// - Throws: the error number of posix_spawnp(3).
    init(_ arguments: [String]) throws(SpawnError) {
        guard let command = arguments.first else { throw SpawnError(code: ENOENT) }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // What is ignored here would stay ignored in the command.
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        for number in Self.terminalSignals + Self.relayedSignals + [SIGPIPE] {
            unsafe sigaddset(&defaults, number)
            if number != SIGPIPE { signal(number, SIG_IGN) }
        }
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        // The threads of a pool block all signals, and the mask would be inherited too.
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe posix_spawnattr_setsigmask(&attributes, &mask)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let code = unsafe posix_spawnp(&pid, command, nil, &attributes, words, environ)
        guard code == 0 else { throw SpawnError(code: code) }
        self.pid = pid
        let child = pid
        relays = Self.relayedSignals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { kill(child, number) }
            source.activate()
            return source
        }
    }

    /// The exit status as a shell gives it, once the command has ended; `nil` before.
    func exitStatus() -> Int32? {
        var status: Int32 = 0
        guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
        for relay in relays { relay.cancel() }
        // wait(2): the low seven bits are the signal, the next byte the exit code.
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}

/// Why a command could not be started.
struct SpawnError: Error {
    let code: Int32

    /// As shells do: 127 when there is no such command, 126 when there is and it cannot be executed.
    var exitStatus: Int32 { code == ENOENT ? 127 : 126 }
}
