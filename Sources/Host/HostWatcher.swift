// Host's door for the running host: what its kernel says of sockets and processes, as facts.

import Glibc
package import Model
import Synchronization

/// Follows the kernel on a thread of its own, so that looking things up never keeps frames waiting.
///
///     let watcher = HostWatcher(settings)
///     for fact in watcher.takeFacts() { correlator.learn(fact) }
package final class HostWatcher: Sendable {
    private let state = Mutex(State())
    private let wake: EventSignal

    private struct State {
        var facts: [Fact] = []
        var dropped: UInt64 = 0
        var tables: [TableSummary] = []
        var mustStop = false
    }

    /// Facts that wait for their taker; more are dropped and counted. A turn of the engine takes them all.
    private static let capacity = 1 << 17

    package init(_ settings: HostSettings = HostSettings()) throws(NetlinkError) {
        wake = try EventSignal()
        let thread = WatchThread(settings)
        sources = thread.sources
        OwnThread.start { thread.run(for: self) }
    }

    /// What was learnt since the last call, each source's in the order of time.
    package func takeFacts() -> [Fact] {
        state.withLock { state in
            defer { state.facts.removeAll(keepingCapacity: false) }
            return state.facts
        }
    }

    /// What is listened to, and what is not, and why.
    package let sources: [HostSource]
    package var tables: [TableSummary] { state.withLock { $0.tables } }
    /// Facts that nobody took in time.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    package func stop() {
        state.withLock { $0.mustStop = true }
        wake.give()
    }

    // MARK: - The thread

    /// What the thread works with.
    private final class WatchThread: @unchecked Sendable {
        private(set) var sources: [HostSource] = []
        private var tracer: SocketTracer?
        private var owners: OwnerFinder
        private var nextExpiry = Timestamp.distantPast

        init(_ settings: HostSettings) {
            owners = OwnerFinder(processes: ProcessTable(keepsArguments: settings.keepsArguments))
            var trouble: String?
            do throws(TracingError) { tracer = try SocketTracer() } catch { trouble = error.description }
            sources.append(HostSource(name: .tracepoints, trouble: trouble))
        }

        func run(for watcher: HostWatcher) {
            while true {
                wait(watcher.wake)
                if watcher.state.withLock({ $0.mustStop }) { return }
                look(watcher)
            }
        }

        private func wait(_ wake: EventSignal) {
            var set = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
            for descriptor in tracer?.descriptors ?? [] {
                set.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            }
            _ = unsafe set.withUnsafeMutableBufferPointer {
                unsafe poll($0.baseAddress, nfds_t($0.count), 1000)
            }
            wake.take()
        }

        private func look(_ watcher: HostWatcher) {
            let now = HostClock.now
            let facts = owners.learn(tracer?.receive() ?? [])
            if now >= nextExpiry {
                nextExpiry = now + .seconds(1)
                owners.expire(at: now)
                let tables = [owners.processes.summary]
                watcher.state.withLock { $0.tables = tables }
            }
            guard !facts.isEmpty else { return }
            watcher.state.withLock { state in
                let room = HostWatcher.capacity - state.facts.count
                state.facts += facts.prefix(room)
                state.dropped &+= UInt64(max(0, facts.count - room))
            }
        }
    }
}

package struct HostSettings: Sendable {
    /// Whether the arguments of programs are kept: they may hold what is nobody's business.
    package var keepsArguments = true

    package init() {}
}

/// One place where the kernel is listened to.
package struct HostSource: Sendable, Equatable {
    package enum Name: String, Sendable {
        /// Who connects, at that moment.
        case tracepoints
    }

    package var name: Name
    /// Why it tells nothing; `nil` when all is well.
    package var trouble: String?
}
