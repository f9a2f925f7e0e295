import API
import Capture
import Configure
import Correlate
import Engine
import Host
import Logging
import Model
import Serve
import ServiceLifecycle
import Store
import UnixSignals

/// The whole daemon: the socket's place is taken first, then capture starts, then clients are served.
///
/// On SIGINT or SIGTERM it goes the other way: capture ends and every open request becomes a record, followers get the
/// last of them, answers under way are written, the socket goes.
struct Daemon {
    private let settings: Configure.Configuration
    private let logger: Logger

    init(_ settings: Configure.Configuration, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Longer than the server gives a reader that does not read, so this ends what should have ended by itself.
    private static let patience = Duration.seconds(15)

    /// - Throws: an error whose description is one sentence that says what to do.
    func run() async throws {
        let capabilities = Capabilities.effective
        if let capabilities, !capabilities.contains(.netRaw) { throw DaemonError.notPermitted }
        let notifier = ServiceManager()
        let socket = try ListeningSocket(SocketSettings(settings.socket), logger: logger)
        let hub = RecordHub(LifecycleStore.Limits(settings.history))
        let source = try EngineSource(LiveEngineSettings(settings), hub: hub, logger: logger)
        let (logger, path) = (logger, settings.socket.path)
        let server = WaybillServer(
            hub: hub, source: source, socket: socket, version: ProductVersion.text, clock: { HostClock.now },
            logger: logger,
            onReady: {
                logger.notice("serving at \(path)")
                notifier.tell("READY=1")
            })
        var quiet = logger
        if quiet.logLevel > .debug { quiet.logLevel = .critical }
        var group = ServiceGroupConfiguration(
            services: [
                // The last one is shut down first.
                .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: CaptureService(source: source, notifier: notifier, logger: logger)),
            ], gracefulShutdownSignals: [.sigint, .sigterm], logger: quiet)
        group.maximumGracefulShutdownDuration = Self.patience
        group.maximumCancellationDuration = Self.patience
        try await ServiceGroup(configuration: group).run()
        logger.notice("stopped")
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

/// Why the daemon cannot run, beyond what its parts say themselves.
enum DaemonError: Error, CustomStringConvertible {
    case notPermitted

    var description: String {
        switch self {
        case .notPermitted:
            "capturing needs the capability CAP_NET_RAW; run waybilld as root, or start it with: systemctl start waybilld"
        }
    }
}

// The configuration in the words of the targets that it configures.

extension SocketSettings {
    init(_ socket: Configure.Configuration.Socket) {
        self.init(path: socket.path, group: socket.group, mode: socket.mode)
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
