import Foundation
import Glibc
import Model
import Testing

@testable import Serve

@Suite struct RequestStreamTests {
    /// Waits until `isSo`: what happens on the server's side of a socket has no event to await.
    static func eventually(_ isSo: () -> Bool) async throws {
        for _ in 0..<1000 where !isSo() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(isSo())
    }

    /// The lines of a chunked body; a carriage return and a newline are one character to Swift.
    static func lines(_ text: String) -> [Substring] {
        text.split { $0 == "\n" || $0 == "\r\n" }.filter { $0.hasPrefix("{") }
    }

    @Test func tellsOfMatchingRequestsAndEndsWithTheServer() async throws {
        try await RunningServer.use { server in
            let (path, hub, source) = (server.path, server.hub, server.source)
            async let heard = onThread {
                let client = try SocketClient(path)
                client.say(
                    "GET /v1/requests/stream?where=to.port%3D80+and+not+failed HTTP/1.1\r\nHost: waybill\r\n\r\n")
                return client.hear()
            }
            try await Self.eventually { hub.followers.areThere }
            #expect(source.state.withLock { $0.isFollowed })
            hub.changed([request(at: 1, port: 80), request(at: 2)])
            hub.finished([.request(request(at: 3, port: 80))])
            // The stream ends by itself, and what was told before is in it.
            await server.stop()
            let text = try await heard
            #expect(Answer(text).headers["content-type"] == "application/x-ndjson")
            #expect(Self.lines(text).count == 2)
            #expect(text.contains(request(at: 1, port: 80).id.description))
            #expect(text.hasSuffix("0\r\n\r\n"))
            #expect(!hub.followers.areThere)
            #expect(!source.state.withLock { $0.isFollowed })
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func aReaderThatGoesIsForgottenAtOnce() async throws {
        try await RunningServer.use { server in
            let (path, hub) = (server.path, server.hub)
            _ = try await onThread {
                let client = try SocketClient(path)
                client.say("GET /v1/requests/stream HTTP/1.1\r\nHost: waybill\r\n\r\n")
                return client.hear { $0.contains("\r\n\r\n") }
            }
            try await Self.eventually { !hub.followers.areThere }
        }
    }

    @Test func aReaderThatIsTooSlowIsCutOffAndOthersAreNot() async throws {
        try await RunningServer.use { server in
            let (path, hub) = (server.path, server.hub)
            let slow = try SocketClient(path)
            slow.say("GET /v1/requests/stream HTTP/1.1\r\nHost: waybill\r\n\r\n")
            async let brisk = onThread {
                let client = try SocketClient(path)
                client.say("GET /v1/requests/stream?port=80 HTTP/1.1\r\nHost: waybill\r\n\r\n")
                return client.hear { Self.lines($0).count == 1 }
            }
            try await Self.eventually { hub.followers.count == 2 }
            // Far more than sockets and buffers hold; the other reader's filter spares it the reading.
            for round in 0..<400 where hub.followers.count == 2 {
                hub.changed((0..<250).map { request(at: Int64(round), $0) })
                try await Task.sleep(for: .milliseconds(2))
            }
            try await Self.eventually { hub.followers.count == 1 }
            hub.changed([request(at: 1, port: 80)])
            #expect(Self.lines(try await brisk).count == 1)
            // What was cut is not closed properly: no last chunk.
            #expect(!slow.hear().hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func aReaderThatDoesNotReadDoesNotKeepTheServerFromEnding() async throws {
        try await RunningServer.use { server in
            let client = try SocketClient(server.path)
            client.say("GET /v1/requests/stream HTTP/1.1\r\nHost: waybill\r\n\r\n")
            let hub = server.hub
            try await Self.eventually { hub.followers.areThere }
            // More than the sockets hold, less than the reader may leave lying.
            for round in 0..<10 { hub.changed((0..<100).map { request(at: Int64(round), $0) }) }
            await server.stop()
            try await Self.eventually { !hub.followers.areThere }
            #expect(!client.hear().hasSuffix("0\r\n\r\n"))
        }
    }

    /// The socket is full to the brim for some of them when the last byte is behind, and the connection is closed then.
    @Test func theEndReachesReadersThatReadLate() async throws {
        try await RunningServer.use { server in
            let hub = server.hub
            // About as many records as a socket has room for; together fewer than may wait for one reader.
            let sizes = Array(stride(from: 100, to: 148, by: 3))
            var readers: [Int32] = []
            defer { for reader in readers { close(reader) } }
            for (index, size) in sizes.enumerated() {
                let reader = try SocketClient.connected(server.path)
                readers.append(reader)
                let port = 1000 + index
                SocketClient.say("GET /v1/requests/stream?port=\(port) HTTP/1.1\r\nHost: waybill\r\n\r\n", reader)
                try await Self.eventually { hub.followers.count == index + 1 }
                hub.changed((0..<size).map { request(at: Int64($0), port: UInt16(port)) })
            }
            await server.stop()
            let late = readers
            let heard = try await onThread { late.map { SocketClient.hear($0) } }
            let whole = zip(sizes, heard).filter { size, text in
                Self.lines(text).count == size && text.hasSuffix("0\r\n\r\n")
            }
            #expect(whole.map(\.0) == sizes)
        }
    }

    @Test func onlySoManyMayFollow() async throws {
        try await RunningServer.use { server in
            let followers = (0..<Followers.capacity).compactMap { number in
                try? server.hub.followers.join(user: UInt32(number / 8))
            }
            #expect(followers.count == Followers.capacity)
            let answer = try await call(server.path, "/v1/requests/stream")
            #expect(answer.status == 503)
            server.hub.followers.leave(followers[0])
            #expect((try? server.hub.followers.join()) != nil)
        }
    }
}
