import API
import Engine
import Glibc
import Terminal

/// Tells on a terminal's standard error how far the reading of a large file is.
final class ReplayProgress {
    private let isShown: Bool
    private let began = Time.now
    private var hasLine = false
    /// When it was told last, after ``began``.
    private var told = Milliseconds(microseconds: 0)

    /// More often nobody can read it.
    private static let interval = Milliseconds(microseconds: 250_000)
    /// A file that is read in a moment needs no progress.
    private static let smallest: UInt64 = 64 << 20

    /// - Parameter isWanted: false when results go to the same terminal, whose lines it would tear apart.
    init(isWanted: Bool) { isShown = isWanted && isatty(STDERR_FILENO) == 1 }

    func update(_ progress: FileReplay.Progress) {
        guard isShown, progress.totalBytes.map({ $0 >= Self.smallest }) ?? true else { return }
        let (elapsed, overflow) = Time.now.nanoseconds.subtractingReportingOverflow(began.nanoseconds)
        let span = Milliseconds(nanoseconds: overflow ? 0 : elapsed)
        // A clock that is set back makes it silent for no longer than that.
        guard span < told || span.microseconds &- told.microseconds >= Self.interval.microseconds else { return }
        told = span
        let pace = ReadingPace(
            frames: progress.frames, bytes: progress.bytesRead, totalBytes: progress.totalBytes, elapsed: span)
        // Read anew, as the window may have another size by now; behind the last cell a line would be broken.
        let columns = DisplayOptions.columns(of: STDERR_FILENO) ?? 80
        let line = pace.line(Environment.isUTF8 ? .unicode : .ascii).truncated(to: max(columns - 1, 1), ellipsis: "")
        write("\r\u{1B}[K\(line.rendered(inColor: false))")
        hasLine = true
    }

    func clear() {
        guard hasLine else { return }
        write("\r\u{1B}[K")
        hasLine = false
    }

    private func write(_ text: String) {
        let output = Output(descriptor: STDERR_FILENO)
        // Progress that cannot be shown is not missed.
        try? output.write(text)
        try? output.flush()
    }
}
