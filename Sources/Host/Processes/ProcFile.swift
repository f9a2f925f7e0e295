import Glibc

/// A small file of /proc, read whole. Such files say that they are empty, so they are read until their end.
enum ProcFile {
    /// - Returns: at most `limit` bytes as text (not UTF-8: replaced); `nil` when it cannot be read.
    static func text(of path: String, limit: Int = 65_536) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while content.count < limit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            content += chunk.prefix(min(count, limit - content.count))
        }
        return String(decoding: content, as: UTF8.self)
    }
}
