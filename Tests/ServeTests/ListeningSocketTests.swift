import Foundation
import Glibc
import Logging
import Testing

@testable import Serve

@Suite struct ListeningSocketTests {
    static func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(directory.path)
    }

    static func socket(_ path: String) throws -> ListeningSocket {
        try ListeningSocket(SocketSettings(path: path), logger: Logger(label: "test"))
    }

    /// A socket file, with somebody who listens or without.
    static func bind(_ path: String, listening: Bool) -> CInt {
        let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if listening { listen(descriptor, 1) }
        return descriptor
    }

    @Test func aStaleSocketIsRemoved() async throws {
        try await Self.withDirectory { directory in
            let path = directory + "/w.sock"
            close(Self.bind(path, listening: true))
            #expect(FileManager.default.fileExists(atPath: path))
            _ = try Self.socket(path)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func aLiveDaemonKeepsItsPlace() async throws {
        try await RunningServer.use { server in
            let error = #expect(throws: SocketError.self) { _ = try Self.socket(server.path) }
            #expect(error == .inUse(server.path))
            #expect(error?.description.hasPrefix("another waybilld is serving at \(server.path)") == true)
            let answer = try await call(server.path, "/v1/status")
            #expect(answer.status == 200)
        }
    }

    @Test func anythingElseIsLeftAlone() async throws {
        try await Self.withDirectory { directory in
            let path = directory + "/w.sock"
            try "precious".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: SocketError.notASocket(path)) { _ = try Self.socket(path) }
            #expect(throws: SocketError.notASocket(directory)) { _ = try Self.socket(directory) }
            let content = try String(contentsOfFile: path, encoding: .utf8)
            #expect(content == "precious")
            // A directory cannot be made where a file stands.
            #expect(throws: SocketError.noDirectory(path, errno: ENOTDIR)) { _ = try Self.socket(path + "/w.sock") }
        }
    }

    @Test(arguments: ["", "/tmp/" + String(repeating: "a", count: 103)])
    func aPathThatCannotBeIsRefused(_ path: String) {
        #expect(throws: SocketError.pathTooLong(path)) { _ = try Self.socket(path) }
    }

    @Test func onlyItsOwnSocketIsRemoved() async throws {
        try await Self.withDirectory { directory in
            let path = directory + "/w.sock"
            let socket = try Self.socket(path)
            let own = Self.bind(path, listening: true)
            let identity = FileIdentity(path)
            // Another one is put in its place while the first still exists, so that their inodes differ.
            let other = Self.bind(path + ".new", listening: true)
            rename(path + ".new", path)
            socket.remove(identity)
            #expect(FileManager.default.fileExists(atPath: path))
            socket.remove(FileIdentity(path))
            #expect(!FileManager.default.fileExists(atPath: path))
            close(own)
            close(other)
        }
    }

    @Test func theSocketGetsItsMode() async throws {
        try await RunningServer.use { server in
            let attributes = try FileManager.default.attributesOfItem(atPath: server.path)
            #expect(attributes[.posixPermissions] as? Int == 0o660)
        }
    }
}
