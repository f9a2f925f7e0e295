import API
import Capture
import Configure
import Confine
import Correlate
import Engine
import Host
import Logging
import Model
import Serve
import ServiceLifecycle
import Store
import Synchronization
import UnixSignals

/// The whole daemon: the socket's place is taken first, then capture starts, then clients are served.
///
/// What needs privileges is opened by ``init(_:from:log:logger:)``, on the only thread that there is; it leaves that
/// thread without any, and those that make and run tasks come from it. Two threads keep some: see `docs/security.md`.
///
/// On SIGINT or SIGTERM it goes the other way: capture ends and every open request becomes a record, followers get the
/// last of them, answers under way are written, the socket goes.
struct Daemon {
    private let settings: Configure.Configuration
    private let log: DaemonLog
    private let logger: Logger
    private let manager: ServiceManager
    private let socket: ListeningSocket
    private let hub: RecordHub
    private let source: EngineSource
    private let reloader: Reloader

    /// Longer than the server gives a reader that does not read, so this ends what should have ended by itself.
    private static let patience = Duration.seconds(15)

    /// - Parameter activated: a socket that the service manager has bound.
    /// - Throws: an error whose description is one sentence that says what to do.
    init(
        _ settings: Configure.Configuration, from file: ConfigurationSource, activated: CInt?, log: DaemonLog,
        logger: Logger
    ) throws {
        self.settings = settings
        self.log = log
        self.logger = logger
        manager = ServiceManager.take()
        let confinement = try Confinement.begin(
            as: settings.runAs.user, group: settings.socket.group, directories: Self.directories(settings))
        let place = SocketSettings(settings.socket)
        socket =
            if let activated {
                try ListeningSocket(inherited: activated, settings: place, logger: logger)
            } else {
                try ListeningSocket(place, logger: logger)
            }
        var fitted = settings
        let squeeze = MemoryLimit.ofThisProcess.flatMap { MemoryFit.fit(&fitted, into: $0) }
        hub = RecordHub(
            LifecycleStore.Limits(fitted.history), history: HistoryKeeper.Settings(settings.history),
            clock: { HostClock.now },
            onHistory: { notice in
                switch notice {
                case .opened: logger.info("\(notice)")
                case .recovered: logger.notice("\(notice)")
                case .trouble, .putAside: logger.warning("\(notice)")
                }
            })
        source = try EngineSource(LiveEngineSettings(fitted), hub: hub, logger: logger)
        if let squeeze { logger.warning("\(squeeze)") }
        for problem in confinement.problems { logger.warning("\(problem)") }
        logger.info(
            "running as \(confinement.user) with the capabilities \(confinement.kept.list); \(confinement.refusedCalls) system calls are refused"
        )
        if !confinement.kept.contains(.netRaw) {
            logger.error(
                "without the capability CAP_NET_RAW no frame can be captured; run waybilld as root, or start it with: systemctl start waybilld"
            )
        }
        reloader = Reloader(settings, from: file, engine: source, log: log, logger: logger)
        source.addCheck { [reloader] in reloader.check }
        if !Capabilities.keep([]) { logger.warning("the threads that answer clients keep their capabilities") }
    }

    /// Those that the user which the daemon becomes could not make itself.
    private static func directories(_ settings: Configure.Configuration) -> [(path: String, mode: UInt32)] {
        var directories: [(path: String, mode: UInt32)] = []
        if let slash = settings.socket.path.lastIndex(of: "/"), slash != settings.socket.path.startIndex {
            directories.append((String(settings.socket.path[..<slash]), 0o755))
        }
        // A history may hold command lines.
        if !settings.history.directory.isEmpty { directories.append((settings.history.directory, 0o750)) }
        return directories
    }

    /// Serves until a signal ends it.
    ///
    /// - Throws: an error whose description is one sentence that says what to do.
    func run() async throws {
        let (logger, path, manager) = (logger, socket.path, manager)
        let server = try WaybillServer(
            hub: hub, source: source, socket: socket, access: Access(settings.socket), version: ProductVersion.text,
            clock: { HostClock.now }, logger: logger,
            onReady: {
                logger.notice("serving at \(path)")
                manager.tell("READY=1")
            })
        let metrics = MetricsPort(server: server, logger: logger)
        metrics.adopt(settings.metrics)
        reloader.onChange { settings in
            server.admit(Access(settings.socket), mode: settings.socket.effectiveMode)
            metrics.adopt(settings.metrics)
        }
        var quiet = logger
        if quiet.logLevel > .debug { quiet.logLevel = .critical }
        var group = ServiceGroupConfiguration(
            services: [
                // The last one is shut down first: what capture and clients leave is written, then the history closed.
                .init(service: HistoryService(keeper: hub.keeper)),
                .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: Housekeeping(source: source, manager: manager, log: log)),
                .init(service: ReloadService(reloader: reloader, manager: manager)),
                .init(service: CaptureService(source: source, notifier: manager, logger: logger)),
            ], gracefulShutdownSignals: [.sigint, .sigterm], logger: quiet)
        group.maximumGracefulShutdownDuration = Self.patience
        group.maximumCancellationDuration = Self.patience
        try await ServiceGroup(configuration: group).run()
        logger.notice("stopped")
    }
}

/// The history on disk, as one of the services; without one it waits for the end.
private struct HistoryService: Service {
    let keeper: HistoryKeeper?

    func run() async throws {
        guard let keeper else {
            try? await gracefulShutdown()
            return
        }
        await withGracefulShutdownHandler {
            await keeper.run()
        } onGracefulShutdown: {
            keeper.stop()
        }
    }
}

/// Where metrics are told beside the socket, if anywhere: what cannot be had is logged, and the daemon goes on without.
private final class MetricsPort: Sendable {
    private let server: WaybillServer
    private let logger: Logger
    private let address = Mutex<MetricsAddress?>(nil)

    init(server: WaybillServer, logger: Logger) {
        self.server = server
        self.logger = logger
    }

    func adopt(_ settings: Configure.Configuration.Metrics) {
        let wanted = MetricsAddress(settings.listen)
        address.withLock { address in
            guard address != wanted else { return }
            address = nil
            do throws(SocketError) {
                try server.tellMetrics(at: wanted)
                address = wanted
                if let wanted { logger.notice("metrics are told at http://\(wanted)/metrics, to anybody on this host") }
            } catch {
                logger.error("metrics are told at the socket alone: \(error)")
            }
        }
    }
}

/// Capture, as one of the services: it runs already, and is stopped when the group is.
private struct CaptureService: Service {
    let source: EngineSource
    let notifier: ServiceManager
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        notifier.tell("STOPPING=1")
        logger.notice("stopping: completing the requests that are open")
        await source.stop()
    }
}

/// What is to be done now and then: the watchdog is told that frames are still read, the log of what it folded.
private struct Housekeeping: Service {
    let source: EngineSource
    let manager: ServiceManager
    let log: DaemonLog

    /// Without a watchdog.
    private static let interval = Duration.seconds(10)

    func run() async throws {
        let interval = manager.watchdogInterval.map { min($0, Self.interval) } ?? Self.interval
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // The answer comes from the thread that reads frames: one that hangs does not give it.
                if await source.isAlive { manager.tell("WATCHDOG=1") }
                log.tick()
                try? await Task.sleep(for: interval)
            }
        }
    }
}

// The configuration in the words of the targets that it configures.

extension SocketSettings {
    init(_ socket: Configure.Configuration.Socket) {
        self.init(path: socket.path, group: socket.group, mode: socket.effectiveMode)
    }
}

extension Access {
    init(_ socket: Configure.Configuration.Socket) {
        let mode: Mode =
            switch socket.access {
            case .group: .group
            case .own: .own
            }
        self.init(mode, group: socket.group)
    }
}

extension LifecycleStore.Limits {
    init(_ history: Configure.Configuration.History) {
        self.init()
        requests = history.requests
        lookups = history.lookups
        neighbours = history.neighbours
        icmpErrors = history.icmpErrors
    }
}

extension HistoryKeeper.Settings {
    /// `nil` when nothing shall go to disk.
    init?(_ history: Configure.Configuration.History) {
        guard !history.directory.isEmpty else { return nil }
        self.init(
            directory: history.directory, byteLimit: Int64(history.diskMebibytes) << 20,
            span: .seconds(history.days * 86_400))
    }
}

extension LiveEngineSettings {
    init(_ settings: Configure.Configuration) {
        self.init()
        interfaces = settings.capture.interfaces
        capture.filter = settings.capture.filter.isEmpty ? nil : settings.capture.filter
        capture.snapLength = settings.capture.snapLength
        capture.bufferSize = settings.capture.bufferMebibytes << 20
        capture.blockTimeout = settings.capture.timeoutMilliseconds
        capture.promiscuous = settings.capture.promiscuous
        host.keepsArguments = settings.process.commandLine
        correlator.flowCapacity = settings.tables.flows
        correlator.lookupCapacity = settings.tables.lookups
        correlator.nameCapacity = settings.tables.names
        correlator.neighbourCapacity = settings.tables.neighbours
        correlator.unansweredTimeout = .seconds(settings.timeouts.tcpUnanswered)
        correlator.establishedTimeout = .seconds(settings.timeouts.tcpEstablished)
        correlator.halfClosedTimeout = .seconds(settings.timeouts.tcpHalfClosed)
        correlator.closedLinger = .seconds(settings.timeouts.tcpLinger)
        correlator.udpTimeout = .seconds(settings.timeouts.udp)
        correlator.echoTimeout = .seconds(settings.timeouts.echo)
        correlator.lookupTimeout = .seconds(settings.timeouts.lookup)
        correlator.neighbourTimeout = .seconds(settings.timeouts.neighbour)
    }
}
