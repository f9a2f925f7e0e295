import API
import ArgumentParser
import Configure
import Glibc
import Logging

/// The daemon's command line: where the configuration comes from, and what overrides it.
@main struct Waybilld: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waybilld",
        abstract: "Watch this host's requests and serve what is seen on a Unix socket.",
        discussion: """
            Read it with: waybill list, or curl --unix-socket /run/waybill/waybill.sock http://localhost/v1/requests

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

    @Option(help: ArgumentHelp("Look only at frames that pass, as in pcap-filter(7).", valueName: "expression"))
    var filter: String?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: Configure.Configuration.Log.Level?

    @Flag(help: "Say whether the configuration is good, and exit.")
    var checkConfig = false

    func run() async throws {
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
        LoggingSystem.bootstrap { _ in LineLogHandler() }
        var logger = Logger(label: "waybilld")
        logger.logLevel = Logger.Level(settings.log.level)
        do {
            try await Daemon(settings, logger: logger).run()
        } catch {
            StandardError.write("waybilld: \(error)")
            throw ExitCode.failure
        }
    }

    /// The configuration with the flags that were given in the place of its keys.
    private func overridden() throws(ConfigurationError) -> Configure.Configuration {
        var settings = try Configure.Configuration(path: config)
        if let socket { settings.socket.path = socket }
        if !interface.isEmpty { settings.capture.interfaces = interface }
        if let filter { settings.capture.filter = filter }
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
