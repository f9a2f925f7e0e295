import Foundation
import Logging
import Model
import ServiceLifecycle
import Synchronization

@testable import Serve

/// A server on a socket of its own for the length of a test.
struct RunningServer {
    let path: String
    let hub: RecordHub
    let source: FakeSource
    let stop: @Sendable () async -> Void

    static let now = Timestamp(seconds: 1_700_000_100, nanoseconds: 0)

    /// - Parameter body: returns, and the server is shut down gracefully.
    static func use(
        _ source: FakeSource = FakeSource(), records: [Record] = [], path: String? = nil,
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = path ?? directory.appending(path: "deep/waybill.sock").path
        let hub = RecordHub()
        hub.finished(records)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
        let socket = try ListeningSocket(SocketSettings(path: path), logger: logger)
        let server = WaybillServer(
            hub: hub, source: source, socket: socket, version: "1.2.3", clock: { now },
            logger: logger, onReady: { isReady.finish() })
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { isReady.finish() }
                try await group.run()
            }
            for await _ in ready {}
            try await body(
                RunningServer(
                    path: path, hub: hub, source: source, stop: { await group.triggerGracefulShutdown() }))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
