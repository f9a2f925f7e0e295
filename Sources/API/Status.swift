/// The daemon's own state.
package struct Status: Sendable, Equatable, Decodable {
    package var version: String
    package var started: Time
    package var uptime: Milliseconds
    /// Everything that happened before this time has been taken into account.
    package var observedUntil: Time?
    package var interfaces: [InterfaceStatus]
    /// Totals since the start; its tables are those of the correlator and the store. Absent for whoever sees only some
    /// requests.
    package var totals: Summary?
    /// What cannot be known on this host now, and why.
    package var limits: [Limit]
    /// What answers depend on, and whether it is there; a daemon of an earlier version does not say.
    package var checks: [Check]?
    /// What it takes of the host; a daemon of an earlier version does not say.
    package var daemon: DaemonProcess?
    /// What stands on disk; absent where nothing does, and for whoever sees only some requests.
    package var history: HistoryStatus?
    /// Whose requests whoever asks may see; a daemon of an earlier version shows all, and does not say.
    package var scope: Scope?

    package enum Scope: String, Sendable, Decodable, CaseIterable {
        /// Everybody's, and all that belongs to the host.
        case all
        /// Those of its own user; `interfaces` is empty then, and `totals` absent.
        case own
    }

    private enum CodingKeys: String, CodingKey {
        case version, started, interfaces, totals, limits, checks, daemon, history, scope
        case uptime = "uptime_ms"
        case observedUntil = "observed_until"
    }

    /// Something that Waybill does not know here.
    package struct Limit: Sendable, Equatable, Decodable {
        /// `socket_owners`, `routes`, …
        package var what: String
        /// One sentence.
        package var why: String

        package init(what: String, why: String) {
            self.what = what
            self.why = why
        }
    }

    package init(
        version: String, started: Time, uptime: Milliseconds, observedUntil: Time?, interfaces: [InterfaceStatus],
        totals: Summary?, limits: [Limit], checks: [Check]? = nil,
        daemon: DaemonProcess? = nil, history: HistoryStatus? = nil, scope: Scope? = nil
    ) {
        self.version = version
        self.started = started
        self.uptime = uptime
        self.observedUntil = observedUntil
        self.interfaces = interfaces
        self.totals = totals
        self.limits = limits
        self.checks = checks
        self.daemon = daemon
        self.history = history
        self.scope = scope
    }
}

/// One interface and its counters since it was opened. A counter that libpcap does not know is absent, not 0.
package struct InterfaceStatus: Sendable, Equatable, Decodable {
    package var name: String
    package var state: State
    /// Why it is not capturing, in one sentence.
    package var reason: String?
    package var linkType: String?
    /// Bytes kept of each frame.
    package var snapLength: Int?
    package var received: UInt64?
    package var droppedByKernel: UInt64?
    package var droppedByInterface: UInt64?
    /// Frames that the snap length cut.
    package var cut: UInt64?
    /// Over the last ten seconds, or since it was opened; absent before there was a second.
    package var framesPerSecond: UInt64?
    /// As long as they were on the wire.
    package var bytesPerSecond: UInt64?
    /// By the kernel and the interface.
    package var droppedPerSecond: UInt64?

    package enum State: String, Sendable, Decodable, CaseIterable {
        case capturing, down, gone, failed
    }

    private enum CodingKeys: String, CodingKey {
        case name, state, reason, received, cut
        case linkType = "link_type"
        case snapLength = "snap_length"
        case droppedByKernel = "dropped_by_kernel"
        case droppedByInterface = "dropped_by_interface"
        case framesPerSecond = "frames_per_second"
        case bytesPerSecond = "bytes_per_second"
        case droppedPerSecond = "dropped_per_second"
    }

    package init(
        name: String, state: State, reason: String? = nil, linkType: String? = nil, snapLength: Int? = nil,
        received: UInt64? = nil, droppedByKernel: UInt64? = nil, droppedByInterface: UInt64? = nil, cut: UInt64? = nil
    ) {
        self.name = name
        self.state = state
        self.reason = reason
        self.linkType = linkType
        self.snapLength = snapLength
        self.received = received
        self.droppedByKernel = droppedByKernel
        self.droppedByInterface = droppedByInterface
        self.cut = cut
    }
}

extension Status: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("version", version)
        writer.field("started", started)
        writer.field("uptime_ms", uptime)
        writer.field("observed_until", observedUntil)
        writer.field("interfaces", interfaces)
        if let totals {
            writer.key("totals")
            totals.write(to: &writer, asRecord: false)
        }
        writer.field("limits", limits)
        writer.field("daemon", daemon)
        writer.field("history", history)
        if let checks { writer.field("checks", checks) }
        writer.field("scope", scope)
        writer.endObject()
    }
}

extension Status.Limit: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("what", what)
        writer.field("why", why)
        writer.endObject()
    }
}

extension InterfaceStatus: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("state", state)
        writer.field("reason", reason)
        writer.field("link_type", linkType)
        writer.field("snap_length", snapLength)
        writer.field("received", received)
        writer.field("dropped_by_kernel", droppedByKernel)
        writer.field("dropped_by_interface", droppedByInterface)
        writer.field("cut", cut)
        writer.field("frames_per_second", framesPerSecond)
        writer.field("bytes_per_second", bytesPerSecond)
        writer.field("dropped_per_second", droppedPerSecond)
        writer.endObject()
    }
}
