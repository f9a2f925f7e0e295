// Serve's door: RecordHub takes in what is observed, a RequestSource answers for what is under way, and WaybillServer
// serves both.

import Hummingbird
import HummingbirdCore
package import Logging
package import Model
import NIOCore
import ServiceLifecycle

/// The HTTP server on the Unix socket.
///
/// One service: it ends when the group of services is shut down, after the answers under way are written and the
/// streams ended, and takes its socket with it.
package struct WaybillServer: Service {
    private let hub: RecordHub
    private let source: any RequestSource
    private let socket: ListeningSocket
    private let version: String
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let onReady: @Sendable () async -> Void

    /// Nobody can connect before ``run()``.
    ///
    /// - Parameters:
    ///   - clock: what time it is: for filters that count from now, and the uptime.
    ///   - onReady: called once clients can connect.
    package init(
        hub: RecordHub, source: any RequestSource, socket: ListeningSocket, version: String,
        clock: @escaping @Sendable () -> Timestamp, logger: Logger,
        onReady: @escaping @Sendable () async -> Void = {}
    ) {
        self.hub = hub
        self.source = source
        self.socket = socket
        self.version = version
        self.clock = clock
        self.logger = logger
        self.onReady = onReady
    }

    /// A call is a line and a few headers; a stream waits for ever, a silent connection does not.
    private static let headerBytes = 16_384
    private static let headerFields = 64
    private static let idleSeconds: Int64 = 60
    private static let connections = 256
    /// How long readers of a stream have for the end of it.
    private static let lastWords = Duration.seconds(2)

    package func run() async throws {
        let responder = WaybillResponder(hub: hub, source: source, version: version, clock: clock, logger: logger)
        let source = source
        hub.followers.onTurn { source.setFollowed($0) }
        // The library's own words about sockets and services are for those who ask for them.
        var quiet = logger
        if quiet.logLevel > .debug { quiet.logLevel = .error }
        let (socket, onReady, path) = (socket, onReady, socket.settings.path)
        let identity = IdentityBox()
        let http = HTTP1Channel.Configuration(
            idleTimeout: .seconds(Self.idleSeconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: Self.headerBytes, maxHeaderListSize: Self.headerBytes,
                maxHeaderFieldCount: Self.headerFields))
        let application = Application(
            responder: responder, server: .http1(configuration: http),
            configuration: ApplicationConfiguration(
                address: .unixDomainSocket(path: path), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connections, logger: quiet)),
            onServerRunning: { _ in
                identity.set(socket.open())
                await onReady()
            }, logger: quiet)
        defer {
            hub.followers.close()
            socket.remove(identity.value)
        }
        socket.narrow()
        do {
            try await withGracefulShutdownHandler {
                try await application.run()
            } onGracefulShutdown: {
                hub.followers.close()
                Task {
                    try await Task.sleep(for: Self.lastWords)
                    hub.followers.cutOffAll()
                }
            }
        } catch let error as IOError {
            throw SocketError.cannotBind(path, reason: SystemError.text(error.errnoCode))
        }
    }
}
