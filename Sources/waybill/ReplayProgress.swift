import Engine
import Glibc

/// Tells on a terminal's standard error how far the reading of a large file is.
final class ReplayProgress {
    private let isShown: Bool
    private var hasLine = false

    /// A file that is read in a moment needs no progress.
    private static let smallest: UInt64 = 64 << 20

    /// - Parameter isWanted: false when results go to the same terminal, whose lines it would tear apart.
    init(isWanted: Bool) { isShown = isWanted && isatty(STDERR_FILENO) == 1 }

    func update(_ progress: FileReplay.Progress) {
        guard isShown, progress.totalBytes.map({ $0 >= Self.smallest }) ?? true else { return }
        var text = "\(progress.frames / 1000)k frames, \(progress.bytesRead >> 20) MiB"
        if let total = progress.totalBytes, total > 0 {
            text += " of \(total >> 20) MiB (\(min(progress.bytesRead / max(total / 100, 1), 100)) %)"
        }
        write("\r\u{1B}[K\(text)")
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
