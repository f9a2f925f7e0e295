import Capture
package import Engine
package import Logging
package import Model
package import Report
package import Store
import Synchronization

/// The live engine as the server sees it: records go to the hub, notices to the log, questions to the engine's thread.
package final class EngineSource: RequestSource {
    private let engine: LiveEngine
    private let listener: Listener
    private let snapLength: Int

    /// Starts capture.
    ///
    /// - Throws: ``LiveEngineError`` when nothing can be captured at all.
    package init(_ settings: LiveEngineSettings, hub: RecordHub, logger: Logger) throws(LiveEngineError) {
        listener = Listener(hub: hub, logger: logger)
        snapLength = settings.capture.snapLength
        engine = try LiveEngine(settings, listener: listener)
    }

    /// Ends capture; every request that was open is in the hub when this returns.
    package func stop() async { await engine.stop() }

    package func setFollowed(_ isFollowed: Bool) { engine.setFollowed(isFollowed) }

    package func activeRequests(
        before key: RequestKey?, limit: Int, matching filter: RequestFilter
    ) async -> [Lifecycle] {
        await engine.ask { loop in
            loop.correlator.open(before: key.map { ($0.first, $0.id) }, count: limit) { filter.matches($0) }
        } ?? []
    }

    package func activeRequests(matching prefix: RequestID.Prefix, limit: Int) async -> [Lifecycle] {
        await engine.ask { loop in loop.correlator.open(count: limit) { prefix.matches($0) } } ?? []
    }

    package func state() async -> WatchState {
        let snapLength = snapLength
        return await engine.ask { loop in
            var state = WatchState(started: loop.started)
            state.observedUntil = loop.capture.observedUntil
            state.totals = loop.correlator.summary
            let statistics = loop.capture.statistics()
            state.interfaces = statistics.map { interface in
                WatchState.Interface(interface, snapLength: snapLength, failure: loop.failures[interface.name])
            }
            for (name, reason) in loop.failures.sorted(by: { $0.key < $1.key })
            where !statistics.contains(where: { $0.name == name }) {
                var interface = WatchState.Interface(name: name, condition: .failed)
                interface.reason = reason
                state.interfaces.append(interface)
            }
            state.limits = Self.limits
            let early = statistics.reduce(0) { $0 + $1.deliveredEarly }
            if early > 0 {
                state.limits.append(
                    (
                        "order between interfaces",
                        "\(early) frames were read before quiet interfaces were waited for, because the ring was filling"
                    ))
            }
            if loop.lostNews > 0 {
                state.limits.append(
                    ("addresses and links", "the kernel's news were lost \(loop.lostNews) times and asked for anew"))
            }
            return state
        } ?? WatchState(started: .distantPast)
    }

    /// What this version does not look at.
    private static let limits: [(what: String, why: String)] = [
        ("process", "socket owners are not observed"),
        ("route", "the kernel's routes are not observed; the interface and the next hop's MAC are read from frames"),
        ("translation", "the kernel's NAT table is not observed"),
    ]

    /// What the engine's thread calls; it keeps nothing of its own.
    private struct Listener: LiveEngine.Listener {
        let hub: RecordHub
        let logger: Logger

        func finished(_ records: [Record]) { hub.finished(records) }
        func changed(_ requests: [Lifecycle]) { hub.changed(requests) }

        func noticed(_ notice: LiveNotice) {
            switch notice {
            case .opened(_, nil): logger.info("\(notice)")
            case .opened, .notOpened, .factsLost: logger.warning("\(notice)")
            case .closed: logger.notice("\(notice)")
            }
        }
    }
}

extension WatchState.Interface {
    fileprivate init(_ statistics: InterfaceStatistics, snapLength: Int, failure: String?) {
        self.init(
            name: statistics.name,
            condition: statistics.isOpen ? .capturing : failure == nil ? .down : .failed)
        reason = failure
        linkType = statistics.linkType
        self.snapLength = snapLength
        received = statistics.received
        droppedByKernel = statistics.droppedByKernel
        droppedByInterface = statistics.droppedByInterface
        cut = statistics.cut
    }
}
