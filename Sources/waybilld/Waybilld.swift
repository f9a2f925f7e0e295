import API
import ArgumentParser
import Configure
import Dispatch
import Glibc
import Logging
import Synchronization

/// The daemon's command line: where the configuration comes from, and what overrides it.
///
/// Not an asynchronous command: until ``Daemon`` has given up what it does not need there must be one thread, and tasks
/// have many.
@main struct Waybilld: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waybilld",
        abstract: "Watch this host's requests and serve what is seen on a Unix socket.",
        discussion: """
            Read it with: waybill list, or curl --unix-socket /run/waybill/waybill.sock http://localhost/v1/requests

            SIGHUP, or systemctl reload waybilld, has it read its configuration again.

            Exit codes: 0 stopped by a signal, 1 could not run, 64 a flag is wrong, 78 the configuration is wrong.
            """,
        version: ProductVersion.text)

    @Option(
        help: ArgumentHelp(
            "Read this configuration instead of \(Configure.Configuration.standardPath).", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Serve at this path.", valueName: "path"))
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "Capture this interface; repeat it for more. Without it: every one that is up.", valueName: "name"),
        completion: .shellCommand("ls /sys/class/net 2>/dev/null"))
    var interface: [String] = []

    @Option(
        help: ArgumentHelp("Keep the history in this directory; empty: in memory only.", valueName: "directory"),
        completion: .directory)
    var history: String?

    @Option(help: ArgumentHelp("Look only at frames that pass, as in pcap-filter(7).", valueName: "expression"))
    var filter: String?

    @Option(help: ArgumentHelp("Become this user when root starts it; root stays root.", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: Configure.Configuration.Log.Level?

    @Flag(help: "Say whether the configuration is good, and exit.")
    var checkConfig = false

    func run() throws {
        let activated = SocketActivation.take()
        let settings: Configure.Configuration
        do throws(ConfigurationError) { settings = try overridden() } catch {
            StandardError.write("waybilld: \(error)")
            throw ExitCode(78)  // EX_CONFIG, sysexits.h
        }
        if checkConfig {
            let path = Configure.Configuration.standardPath
            if config == nil, unsafe access(path, F_OK) != 0 {
                print("there is no \(path): the defaults hold")
            } else {
                print("\(config ?? path): the configuration is good")
            }
            return
        }
        let log = DaemonLog(level: Logger.Level(settings.log.level))
        LoggingSystem.bootstrap { _ in DaemonLogHandler(log: log) }
        let file = ConfigurationSource(path: config ?? Configure.Configuration.standardPath, read: overridden)
        do {
            let daemon = try Daemon(
                settings, from: file, activated: activated, log: log, logger: Logger(label: "waybilld"))
            try Self.wait { try await daemon.run() }
        } catch {
            log.flush()
            StandardError.write("waybilld: \(error)")
            throw ExitCode.failure
        }
        log.flush()
    }

    /// Keeps the first thread waiting while tasks do the work on others.
    private static func wait(for body: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        let ended = DispatchSemaphore(value: 0)
        Task.detached {
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            ended.signal()
        }
        ended.wait()
        try outcome.withLock(\.self)?.get()
    }

    /// The configuration with the flags that were given in the place of its keys.
    private func overridden() throws(ConfigurationError) -> Configure.Configuration {
        var settings = try Configure.Configuration(path: config)
        if let socket { settings.socket.path = socket }
        if !interface.isEmpty { settings.capture.interfaces = interface }
        if let history { settings.history.directory = history }
        if let filter { settings.capture.filter = filter }
        if let user { settings.runAs.user = user }
        if let logLevel { settings.log.level = logLevel }
        return settings
    }
}

extension Configure.Configuration.Log.Level: ExpressibleByArgument {}

extension Logger.Level {
    init(_ level: Configure.Configuration.Log.Level) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        }
    }
}
