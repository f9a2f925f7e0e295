// Capture's door for interfaces; CaptureFile is the one for files.

import Glibc
package import Model

/// The frames of several interfaces as one stream in the order of time.
///
///     var capture = try LiveCapture(settings)
///     try capture.open("lo")
///     try capture.open("eth0")
///     while running {
///         for event in capture.poll(timeout: .seconds(1), { frame, info in observe(frame, info) }) { … }
///     }
///
/// The kernel hands frames over in blocks, one interface at a time, up to ``LiveSettings/blockTimeout`` late. To keep
/// the order, a frame is lent when every other interface either showed a later one or had nothing pending ``lag``
/// after it: a DNS answer on `lo` comes before the connection on `eth0` that it led to. While a frame waits, those
/// behind it stay in the ring; when that risks drops, frames go without waiting and are counted
/// (``InterfaceStatistics/deliveredEarly``).
///
/// Frames are lent straight from the ring, without copy or allocation. A frame is copied only where the order passes
/// from one interface to another, because libpcap cannot look at a frame without taking it
/// (`docs/adr/0002-frames-in-order-across-interfaces.md`).
package struct LiveCapture: ~Copyable, @unchecked Sendable {
    // Sendable because the interfaces have exactly one owner, this value, which cannot be copied and lends none of them.

    /// Frames lent by one call of `poll` at most, about: the caller gets to do other things, a hundred times a second even
    /// in a flood in which each frame is a request.
    static let framesPerPoll = 4096

    /// As given, with every value inside its range.
    package private(set) var settings: LiveSettings
    /// Ends a wait from another thread.
    package let wakeSignal: WakeSignal
    /// A descriptor of the caller's that ends a wait as well, when there is something to read from it.
    package var alsoWaitsFor: CInt?
    /// Every frame before this time has been lent, as far as the kernel hands frames over in time.
    package private(set) var observedUntil = Timestamp.distantPast

    private var interfaces: [OpenInterface] = []
    /// All names ever opened; the index is the ``InterfaceID``.
    private var records: [InterfaceStatistics] = []
    private var pollSet: [pollfd] = []
    /// Interfaces in the order of `pollSet` after its first two entries, by index.
    private var polled: [Int] = []

    package init(_ settings: LiveSettings) throws(CaptureError) {
        self.settings = settings.clamped
        wakeSignal = try WakeSignal()
    }

    /// Begins to capture on an interface. A name that was open before gets its old number; one that is open, and still
    /// means the same interface, is left as it is.
    ///
    /// - Returns: the number, and what libpcap warned of.
    /// - Throws: ``CaptureError``: no such interface, down, no permission, an unsupported link type, a filter that does
    ///   not compile for it, or more names than there are numbers.
    @discardableResult
    package mutating func open(_ name: String) throws(CaptureError) -> (id: InterfaceID, warning: String?) {
        if let existing = interfaces.first(where: { $0.name == name }) {
            if existing.isCurrent { return (existing.id, existing.warning) }
            close(name)
        }
        let id: InterfaceID
        if let known = records.first(where: { $0.name == name }) {
            id = known.id
        } else {
            guard let next = UInt16(exactly: records.count) else {
                throw .interface(name, .tooMany(limit: Int(UInt16.max) + 1))
            }
            id = InterfaceID(next)
        }
        let interface = try OpenInterface(name, id: id, settings: settings)
        if Int(id.index) == records.count { records.append(InterfaceStatistics(id: id, name: name)) }
        records[Int(id.index)].isOpen = true
        records[Int(id.index)].linkType = interface.linkType
        interfaces.append(interface)
        return (id, interface.warning)
    }

    /// Looks from now on only at frames that pass `filter`, on interfaces that are open and those to come. Frames that the
    /// kernel has taken already stay.
    ///
    /// - Throws: ``CaptureError`` when it does not compile for one of them; then all keep the one they have.
    package mutating func setFilter(_ filter: String?) throws(CaptureError) {
        var compiled = CaptureFilter(filter ?? "")
        for interface in interfaces { try compiled.prepare(for: interface.linkType) }
        if interfaces.isEmpty { try compiled.prepare(for: .ethernet) }
        settings.filter = filter
        for interface in interfaces { try interface.setFilter(filter) }
    }

    /// Ends the capture on an interface; frames of it that were not lent yet are lost (``flush(_:)``).
    package mutating func close(_ name: String) {
        guard let index = interfaces.firstIndex(where: { $0.name == name }) else { return }
        let interface = interfaces.remove(at: index)
        interface.add(to: &records[Int(interface.id.index)])
        records[Int(interface.id.index)].isOpen = false
    }

    /// The names that are being captured, in the order in which they were opened.
    package var openNames: [String] { interfaces.map(\.name) }

    /// The name of an interface that was opened at some time.
    package func name(of id: InterfaceID) -> String? {
        Int(id.index) < records.count ? records[Int(id.index)].name : nil
    }

    /// Counters of every interface that was opened at some time, in the order of their numbers.
    package func statistics() -> [InterfaceStatistics] {
        var sums = records
        for interface in interfaces { interface.add(to: &sums[Int(interface.id.index)]) }
        return sums
    }

    /// Lends the frames whose turn has come, in the order of time; waits for the first one.
    ///
    /// Returns when frames were lent, when something happened, when ``wakeSignal`` was given, when ``alsoWaitsFor`` has
    /// something, or after `timeout`.
    /// `body` gets bytes that die when it returns.
    package mutating func poll(timeout: TimeSpan, _ body: (RawSpan, FrameInfo) -> Void) -> [LiveEvent] {
        let (sum, overflow) = Clock.monotonic().nanoseconds.addingReportingOverflow(max(0, timeout.nanoseconds))
        let end = overflow ? Int64.max : sum
        var events: [LiveEvent] = []
        while true {
            // The clock first: what is found empty afterwards was empty then.
            let now = Clock.realtime()
            let woken = look(waiting: .zero, &events, body)
            for interface in interfaces where !interface.isReady && interface.held == nil { interface.emptyAt = now }
            let count = merge(now: now, waitsForQuiet: true, &events, body)
            advanceObserved()
            let left = end &- Clock.monotonic().nanoseconds
            if count > 0 || woken || !events.isEmpty || left <= 0 { return events }
            let wait = min(left, waitForTurn(now: now).nanoseconds)
            if look(waiting: TimeSpan(nanoseconds: wait), &events, body) { return events }
        }
    }

    /// Lends all frames up to now, waiting no longer than the kernel may take to hand them over: for the end.
    package mutating func flush(_ body: (RawSpan, FrameInfo) -> Void) -> [LiveEvent] {
        var events: [LiveEvent] = []
        let now = Clock.realtime()
        let end = Clock.monotonic().nanoseconds &+ 2 &* settings.lag.nanoseconds
        while !interfaces.isEmpty, observedUntil < now, Clock.monotonic().nanoseconds < end {
            events += poll(timeout: settings.lag, body)
        }
        _ = merge(now: now, waitsForQuiet: false, &events, body)
        return events
    }

    // MARK: - Waiting

    /// Asks the kernel which interfaces have frames, or errors, and marks them; waits for one at most `waiting`.
    ///
    /// - Returns: whether the wake signal was given, or the caller's descriptor has something.
    private mutating func look(
        waiting: TimeSpan, _ events: inout [LiveEvent], _ body: (RawSpan, FrameInfo) -> Void
    ) -> Bool {
        pollSet.removeAll(keepingCapacity: true)
        polled.removeAll(keepingCapacity: true)
        pollSet.append(pollfd(fd: wakeSignal.descriptor, events: Int16(POLLIN), revents: 0))
        // A negative one is passed over.
        pollSet.append(pollfd(fd: alsoWaitsFor ?? -1, events: Int16(POLLIN), revents: 0))
        // One that has a frame held has more behind it and would end every wait at once.
        for (index, interface) in interfaces.enumerated() where interface.held == nil {
            pollSet.append(pollfd(fd: interface.descriptor, events: Int16(POLLIN), revents: 0))
            polled.append(index)
        }
        // Rounded up: a wait of less than a millisecond must not become a busy loop.
        let (milliseconds, rest) = waiting.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let duration = CInt(clamping: rest > 0 ? milliseconds + 1 : milliseconds)
        let found = unsafe pollSet.withUnsafeMutableBufferPointer { set in
            unsafe Glibc.poll(set.baseAddress, nfds_t(set.count), duration)
        }
        guard found > 0 else { return false }
        var failures: [(name: String, reason: String)] = []
        for (position, index) in polled.enumerated() {
            let seen = pollSet[position + 2].revents
            guard seen != 0 else { continue }
            interfaces[index].isReady = true
            if seen & ~Int16(POLLIN) != 0, let reason = interfaces[index].failureAfterSocketError() {
                failures.append((interfaces[index].name, reason))
            }
        }
        for failure in failures { fail(failure.name, failure.reason, &events, body) }
        if pollSet[0].revents != 0 { wakeSignal.reset() }
        return pollSet[0].revents != 0 || pollSet[1].revents != 0
    }

    /// Lends what a failed interface still has, out of turn, and closes it.
    private mutating func fail(
        _ name: String, _ reason: String, _ events: inout [LiveEvent], _ body: (RawSpan, FrameInfo) -> Void
    ) {
        guard let interface = interfaces.first(where: { $0.name == name }) else { return }
        interface.lendHeld(body)
        // More than any ring holds; nothing comes in any more.
        _ = interface.lend(until: .distantFuture, limit: 1 << 24, body)
        close(name)
        events.append(.closed(name: name, id: interface.id, reason: reason))
    }

    /// How long until the earliest held frame may go for lack of others.
    private func waitForTurn(now: Timestamp) -> TimeSpan {
        guard let time = earliestHeld()?.held?.time else { return TimeSpan(nanoseconds: .max) }
        var wait = time + settings.lag - now
        for interface in interfaces where interface.held != nil { wait = min(wait, interface.nextLook) }
        return max(.milliseconds(1), wait)
    }

    // MARK: - Order

    /// Lends frames as long as it is certain that no earlier one can follow, or that waiting is no longer right.
    private mutating func merge(
        now: Timestamp, waitsForQuiet: Bool, _ events: inout [LiveEvent], _ body: (RawSpan, FrameInfo) -> Void
    ) -> Int {
        var count = 0
        var failures: [(name: String, reason: String)] = []
        func lend(_ interface: OpenInterface, until bound: Timestamp) {
            let (lent, failure) = interface.lend(until: bound, limit: Self.framesPerPoll, body)
            count += lent
            // `now` was read before, so what is empty now was empty then.
            if !interface.isReady { interface.emptyAt = now }
            guard let failure else { return }
            interface.isReady = false
            failures.append((interface.name, failure))
        }
        for interface in interfaces where interface.isReady && interface.held == nil {
            lend(interface, until: horizon(without: interface, waitsForQuiet: waitsForQuiet))
        }
        while count < Self.framesPerPoll, let next = earliestHeld(), let time = next.held?.time {
            let certain = horizon(without: next, waitsForQuiet: waitsForQuiet)
            let before = count
            if time <= certain {
                next.lendHeld(body)
                count += 1
                lend(next, until: certain)
                continue
            }
            let known = horizon(without: next, waitsForQuiet: false)
            guard time <= known, waitedLongEnough(next) || next.isUnderPressure(now: now) else { break }
            next.lendHeld(body)
            count += 1
            lend(next, until: known)
            next.deliveredEarly &+= UInt64(truncatingIfNeeded: count - before)
        }
        for failure in failures { fail(failure.name, failure.reason, &events, body) }
        return count
    }

    private func earliestHeld() -> OpenInterface? {
        var earliest: OpenInterface?
        for interface in interfaces {
            guard let time = interface.held?.time else { continue }
            if let best = earliest?.held?.time, best <= time { continue }
            earliest = interface
        }
        return earliest
    }

    /// The time up to which no other interface can show a frame any more. Quiet ones do not count if they are not
    /// waited for.
    private func horizon(without interface: OpenInterface, waitsForQuiet: Bool) -> Timestamp {
        var bound = Timestamp.distantFuture
        for other in interfaces where other !== interface {
            if let time = other.held?.time {
                bound = min(bound, time)
            } else if other.isReady {
                // It has frames and their times are not known: nothing of another may pass before one was read.
                return .distantPast
            } else if waitsForQuiet {
                bound = min(bound, other.emptyAt - settings.lag)
            }
        }
        return bound
    }

    /// The clock may have been set back under a held frame, so the wait is limited by the other clock too.
    private func waitedLongEnough(_ interface: OpenInterface) -> Bool {
        Clock.monotonic().nanoseconds &- interface.heldSince.nanoseconds >= settings.lag.nanoseconds
    }

    private mutating func advanceObserved() {
        var until = Timestamp.distantFuture
        for interface in interfaces {
            if let time = interface.held?.time {
                until = min(until, time)
            } else if interface.isReady {
                until = min(until, interface.lastTime)
            } else {
                until = min(until, interface.emptyAt - settings.lag)
            }
        }
        if interfaces.isEmpty { until = Clock.realtime() }
        observedUntil = max(observedUntil, until)
    }
}

/// What happened to live capture besides frames.
package enum LiveEvent: Equatable, Sendable {
    /// The interface vanished or failed. It is closed, its frames so far have been lent, and whoever learns
    /// that it is back opens it again.
    case closed(name: String, id: InterfaceID, reason: String)
}
