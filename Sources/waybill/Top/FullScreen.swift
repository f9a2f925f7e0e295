import API
import Glibc

/// A terminal taken over as a whole: its other screen, no echo, every key at once. Whichever way the program ends, it is
/// given back as it was.
///
/// Crashes go by a handler of their own (``restoreOnCrash()``), which can only use what was laid ready before.
@safe final class FullScreen {
    private let input: Int32
    private let output: Int32
    private var original: termios
    private var isTaken = false

    /// DECSET 1049 is the other screen with a cursor of its own, 25 the cursor, 7 the breaking of lines that are too long
    /// (xterm's ctlseqs). There is no ED among them: where there is no other screen (tmux and screen can be told so), it
    /// would push what is shown into the history.
    private static let enter: StaticString = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
    fileprivate static let leave: StaticString = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    /// - Throws: ``Failure`` where there is no terminal on both sides, or one that cannot move its cursor.
    init(input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO) throws(Failure) {
        guard isatty(input) == 1, isatty(output) == 1 else {
            throw Failure(
                .usage, "top needs a terminal; for pipes and files there are `waybill follow` and `waybill list`")
        }
        guard let terminal = Environment["TERM"], terminal != "dumb" else {
            throw Failure(.usage, "top needs a terminal that can move its cursor, and TERM says that this one cannot")
        }
        var attributes = termios()
        guard unsafe tcgetattr(input, &attributes) == 0 else {
            throw Failure(.failed, "the terminal cannot be asked: \(Output.reason(errno))")
        }
        self.input = input
        self.output = output
        original = attributes
        unsafe crashTerminal.pointee = attributes
        unsafe crashDescriptors.pointee = (input, output)
    }

    deinit { restore() }

    func take() throws(Failure) {
        var raw = original
        unsafe cfmakeraw(&raw)
        guard unsafe tcsetattr(input, TCSAFLUSH, &raw) == 0 else {
            throw Failure(.failed, "the terminal cannot be set: \(Output.reason(errno))")
        }
        isTaken = true
        unsafe crashIsArmed.pointee = 1
        try write(String(describing: Self.enter))
    }

    func restore() {
        guard isTaken else { return }
        isTaken = false
        unsafe crashIsArmed.pointee = 0
        // It may be gone; then there is nothing to give back.
        try? write(FrameWriter.erasing(rows: size.rows) + String(describing: Self.leave))
        unsafe _ = tcsetattr(input, TCSAFLUSH, &original)
    }

    /// Whether this program's process group is the one that the terminal listens to.
    var isInForeground: Bool { tcgetpgrp(input) == getpgrp() }

    /// Gives the terminal back and stops, as SIGTSTP does; returns once the program goes on.
    ///
    /// The signal goes to this thread, which has stopped before the call returns: nothing is drawn into the shell's screen.
    /// Where nobody could wake the program again (an orphaned process group) the kernel does not stop it.
    func lend() {
        restore()
        var stopping = sigset_t()
        var mask = sigset_t()
        unsafe sigemptyset(&stopping)
        unsafe sigaddset(&stopping, SIGTSTP)
        // What is set is the handler of the event loop's source; it has to be there again for the next stop.
        var stop = sigaction()
        var handler = sigaction()
        unsafe stop.__sigaction_handler.sa_handler = SIG_DFL
        unsafe sigaction(SIGTSTP, &stop, &handler)
        unsafe _ = pthread_sigmask(SIG_UNBLOCK, &stopping, &mask)
        pthread_kill(pthread_self(), SIGTSTP)
        unsafe _ = pthread_sigmask(SIG_SETMASK, &mask, nil)
        unsafe sigaction(SIGTSTP, &handler, nil)
    }

    func write(_ text: String) throws(Failure) {
        let output = Output(descriptor: self.output)
        try output.write(text)
        try output.flush()
    }

    /// Columns and rows; 80 × 24 where it does not say.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Traps and faults end the program by these signals (signal(7)); the terminal is given back first.
    static func restoreOnCrash() {
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = restoreTerminal
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER
            unsafe sigaction(number, &action, nil)
        }
    }
}

// What the handler of crashes needs, laid ready: it may neither allocate nor initialise (signal-safety(7)).
private nonisolated(unsafe) let crashTerminal = {
    let pointer = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    unsafe pointer.initialize(to: termios())
    return unsafe pointer
}()

private nonisolated(unsafe) let crashDescriptors = {
    let pointer = UnsafeMutablePointer<(input: Int32, output: Int32)>.allocate(capacity: 1)
    unsafe pointer.initialize(to: (-1, -1))
    return unsafe pointer
}()

private nonisolated(unsafe) let crashIsArmed = {
    let pointer = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    unsafe pointer.initialize(to: 0)
    return unsafe pointer
}()

private func restoreTerminal(_ number: Int32) {
    if unsafe crashIsArmed.pointee != 0 {
        let text = FullScreen.leave
        unsafe _ = Glibc.write(crashDescriptors.pointee.output, text.utf8Start, text.utf8CodeUnitCount)
        unsafe _ = tcsetattr(crashDescriptors.pointee.input, TCSANOW, crashTerminal)
    }
    // SA_RESETHAND has put the default back: the same signal again ends the program as it would have.
    raise(number)
}
