import API
import CSocket
import Glibc
import Logging
import NIOPosix
import Synchronization

/// Takes connections, on a thread of its own that waits for nothing else: who is at the other end is asked at once, bounds
/// are kept before anything is read, and whoever is refused is told why.
///
/// Out of file descriptors it waits a little and tries again; those who connect meanwhile wait in the kernel's queue. When
/// the socket's file is deleted or replaced, it is bound anew; connections that stand are not touched by that.
final class Acceptor: Sendable {
    /// One that was let in. Its descriptor and its place in the ledger are the receiver's.
    struct Connection: Sendable {
        var descriptor: CInt
        var account: ConnectionLedger.Account
        /// Absent for the port for metrics, where the kernel tells of nobody.
        var peer: PeerCredentials?
        var isRestricted: Bool
        /// The port for metrics, where it came by that.
        var port: Int?
    }

    /// A socket that listens for those who want metrics.
    struct MetricsListener: Sendable {
        var descriptor: CInt
        var port: Int
    }

    /// Who is at the other end of a connection.
    typealias Identify = @Sendable (CInt) -> PeerCredentials?

    let connections: AsyncStream<Connection>
    private let continuation: AsyncStream<Connection>.Continuation
    private let socket: ListeningSocket
    private let access: AccessBox
    private let ledger: ConnectionLedger
    private let identify: Identify
    private let refusals: Refusals
    private let logger: Logger
    private let wake: CInt
    private let orders = Mutex(Orders())

    private struct Orders {
        var isStopping = false
        /// To be listened at in the place of the one before; `.some(nil)` ends that.
        var metrics: MetricsListener??
    }

    /// - Throws: ``SocketError`` when there is no descriptor left.
    init(
        _ socket: ListeningSocket, access: AccessBox, ledger: ConnectionLedger, identify: @escaping Identify,
        refusals: Refusals, logger: Logger
    ) throws(SocketError) {
        self.socket = socket
        self.access = access
        self.ledger = ledger
        self.identify = identify
        self.refusals = refusals
        self.logger = logger
        wake = wb_wake_descriptor()
        guard wake >= 0 else { throw .cannotBind(socket.path, reason: SystemError.text(errno)) }
        (connections, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    deinit { close(wake) }

    /// Begins, on a thread of `pool`.
    ///
    /// - Parameter listener: what ``ListeningSocket/bind()`` gave; it is closed at the end.
    func start(_ listener: CInt, on pool: NIOThreadPool) {
        pool.submit { state in
            switch state {
            case .active:
                var loop = Loop(acceptor: self, listener: listener)
                loop.run()
            case .cancelled: close(listener)
            }
            self.continuation.finish()
        }
    }

    /// Takes no more connections, and ends ``connections`` after those that were taken.
    func stop() {
        orders.withLock { $0.isStopping = true }
        wakeUp()
    }

    /// Listens at this socket as well, for metrics, in the place of the one before. It must not block.
    func listen(metrics listener: MetricsListener?) {
        let passed = orders.withLock { orders in
            defer { orders.metrics = .some(listener) }
            return orders.metrics ?? nil
        }
        if let passed { close(passed.descriptor) }
        wakeUp()
    }

    private func wakeUp() {
        var one: UInt64 = 1
        _ = unsafe write(wake, &one, MemoryLayout<UInt64>.size)
    }
}

extension Acceptor {
    /// What the thread knows.
    private struct Loop {
        let acceptor: Acceptor
        var listener: CInt
        var metrics: MetricsListener?
        var lingering: [Lingering] = []
        var looksAgain = ContinuousClock.now + Loop.lookInterval
        var pausedUntil: ContinuousClock.Instant?
        /// What went wrong, as it was said last: it is not said again and again.
        var trouble: String?

        /// A connection that was answered without having been let in: it is closed when its client has closed, or in time.
        struct Lingering {
            var descriptor: CInt
            var deadline: ContinuousClock.Instant
            var heard = 0

            /// Takes what was said; after the client's end, or an error, nothing more is waited for.
            mutating func hear() {
                var room = [UInt8](repeating: 0, count: 4096)
                let count = unsafe recv(descriptor, &room, room.count, CInt(MSG_DONTWAIT))
                if count > 0 {
                    heard += count
                } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                    heard = .max
                }
            }
        }

        /// How often it is looked whether the socket's file is there.
        static let lookInterval = Duration.seconds(1)
        /// For how long nobody is accepted when there is no descriptor left.
        static let pause = Duration.milliseconds(100)
        static let lingerTime = Duration.seconds(1)
        static let lingerCapacity = 32
        /// Of what a refused client says, in bytes.
        static let hearingLimit = 65_536
        /// Accepted in one go, before others are looked after.
        static let burst = 64

        init(acceptor: Acceptor, listener: CInt) {
            self.acceptor = acceptor
            self.listener = listener
        }

        mutating func run() {
            while obey() { turn() }
            close(listener)
            if let metrics { close(metrics.descriptor) }
            if case .some(.some(let waiting)) = acceptor.orders.withLock({ $0.metrics }) { close(waiting.descriptor) }
            for connection in lingering { close(connection.descriptor) }
        }

        /// - Returns: whether to go on.
        private mutating func obey() -> Bool {
            let orders = acceptor.orders.withLock { orders in
                defer { if !orders.isStopping { orders.metrics = nil } }
                return orders
            }
            guard !orders.isStopping else { return false }
            if case .some(let wanted) = orders.metrics {
                if let metrics { close(metrics.descriptor) }
                metrics = wanted
            }
            return true
        }

        private mutating func turn() {
            var entries = [pollfd(fd: acceptor.wake, events: Int16(POLLIN), revents: 0)]
            let isPaused = pausedUntil != nil
            if !isPaused {
                entries.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
                if let metrics { entries.append(pollfd(fd: metrics.descriptor, events: Int16(POLLIN), revents: 0)) }
            }
            let listeners = entries.count
            entries += lingering.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            _ = unsafe poll(&entries, nfds_t(entries.count), timeout())
            if entries[0].revents != 0 {
                var count: UInt64 = 0
                _ = unsafe read(acceptor.wake, &count, MemoryLayout<UInt64>.size)
            }
            for entry in entries[1..<listeners] where entry.revents != 0 { accept(entry.fd) }
            let heard = Set(entries[listeners...].filter { $0.revents != 0 }.map(\.fd))
            let now = ContinuousClock.now
            lingering = lingering.compactMap { connection in
                var connection = connection
                if heard.contains(connection.descriptor) { connection.hear() }
                guard connection.heard <= Self.hearingLimit, now < connection.deadline else {
                    close(connection.descriptor)
                    return nil
                }
                return connection
            }
            if let pausedUntil, now >= pausedUntil { self.pausedUntil = nil }
            if now >= looksAgain {
                looksAgain = now + Self.lookInterval
                if !acceptor.socket.isInPlace { bindAnew() }
            }
        }

        /// In milliseconds, for poll(2).
        private func timeout() -> CInt {
            var next = looksAgain
            if let pausedUntil { next = min(next, pausedUntil) }
            for connection in lingering { next = min(next, connection.deadline) }
            let span = next - .now
            guard span > .zero else { return 0 }
            let (seconds, attoseconds) = span.components
            return CInt(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        }

        private mutating func accept(_ listener: CInt) {
            for _ in 0..<Self.burst {
                let connection = wb_accept(listener)
                guard connection >= 0 else {
                    switch errno {
                    case EAGAIN: return
                    // Gone again before it was accepted, or a signal came.
                    case ECONNABORTED, EINTR: continue
                    case EMFILE, ENFILE, ENOBUFS, ENOMEM: acceptor.refusals.note(.descriptors)
                    case let number: complain("cannot accept connections: \(SystemError.text(number))")
                    }
                    pausedUntil = .now + Self.pause
                    return
                }
                if listener == self.listener { takeLocal(connection) } else { takeMetrics(connection, metrics?.port) }
            }
        }

        private mutating func takeLocal(_ connection: CInt) {
            guard let peer = acceptor.identify(connection) else {
                close(connection)
                return
            }
            let access = acceptor.access.value
            let viewer = access.viewer(peer)
            guard viewer != .nothing else { return refuse(connection, .notPermitted, .notPermitted(access)) }
            let isRestricted = viewer != .everything
            if let refusal = acceptor.ledger.enter(.user(peer.user), isRestricted: isRestricted) {
                return refuse(connection, refusal, .tooManyConnections(refusal))
            }
            acceptor.continuation.yield(
                Connection(
                    descriptor: connection, account: .user(peer.user), peer: peer, isRestricted: isRestricted))
        }

        private mutating func takeMetrics(_ connection: CInt, _ port: Int?) {
            if let refusal = acceptor.ledger.enter(.metrics, isRestricted: true) {
                return refuse(connection, refusal, .tooManyConnections(refusal))
            }
            acceptor.continuation.yield(
                Connection(descriptor: connection, account: .metrics, peer: nil, isRestricted: true, port: port))
        }

        /// Answers whatever will be asked, and listens a little longer: closed with something unread, the kernel would tell
        /// the client of that rather than hand it the answer.
        private mutating func refuse(_ connection: CInt, _ refusal: Refusal, _ problem: Problem) {
            acceptor.refusals.note(refusal)
            let answer = problem.httpAnswer
            _ = unsafe answer.withUnsafeBytes { bytes in
                unsafe send(connection, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            }
            guard lingering.count < Self.lingerCapacity else {
                close(connection)
                return
            }
            shutdown(connection, CInt(SHUT_WR))
            lingering.append(Lingering(descriptor: connection, deadline: .now + Self.lingerTime))
        }

        /// The socket's file is gone or another's: whoever connects from now on would find nobody.
        private mutating func bindAnew() {
            do throws(SocketError) {
                let anew = try acceptor.socket.bind()
                // Who had come by the old file is still let in.
                accept(listener)
                close(listener)
                listener = anew
                trouble = nil
                acceptor.logger.notice("the socket \(acceptor.socket.path) was gone and has been bound anew")
            } catch {
                complain("the socket \(acceptor.socket.path) is gone: \(error)")
            }
        }

        private mutating func complain(_ sentence: String) {
            guard trouble != sentence else { return }
            trouble = sentence
            acceptor.logger.error("\(sentence)")
        }
    }
}

extension Problem {
    /// A whole answer, for a connection that is closed behind it.
    fileprivate var httpAnswer: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        write(to: &writer)
        writer.endLine()
        let reason =
            switch status {
            case 403: "Forbidden"
            case 429: "Too Many Requests"
            default: "Service Unavailable"
            }
        let head =
            "HTTP/1.1 \(status) \(reason)\r\nContent-Type: \(Routes.problem)\r\nContent-Length: \(writer.bytes.count)\r\n"
            + "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + writer.bytes
    }
}
