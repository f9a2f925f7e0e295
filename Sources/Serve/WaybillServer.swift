// Serve's door: RecordHub takes in what is observed, a RequestSource answers for what is under way, and WaybillServer
// serves both.

import HTTPTypes
import HummingbirdCore
package import Logging
package import Model
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The HTTP server on the Unix socket.
///
/// One service: it ends when the group of services is shut down, after the answers under way are written and the
/// streams ended, and takes its socket with it.
package struct WaybillServer: Service {
    private let hub: RecordHub
    private let socket: ListeningSocket
    private let access: AccessBox
    private let responder: WaybillResponder
    private let source: any RequestSource
    let ledger: ConnectionLedger
    let refusals: Refusals
    private let logger: Logger
    private let onReady: @Sendable () async -> Void
    private let acceptor: Acceptor

    /// Nobody can connect before ``run()``.
    ///
    /// - Parameters:
    ///   - access: who may see what; it may change while the server runs, by ``admit(_:)``.
    ///   - clock: what time it is: for filters that count from now, and the uptime.
    ///   - onReady: called once clients can connect.
    package init(
        hub: RecordHub, source: any RequestSource, socket: ListeningSocket, access: Access = Access(), version: String,
        clock: @escaping @Sendable () -> Timestamp, logger: Logger,
        onReady: @escaping @Sendable () async -> Void = {}
    ) throws(SocketError) {
        try self.init(
            hub: hub, source: source, socket: socket, access: access, version: version, clock: clock, logger: logger,
            limits: ConnectionLedger.Limits(), bounds: Bounds(), identify: { PeerCredentials(of: $0) },
            onReady: onReady)
    }

    init(
        hub: RecordHub, source: any RequestSource, socket: ListeningSocket, access: Access, version: String,
        clock: @escaping @Sendable () -> Timestamp, logger: Logger, limits: ConnectionLedger.Limits, bounds: Bounds,
        identify: @escaping Acceptor.Identify, onReady: @escaping @Sendable () async -> Void
    ) throws(SocketError) {
        self.hub = hub
        self.source = source
        self.socket = socket
        self.access = AccessBox(access)
        self.logger = logger
        self.onReady = onReady
        self.bounds = bounds
        ledger = ConnectionLedger(limits)
        refusals = Refusals(logger: logger)
        acceptor = try Acceptor(
            socket, access: self.access, ledger: ledger, identify: identify, refusals: refusals, logger: logger)
        responder = WaybillResponder(
            hub: hub, source: source, access: self.access, ledger: ledger, refusals: refusals,
            answers: AnswerBudget(capacity: bounds.answerBytes), version: version, clock: clock, logger: logger)
    }

    /// How long things may take, and how large they may be.
    struct Bounds: Sendable {
        /// A call is a line and a few headers.
        var headerBytes = 16_384
        var headerFields = 64
        /// Until the first call has come whole; those after it have ``idle``.
        var head = TimeAmount.seconds(10)
        /// A stream waits for ever, a silent connection does not.
        var idle = TimeAmount.seconds(60)
        /// Until a reader has taken an answer.
        var answer = TimeAmount.seconds(10)
        /// Of answers that wait for their readers, together.
        var answerBytes = 64 << 20
        /// What comes behind an answer that ends its connection is read and thrown away for so long.
        var lastHearing = TimeAmount.seconds(1)
    }

    private let bounds: Bounds

    private static var loops: MultiThreadedEventLoopGroup { .singleton }

    /// Bytes that any connection takes without its reader's help.
    private static let smallAnswer = 32_768
    /// How long readers of a stream have for the end of it.
    private static let lastWords = Duration.seconds(2)

    /// Changes who may see what, from the next call on. Streams end when that changes: whoever still may begins them again.
    ///
    /// - Parameter mode: the permission bits of the socket, where it is ours.
    package func admit(_ access: Access, mode: UInt32) {
        socket.change(group: access.group, mode: mode)
        guard self.access.value != access else { return }
        self.access.set(access)
        hub.followers.end { _ in true }
    }

    /// Tells metrics at this port as well, in the place of the one before; `nil` ends that.
    ///
    /// - Throws: ``SocketError`` when nobody can listen there; the one before is given up all the same.
    package func tellMetrics(at address: MetricsAddress?) throws(SocketError) {
        // The one before may be the very same port.
        acceptor.listen(metrics: nil)
        guard let address else { return }
        acceptor.listen(metrics: Acceptor.MetricsListener(descriptor: try address.bind(), port: Int(address.port)))
    }

    package func run() async throws {
        let source = source
        hub.followers.onTurn { source.setFollowed($0) }
        // Made with the first connection, they would end the program where no file descriptor is left then.
        _ = Self.loops.next()
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        defer {
            hub.followers.close()
            socket.remove()
        }
        let listener: CInt
        do throws(SocketError) { listener = try socket.bind() } catch {
            try await pool.shutdownGracefully()
            throw error
        }
        acceptor.start(listener, on: pool)
        let (hub, ledger, socket, acceptor) = (hub, ledger, socket, acceptor)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await onReady()
                await withDiscardingTaskGroup { group in
                    for await connection in acceptor.connections {
                        group.addTask { await serve(connection) }
                    }
                }
            } onGracefulShutdown: {
                acceptor.stop()
                socket.remove()
                ledger.close()
                hub.followers.close()
                Task {
                    try await Task.sleep(for: Self.lastWords)
                    hub.followers.cutOffAll()
                }
            }
        } onCancel: {
            acceptor.stop()
        }
        try await pool.shutdownGracefully()
    }

    /// Answers one connection's calls until it is closed.
    private func serve(_ connection: Acceptor.Connection) async {
        defer { ledger.leave(connection.account, isRestricted: connection.isRestricted) }
        // The library's own words about connections are for those who ask for them.
        var quiet = logger
        if quiet.logLevel > .debug { quiet.logLevel = .error }
        let (ledger, refusals, bounds, logger) = (ledger, refusals, bounds, quiet)
        let deadline = Deadline()
        let http = HTTP1Channel(
            responder: { request, writer, channel in
                deadline.cancel()
                try await respond(to: request, by: writer, on: channel, of: connection)
            },
            configuration: HTTP1Channel.Configuration(
                idleTimeout: bounds.idle,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: bounds.headerBytes, maxHeaderListSize: bounds.headerBytes,
                    maxHeaderFieldCount: bounds.headerFields)))
        do {
            let bootstrap = ClientBootstrap(group: Self.loops)
                .channelOption(.allowRemoteHalfClosure, value: true)
            let value = try await bootstrap.withConnectedSocket(connection.descriptor) { channel in
                ledger.add(channel)
                deadline.set(
                    channel.eventLoop.scheduleTask(in: bounds.head) {
                        refusals.note(.slowHead)
                        channel.close(promise: nil)
                    })
                return http.setup(channel: channel, logger: logger)
            }
            await http.handle(value: value, logger: logger)
        } catch {
            logger.debug("a connection could not be served: \(error)")
        }
        deadline.cancel()
    }

    private func respond(
        to request: HummingbirdCore.Request, by writer: consuming ResponseWriter, on channel: any Channel,
        of connection: Acceptor.Connection
    ) async throws {
        let call = WaybillResponder.Call(
            channel: channel, user: connection.peer?.user ?? UInt32.max,
            viewer: connection.peer.map { access.value.viewer($0) } ?? .metrics, port: connection.port)
        let answer = await responder.respond(to: request, call)
        defer { answer.release() }
        if answer.endsConnection {
            channel.eventLoop.scheduleTask(in: bounds.lastHearing) { channel.close(promise: nil) }
        }
        // A reader that does not take its answer in time loses its connection: the answer stays in memory until then.
        let refusals = refusals
        let deadline =
            answer.isStream
            ? nil
            : channel.eventLoop.scheduleTask(in: bounds.answer) {
                refusals.note(.slowReader)
                channel.close(promise: nil)
            }
        defer { deadline?.cancel() }
        do {
            try await writer.write(response: answer.response.head, body: answer.response.body)
            // What the socket takes at once need not be waited for.
            if let length = answer.response.body.contentLength, length > Self.smallAnswer {
                try await channel.isTaken()
            }
        } catch is HTTPParserError {
            // Passed on it would be answered once more.
            throw ChannelError.ioOnClosedChannel
        }
    }
}

extension Channel {
    /// Returns when the socket has taken everything that was written, or the connection is closed.
    func isTaken() async throws {
        while isActive, try await getOption(.bufferedWritableBytes).get() > 0 {
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

/// A task of an event loop that may be called off from elsewhere.
private final class Deadline: Sendable {
    private let task = Mutex<Scheduled<Void>?>(nil)

    func set(_ scheduled: Scheduled<Void>) { task.withLock { $0 = scheduled } }
    func cancel() { task.withLock { $0?.cancel() } }
}
