// Engine's door for live capture; FileReplay is the one for files.

package import Capture
import Confine
package import Correlate
package import Host
package import Model
import Synchronization

/// Live interfaces through the engine, on a thread of its own.
///
/// The thread owns capture, correlator and link watcher; nothing on the packet path is shared or locked. Others learn
/// from it in two ways: it hands over what is finished, in batches, and it answers questions between two batches.
package final class LiveEngine: Sendable {
    private let mailbox = Mutex(Mailbox())
    private let wakeSignal: WakeSignal
    private let host: HostWatcher
    /// By which answers go to those who asked.
    private let courier: Courier
    /// Whether anybody follows: without followers no intermediate record is built.
    private let hasFollowers = Atomic(false)

    /// What the thread hands over, one call after the other, on a thread without privileges.
    package protocol Listener: Sendable {
        /// Records that are complete.
        func finished(_ records: [Record])
        /// Requests that came to a turn and go on; only while there are followers.
        func changed(_ requests: [Lifecycle])
        func noticed(_ notice: LiveNotice)
    }

    typealias Question = @Sendable (inout LiveLoop) -> Void

    private struct Mailbox {
        var questions: [Question] = []
        var mustStop = false
        var hasEnded = false
        var onEnd: [CheckedContinuation<Void, Never>] = []
    }

    /// Opens the interfaces and starts the thread.
    ///
    /// - Throws: ``LiveEngineError`` when nothing can be captured at all: no permission, an interface that was named
    ///   does not exist, a filter that does not compile.
    package init(_ settings: LiveEngineSettings, listener: any Listener) throws(LiveEngineError) {
        do throws(NetlinkError) { courier = try Courier() } catch { throw .noThread }
        let loop: LiveLoop
        do throws(LiveEngineError) {
            loop = try LiveLoop.begin(settings, listener: listener, through: courier)
        } catch {
            courier.stop()
            throw error
        }
        wakeSignal = loop.wakeSignal
        host = loop.host
        let thread = LoopThread(loop: loop)
        guard OwnThread.start("capture", keeping: Self.capabilities, { self.run(&thread.loop) }) else {
            host.stop()
            courier.stop()
            throw .noThread
        }
    }

    /// To open interfaces that come later; large buffers for what the kernel tells of links.
    private static let capabilities: Capabilities = [.netRaw, .netAdmin]

    /// Open requests for which `isWanted` holds, before `limit` (all when it is `nil`), the newest first by time and
    /// then identifier, at most `count`; with a `user`, of those that are certainly its own. Empty after the end: then
    /// all are finished.
    package func open(
        before limit: (first: Timestamp, id: RequestID)?, count: Int, ofUser user: UInt32?,
        where isWanted: @escaping @Sendable (Lifecycle) -> Bool
    ) async -> [Lifecycle] {
        await ask { $0.correlator.open(before: limit, count: count, ofUser: user, where: isWanted) } ?? []
    }

    /// Open requests whose identifier `isWanted`, at most `count`; with a `user`, of those that are certainly its own.
    package func open(
        count: Int, ofUser user: UInt32?, whereID isWanted: @escaping @Sendable (RequestID) -> Bool
    ) async -> [Lifecycle] {
        await ask { $0.correlator.open(count: count, ofUser: user, whereID: isWanted) } ?? []
    }

    /// Address resolutions under way, the newest first.
    package func openLeases() async -> [Lease] { await ask { $0.correlator.openLeases } ?? [] }

    package func openNeighbours() async -> [NeighbourResolution] { await ask { $0.correlator.openNeighbours } ?? [] }

    /// Translations that stand or ended lately, the latest first; `nil` when conntrack cannot be followed.
    package func translations(_ selection: TranslationSelection) async -> [TranslationState]? {
        guard let host = await ask({ $0.host }) else { return nil }
        return await host.translations(selection)
    }

    /// Port forwards in force, and what came by them; `nil` after the end.
    package func portForwards() async -> PortForwardSnapshot? { await host.portForwards() }

    /// Lookups that wait for their answer, the newest first, at most `count`.
    package func openLookups(_ count: Int) async -> [Lookup] {
        await ask { $0.correlator.openLookups(count) } ?? []
    }

    /// The kernel's routes, and its way to `address`; `nil` after the end.
    package func routes(to address: IPAddress?) async -> RouteSnapshot? { await host.routes(to: address) }

    /// What the packet filter says of a port; `nil` after the end.
    package func filter(ofPort port: UInt16) async -> PortFilter? { await host.filter(ofPort: port) }

    /// The kernel's neighbours; `nil` after the end.
    package func hostNeighbours() async -> NeighbourSnapshot? { await host.neighbours() }

    /// What the host's answers depend on, and whether it is there; empty after the end.
    package func checks() async -> [Check] { await host.checks() }

    /// Who has which port of this host; `nil` after the end.
    package func ports() async -> PortSnapshot? { await host.ports() }

    /// How capture goes; `nil` after the end.
    package func state() async -> LiveState? { await ask { $0.state } }

    /// Between batches, lets `read` look at everything the engine knows. After the end it answers `nil`.
    private func ask<Answer: Sendable>(
        _ read: @escaping @Sendable (inout LiveLoop) -> Answer
    ) async -> Answer? {
        await withCheckedContinuation { continuation in
            let isLate = mailbox.withLock { mailbox in
                guard !mailbox.hasEnded else { return true }
                mailbox.questions.append { [courier] loop in
                    let answer = read(&loop)
                    courier.carry { continuation.resume(returning: answer) }
                }
                return false
            }
            if isLate { continuation.resume(returning: nil) } else { wakeSignal.wake() }
        }
    }

    /// Does from now on as `settings` say, as far as that is possible under way: interfaces, filter, timeouts, and what
    /// is kept of processes.
    ///
    /// - Returns: why it goes on as before, when it does: an interface that is not there, a filter that does not compile.
    package func adopt(_ settings: LiveEngineSettings) async -> LiveEngineError? {
        await ask { loop in
            do throws(LiveEngineError) {
                try loop.adopt(settings)
                return nil
            } catch { return error }
        } ?? nil
    }

    package func setFollowed(_ isFollowed: Bool) { hasFollowers.store(isFollowed, ordering: .relaxed) }

    /// Ends capture: frames that the kernel still holds are read, every open request becomes a record, and the
    /// listener has them all when this returns.
    package func stop() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let hasEnded = mailbox.withLock { mailbox in
                mailbox.mustStop = true
                if !mailbox.hasEnded { mailbox.onEnd.append(continuation) }
                return mailbox.hasEnded
            }
            if hasEnded { continuation.resume() } else { wakeSignal.wake() }
        }
    }

    // MARK: - The thread

    /// What the thread takes with it; nobody else has it once that runs. The loop is given up when the thread ends.
    private final class LoopThread: @unchecked Sendable {
        var loop: LiveLoop

        init(loop: consuming LiveLoop) { self.loop = loop }
    }

    private func run(_ loop: inout LiveLoop) {
        while true {
            let (questions, mustStop) = mailbox.withLock { mailbox in
                defer { mailbox.questions.removeAll() }
                return (mailbox.questions, mailbox.mustStop)
            }
            for question in questions { question(&loop) }
            if mustStop { break }
            loop.turn(isFollowed: hasFollowers.load(ordering: .relaxed))
        }
        loop.end()
        let (questions, waiting) = mailbox.withLock { mailbox in
            mailbox.hasEnded = true
            defer {
                mailbox.questions.removeAll()
                mailbox.onEnd.removeAll()
            }
            return (mailbox.questions, mailbox.onEnd)
        }
        for question in questions { question(&loop) }
        // Behind all that the listener was told.
        courier.carry { for continuation in waiting { continuation.resume() } }
        courier.stop()
    }
}

/// What live capture is told.
package struct LiveEngineSettings: Sendable {
    package var capture = LiveSettings()
    package var correlator = CorrelatorSettings()
    package var host = HostSettings()
    /// Names; empty means every interface that is up.
    package var interfaces: [String] = []

    package init() {}
}

/// Something the operator wants to know, once.
package enum LiveNotice: Sendable, Equatable, CustomStringConvertible {
    case opened(name: String, warning: String?)
    case closed(name: String, reason: String)
    case notOpened(name: String, reason: String)
    case factsLost(String)
    /// A source of the kernel's knowledge that is not there; what is lost without it.
    case sourceMissing(name: String, reason: String)

    package var description: String {
        switch self {
        case .opened(let name, nil): "capturing on \(name)"
        case .opened(let name, .some(let warning)): "capturing on \(name), with a warning: \(warning)"
        case .closed(let name, let reason): "no longer capturing on \(name): \(reason)"
        case .notOpened(let name, let reason): "not capturing on \(name): \(reason)"
        case .sourceMissing(let name, let reason): "without the kernel's \(name): \(reason)"
        case .factsLost(let reason): "the kernel's news were lost for a moment and are being asked for anew: \(reason)"
        }
    }
}

/// Why nothing can be captured at all.
package enum LiveEngineError: Error, CustomStringConvertible {
    case capture(CaptureError)
    case links(NetlinkError)
    /// Interfaces were asked for by name and are not there.
    case noSuchInterface(name: String, existing: [String])
    case noThread

    package var description: String {
        switch self {
        case .capture(let error): error.description
        case .links(let error): "cannot learn of this host's interfaces: \(error)"
        case .noSuchInterface(let name, let existing):
            "no interface is called \(name); this host has: \(existing.joined(separator: ", "))"
        case .noThread: "the system has no thread left to capture with (pthread_create(3))"
        }
    }
}
