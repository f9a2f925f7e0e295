import API
import Model
import Report

extension API.Status {
    /// Without what tells how much others do, for whoever does not see everything.
    func restricted() -> API.Status {
        var status = self
        (status.scope, status.totals, status.interfaces, status.daemon, status.history) = (.own, nil, [], nil, nil)
        return status
    }

    init(_ state: WatchState, version: String, now: Timestamp, _ renderer: RecordRenderer) {
        self.init(
            version: version, started: Time(nanoseconds: state.started.nanoseconds),
            uptime: Milliseconds(nanoseconds: (now - state.started).nanoseconds),
            observedUntil: state.observedUntil.map { Time(nanoseconds: $0.nanoseconds) },
            interfaces: state.interfaces.map { InterfaceStatus($0) }, totals: renderer.summary(state.totals),
            limits: state.limits.map { Limit(what: $0.what, why: $0.why) })
        daemon = state.usage.map { DaemonProcess($0, cpuRate: state.cpuRate) }
        scope = .all
        checks = captureChecks(at: now, state) + state.checks.map { API.Check($0) }
    }
}

extension API.Check {
    init(_ check: Model.Check) {
        let state: State =
            switch check.state {
            case .ok: .ok
            case .limited: .limited
            case .lost: .lost
            case .unknown: .unknown
            }
        self.init(check.name, state, check.finding, lost: check.lost, fix: check.fix)
    }
}

extension DaemonProcess {
    init(_ usage: DaemonUsage, cpuRate: TimeSpan?) {
        self.init(
            pid: usage.pid, cpu: Milliseconds(nanoseconds: usage.cpu.nanoseconds),
            cpuPerSecond: cpuRate.map { Milliseconds(nanoseconds: $0.nanoseconds) }, resident: usage.resident,
            peakResident: usage.peakResident, threads: usage.threads, openFiles: usage.openFiles,
            openFilesLimit: usage.openFilesLimit)
    }
}

extension InterfaceStatus {
    init(_ interface: InterfaceState) {
        let state: State =
            switch interface.condition {
            case .capturing: .capturing
            case .down: .down
            case .gone: .gone
            case .failed: .failed
            }
        self.init(
            name: interface.name, state: state, reason: interface.reason, linkType: interface.linkType?.name,
            snapLength: interface.snapLength, received: interface.received,
            droppedByKernel: interface.droppedByKernel, droppedByInterface: interface.droppedByInterface,
            cut: interface.cut)
        framesPerSecond = interface.rate?.frames
        bytesPerSecond = interface.rate?.bytes
        droppedPerSecond = interface.rate?.dropped
    }
}
