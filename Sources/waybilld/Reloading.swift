import Configure
import Engine
import Logging
import Model
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Where the configuration comes from, each time anew: a file, and the flags that override it.
struct ConfigurationSource: Sendable {
    /// The file's path, for messages.
    let path: String
    private let body: @Sendable () -> Result<Configure.Configuration, ConfigurationError>

    init(path: String, read: @escaping @Sendable () throws(ConfigurationError) -> Configure.Configuration) {
        self.path = path
        body = {
            do throws(ConfigurationError) { return .success(try read()) } catch { return .failure(error) }
        }
    }

    func read() -> Result<Configure.Configuration, ConfigurationError> { body() }
}

/// Reads the configuration again when SIGHUP asks for it. One that is wrong changes nothing: the old one stays in force,
/// and the log and the check `configuration` say what is wrong.
struct ReloadService: Service {
    let reloader: Reloader
    let manager: ServiceManager

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            manager.tellReloading()
            await reloader.reload()
            manager.tell("READY=1")
        }
    }
}

/// The configuration in force, and how another one takes its place.
final class Reloader: Sendable {
    private let source: ConfigurationSource
    private let engine: EngineSource
    private let log: DaemonLog
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var settings: Configure.Configuration
        /// Changed since the start, and not in force before the next one.
        var waiting: [String] = []
        var trouble: String?
        var adopters: [@Sendable (Configure.Configuration) async -> Void] = []
    }

    init(
        _ settings: Configure.Configuration, from source: ConfigurationSource, engine: EngineSource, log: DaemonLog,
        logger: Logger
    ) {
        self.source = source
        self.engine = engine
        self.log = log
        self.logger = logger
        state = Mutex(State(settings: settings))
    }

    /// Hands every configuration that comes into force from now on to `body`, which takes from it what can change under way.
    func onChange(_ body: @escaping @Sendable (Configure.Configuration) async -> Void) {
        state.withLock { $0.adopters.append(body) }
    }

    /// What can change under way.
    static func isLive(_ key: String) -> Bool {
        let keys: Set = [
            "capture.interfaces", "capture.filter", "process.command_line", "log.level", "socket.access",
            "socket.group",
            "socket.mode", "metrics.listen",
        ]
        return keys.contains(key) || key.hasPrefix("timeouts.")
    }

    func reload() async {
        let old = state.withLock(\.settings)
        switch source.read() {
        case .failure(let error): refuse(error.description)
        case .success(let new):
            if let error = await engine.adopt(new) { return refuse(error.description) }
            log.level = Logger.Level(new.log.level)
            for adopt in state.withLock(\.adopters) { await adopt(new) }
            let changed = new.changes(from: old)
            let (live, waiting) = (changed.filter(Self.isLive), changed.filter { !Self.isLive($0) })
            state.withLock { state in
                state.settings = new
                state.trouble = nil
                for key in waiting where !state.waiting.contains(key) { state.waiting.append(key) }
            }
            var words = live.isEmpty ? "nothing to change" : live.joined(separator: ", ") + " changed"
            if !waiting.isEmpty { words += "; from the next start on: " + waiting.joined(separator: ", ") }
            logger.notice("the configuration was read again: \(words)")
        }
    }

    private func refuse(_ reason: String) {
        state.withLock { $0.trouble = reason }
        logger.error("the configuration was read again and is wrong, so the old one stays in force: \(reason)")
    }

    /// What `waybill doctor` says of it.
    var check: Model.Check {
        let (waiting, trouble) = state.withLock { ($0.waiting, $0.trouble) }
        let name = "configuration"
        if let trouble {
            return Model.Check(
                name, .limited, "what \(source.path) says now is not in force: \(trouble)",
                lost: "what was changed in it", fix: "sudoedit \(source.path)")
        }
        guard !waiting.isEmpty else {
            return Model.Check(name, .ok, "\(source.path) is in force, or the defaults where it is silent")
        }
        return Model.Check(
            name, .limited, "changed, and not in force before the next start: \(waiting.joined(separator: ", "))",
            lost: "what was changed in it", fix: "sudo systemctl restart waybilld")
    }
}
