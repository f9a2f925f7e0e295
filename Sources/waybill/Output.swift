import API
import Glibc
import Terminal

/// Where results go: a file descriptor with a buffer before it.
///
/// When the reader has gone away there is nobody left to be told anything: the program ends with success.
final class Output {
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private var buffer: [UInt8] = []

    private static let flushSize = 1 << 16

    init(descriptor: Int32 = STDOUT_FILENO) {
        self.descriptor = descriptor
        ownsDescriptor = false
    }

    /// Creates or empties the file at `path`.
    init(path: String) throws(Failure) {
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        ownsDescriptor = descriptor >= 0
        guard descriptor >= 0 else {
            throw Failure(.failed, "cannot write \(path): \(Output.reason(errno)); name another file with --output")
        }
    }

    deinit { if ownsDescriptor { close(descriptor) } }

    func write(_ text: String) throws(Failure) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.flushSize { try flush() }
    }

    func write(_ lines: [Line], on canvas: Canvas) throws(Failure) { try write(canvas.render(lines)) }

    /// Takes over what `writer` holds and empties it.
    func take(_ writer: inout JSONWriter) throws(Failure) {
        buffer.append(contentsOf: writer.bytes)
        writer.removeAll()
        if buffer.count >= Self.flushSize { try flush() }
    }

    /// Writes one value as one line of JSON.
    func write(json value: some JSONWritable) throws(Failure) {
        var writer = JSONWriter()
        value.write(to: &writer)
        writer.endLine()
        try take(&writer)
    }

    func flush() throws(Failure) {
        var written = 0
        while written < buffer.count {
            let (result, code) = unsafe buffer.withUnsafeBytes { bytes in
                let count = unsafe Glibc.write(
                    descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
                return (count, errno)
            }
            if result >= 0 {
                written += result
            } else if code == EPIPE {
                exit(EXIT_SUCCESS)
            } else if code != EINTR {
                throw Failure(.failed, "cannot write the result: \(Self.reason(code))")
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Says `sentence` on standard error, escaped like everything that is shown.
    static func complain(_ sentence: String) {
        let output = Output(descriptor: STDERR_FILENO)
        let line = Line("waybill: \(sentence)").rendered(inColor: false)
        // Nobody can be told that standard error is closed.
        try? output.write(line + "\n")
        try? output.flush()
    }

    /// The system's words for an error number.
    static func reason(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
