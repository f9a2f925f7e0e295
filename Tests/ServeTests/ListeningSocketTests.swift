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
            let own = try socket.bind()
            #expect(socket.isInPlace)
            // Another one is put in its place while the first still exists, so that their inodes differ.
            let other = Self.bind(path + ".new", listening: true)
            rename(path + ".new", path)
            #expect(!socket.isInPlace)
            socket.remove()
            #expect(FileManager.default.fileExists(atPath: path))
            unlink(path)
            let anew = try socket.bind()
            #expect(socket.isInPlace)
            socket.remove()
            #expect(!FileManager.default.fileExists(atPath: path))
            for descriptor in [own, other, anew] { close(descriptor) }
        }
    }

    /// From bind(2) on until it has its group and mode, nobody else may connect.
    @Test func theSocketIsNeverOpenerThanItIsToBe() async throws {
        try await Self.withDirectory { directory in
            let path = directory + "/w.sock"
            let logger = Logger(label: "test")
            let socket = try ListeningSocket(SocketSettings(path: path, mode: 0o666), logger: logger)
            let before = umask(0)
            defer { umask(before) }
            close(try socket.bind())
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o666)
            socket.change(group: "", mode: 0o660)
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o660)
        }
    }

    @Test func anInheritedSocketIsSystemds() async throws {
        try await Self.withDirectory { directory in
            let path = directory + "/activated.sock"
            let descriptor = Self.bind(path, listening: true)
            chmod(path, 0o640)
            try await RunningServer.use(path: path, inherited: descriptor) { server in
                let answer = try await call(path, "/v1/status")
                #expect(answer.status == 200)
                #expect(server.path == path)
            }
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o640)
        }
    }

    @Test func whatIsNoListeningUnixStreamIsRefused() async throws {
        try await Self.withDirectory { directory in
            let stream = CInt(SOCK_STREAM.rawValue)
            let sockets = [
                Self.bind(directory + "/silent.sock", listening: false), Glibc.socket(AF_INET, stream, 0),
                Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0), open("/dev/null", O_RDONLY),
            ]
            for descriptor in sockets {
                var (before, after) = (stat(), stat())
                fstat(descriptor, &before)
                #expect(throws: SocketError.notListening(descriptor)) {
                    _ = try ListeningSocket(
                        inherited: descriptor, settings: SocketSettings(path: directory + "/w.sock"),
                        logger: Logger(label: "test"))
                }
                // It is closed; another test may have been given its number since.
                #expect(fstat(descriptor, &after) != 0 || after.st_ino != before.st_ino)
            }
        }
    }

    /// Deleted, replaced by something else, or gone with its directory: whoever comes later finds the daemon all the same,
    /// and whoever was there stays.
    @Test(arguments: ["deleted", "moved", "directory"])
    func aSocketThatIsGoneIsBoundAnew(_ how: String) async throws {
        let log = LineLog()
        try await RunningServer.use(logger: log) { server in
            let path = server.path
            let standing = try KeptConnection(path)
            switch how {
            case "deleted": unlink(path)
            case "moved": rename(path, path + ".old")
            default: try FileManager.default.removeItem(atPath: String(path.dropLast("/waybill.sock".utf8.count)))
            }
            try await RequestStreamTests.eventually { access(path, F_OK) == 0 }
            let answer = try await call(path, "/v1/status")
            #expect(answer.status == 200)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o660)
            #expect(try await standing.ask("GET /v1/status HTTP/1.1\r\n\r\n").status == 200)
            #expect(log.lines.filter { $0.contains("bound anew") }.count == 1)
        }
    }

    @Test func theSocketGetsItsMode() async throws {
        try await RunningServer.use { server in
            let attributes = try FileManager.default.attributesOfItem(atPath: server.path)
            #expect(attributes[.posixPermissions] as? Int == 0o660)
        }
    }
}
