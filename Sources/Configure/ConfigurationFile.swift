import Glibc

extension Configuration {
    /// Reads the file at `path`, or ``standardPath`` when that is `nil`; only the latter may be missing.
    ///
    /// - Throws: ``ConfigurationError`` when it cannot be read, and as ``init(yaml:file:)`` does.
    package init(path: String?) throws(ConfigurationError) {
        let file = path ?? Self.standardPath
        switch Self.content(of: file) {
        case .success(let text): try self.init(yaml: text, file: file)
        case .failure(let failure) where path == nil && failure.errno == ENOENT: self.init()
        case .failure(let failure): throw ConfigurationError(file: file, problem: failure.description)
        }
    }

    private struct ReadFailure: Error, CustomStringConvertible {
        var errno: CInt
        var description: String
    }

    /// Far more than anybody writes by hand.
    private static let sizeLimit = 1 << 20

    private static func content(of path: String) -> Result<String, ReadFailure> {
        func failure() -> Result<String, ReadFailure> {
            let number = errno
            let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "errno \(number)"
            return .failure(ReadFailure(errno: number, description: "cannot be read: \(reason)"))
        }
        // O_NONBLOCK: a pipe that stands there by mistake is an empty file, not a daemon that never starts.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return failure() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return failure() }
            if count == 0 { break }
            bytes += chunk.prefix(count)
            guard bytes.count <= sizeLimit else {
                return .failure(ReadFailure(errno: EFBIG, description: "is larger than 1 MiB"))
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(ReadFailure(errno: EILSEQ, description: "is not UTF-8 text"))
        }
        return .success(text)
    }
}
