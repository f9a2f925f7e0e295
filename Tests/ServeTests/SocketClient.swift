import Foundation
import Glibc

/// A client that says and hears exactly what it is told to, on a thread of its own.
struct SocketClient: ~Copyable {
    let descriptor: CInt

    struct NotConnected: Error { var errno: CInt }

    init(_ path: String) throws { descriptor = try Self.connected(path) }

    /// A socket that is the caller's to close, for who needs many at once.
    static func connected(_ path: String) throws -> CInt {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A test that waits for ever tells nothing; on a busy machine the server shares its threads with other tests.
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
        }
        guard code == 0 else {
            defer { close(descriptor) }
            throw NotConnected(errno: errno)
        }
        return descriptor
    }

    deinit { close(descriptor) }

    func say(_ text: String) { Self.say(text, descriptor) }

    static func say(_ text: String, _ descriptor: CInt) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// What has come once `isEnough` is content, or all until the other side closed.
    func hear(until isEnough: (String) -> Bool = { _ in false }) -> String {
        Self.hear(descriptor, until: isEnough)
    }

    static func hear(_ descriptor: CInt, until isEnough: (String) -> Bool = { _ in false }) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
            if isEnough(String(decoding: bytes, as: UTF8.self)) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// One answer of the server.
struct Answer {
    var status: Int
    var headers: [String: String]
    var body: String

    init(_ text: String) {
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = [:]
        for line in lines.dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1)
            if field.count == 2 { headers[field[0].lowercased()] = field[1].trimmingCharacters(in: .whitespaces) }
        }
        body = parts.dropFirst().joined(separator: "\r\n\r\n")
    }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body.utf8))
    }
}

/// A connection that a test keeps: what blocks happens on a thread of its own, since tasks have few.
final class KeptConnection: Sendable {
    let descriptor: CInt

    init(_ path: String) throws { descriptor = try SocketClient.connected(path) }

    deinit { close(descriptor) }

    func say(_ text: String) async throws { try await onThread { SocketClient.say(text, self.descriptor) } }

    func hear(until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }) async throws -> String {
        try await onThread { SocketClient.hear(self.descriptor, until: isEnough) }
    }

    /// What comes first, and no more of it than comes at once.
    func ask(_ call: String) async throws -> Answer {
        try await say(call)
        return Answer(try await hear { $0.hasSuffix("}\n") })
    }
}

/// Runs blocking work beside the tasks of the test.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}

func call(_ path: String, _ target: String, method: String = "GET", headers: [String] = []) async throws -> Answer {
    let text =
        ([method + " " + target + " HTTP/1.1", "Host: waybill", "Connection: close"] + headers)
        .joined(separator: "\r\n") + "\r\n\r\n"
    return Answer(
        try await onThread {
            let client = try SocketClient(path)
            client.say(text)
            return client.hear()
        })
}
