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
    let server: WaybillServer
    let stop: @Sendable () async -> Void

    static let now = Timestamp(seconds: 1_700_000_100, nanoseconds: 0)

    /// - Parameter body: returns, and the server is shut down gracefully.
    static func use(
        _ source: FakeSource = FakeSource(), records: [Record] = [], path: String? = nil, hub: RecordHub = RecordHub(),
        access: Access = Access(), limits: ConnectionLedger.Limits = .init(), bounds: WaybillServer.Bounds = .init(),
        inherited: CInt? = nil, as peer: PeerCredentials? = nil, logger handler: (any LogHandler)? = nil,
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = path ?? directory.appending(path: "deep/waybill.sock").path
        hub.finished(records)
        var logger = handler.map { handler in Logger(label: "test") { _ in handler } } ?? Logger(label: "test")
        if handler == nil { logger.logLevel = .critical }
        let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
        let settings = SocketSettings(path: path)
        let socket =
            if let inherited {
                try ListeningSocket(inherited: inherited, settings: settings, logger: logger)
            } else {
                try ListeningSocket(settings, logger: logger)
            }
        let server = try WaybillServer(
            hub: hub, source: source, socket: socket, access: access, version: "1.2.3", clock: { now },
            logger: logger, limits: limits, bounds: bounds,
            identify: { descriptor in peer ?? PeerCredentials(of: descriptor) }, onReady: { isReady.finish() })
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { isReady.finish() }
                try await group.run()
            }
            for await _ in ready {}
            try await body(
                RunningServer(
                    path: path, hub: hub, source: source, server: server,
                    stop: { await group.triggerGracefulShutdown() }))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
