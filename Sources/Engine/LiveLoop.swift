import Capture
import Correlate
import Host
import Model

/// capture → decode → correlate for live interfaces, with the kernel's facts woven in: what the engine's thread runs.
struct LiveLoop: ~Copyable {
    private var capture: LiveCapture
    private(set) var correlator: Correlator
    private var settings: LiveEngineSettings
    private let started: Timestamp
    private var watcher: LinkWatcher<KernelNetlinkSocket>
    let host: HostWatcher
    private let listener: any LiveEngine.Listener
    private let courier: Courier
    /// Why an interface that should be captured is not: told once, tried again.
    private var failures: [String: String] = [:]
    /// Why the kernel's news cannot be had, told once for as long as it lasts.
    private var newsFailure: String?
    /// Interfaces that are open and down.
    private var down: Set<String> = []
    private var nextRetry = Timestamp.distantPast
    private var nextAdvance = Timestamp.distantPast
    private var rates = RateMeter()

    /// Due requests are looked at this often when no frame comes.
    private static let pause = TimeSpan.milliseconds(200)
    private static let retryInterval = TimeSpan.seconds(1)

    /// Learns of the host's interfaces and opens those that are wanted.
    ///
    /// - Throws: ``LiveEngineError`` when nothing can be captured at all.
    static func begin(
        _ settings: LiveEngineSettings, listener: any LiveEngine.Listener, through courier: Courier
    ) throws(LiveEngineError) -> LiveLoop {
        var watcher = try Self.watcher()
        let facts = try Self.synchronise(&watcher)
        let links = watcher.links
        for name in settings.interfaces where !links.contains(where: { $0.name == name }) {
            throw .noSuchInterface(name: name, existing: links.map(\.name))
        }
        var loop = LiveLoop(
            settings, capture: try capture(settings.capture), watcher: watcher,
            host: try host(settings.host, through: courier), listener: listener, courier: courier)
        for fact in facts { loop.correlator.learn(fact) }
        // One that cannot be opened is a notice; none that can is the end, and its error says it all. Not so without the
        // permission: what the kernel tells without it is told, and the rest said to be lost.
        let problems = loop.reopen()
        if let problem = problems.first, loop.capture.openNames.isEmpty, !problem.error.isForbidden {
            throw .capture(problem.error)
        }
        loop.note(problems)
        for source in loop.host.sources {
            if let trouble = source.trouble {
                loop.tell(.sourceMissing(name: source.name.rawValue, reason: trouble))
            }
        }
        return loop
    }

    private init(
        _ settings: LiveEngineSettings, capture: consuming LiveCapture,
        watcher: consuming LinkWatcher<KernelNetlinkSocket>, host: HostWatcher,
        listener: any LiveEngine.Listener, courier: Courier
    ) {
        self.courier = courier
        self.host = host
        self.capture = capture
        self.watcher = watcher
        self.listener = listener
        correlator = Correlator(settings.correlator)
        correlator.notesQuestions = true
        started = HostClock.now
        self.settings = settings
    }

    private static func watcher() throws(LiveEngineError) -> LinkWatcher<KernelNetlinkSocket> {
        do throws(NetlinkError) { return try LinkWatcher() } catch { throw .links(error) }
    }

    private static func host(
        _ settings: HostSettings, through courier: Courier
    ) throws(LiveEngineError) -> HostWatcher {
        do throws(NetlinkError) { return try HostWatcher(settings, through: courier) } catch { throw .links(error) }
    }

    private static func synchronise(
        _ watcher: inout LinkWatcher<KernelNetlinkSocket>
    ) throws(LiveEngineError) -> [Fact] {
        do throws(NetlinkError) { return try watcher.synchronise() } catch { throw .links(error) }
    }

    private static func capture(_ settings: LiveSettings) throws(LiveEngineError) -> LiveCapture {
        do throws(CaptureError) { return try LiveCapture(settings) } catch { throw .capture(error) }
    }

    var wakeSignal: WakeSignal { capture.wakeSignal }

    /// - Throws: ``LiveEngineError``, and nothing has changed.
    mutating func adopt(_ new: LiveEngineSettings) throws(LiveEngineError) {
        let links = watcher.links
        for name in new.interfaces
        where !settings.interfaces.contains(name) && !links.contains(where: { $0.name == name }) {
            throw .noSuchInterface(name: name, existing: links.map(\.name))
        }
        if new.capture.filter != settings.capture.filter {
            do throws(CaptureError) { try capture.setFilter(new.capture.filter) } catch { throw .capture(error) }
        }
        settings = new
        correlator.adoptTimeouts(of: new.correlator)
        host.adopt(new.host)
        for name in capture.openNames where !isWanted(name) { close(name, reason: "it is no longer to be captured") }
        nextRetry = .distantPast
    }

    private func isWanted(_ name: String) -> Bool {
        settings.interfaces.isEmpty || settings.interfaces.contains(name)
    }

    private mutating func open(_ name: String) throws(CaptureError) {
        let (id, warning) = try capture.open(name)
        correlator.setName(name, of: id)
        failures[name] = nil
        tell(.opened(name: name, warning: warning))
    }

    /// Tells each problem once.
    private mutating func note(_ problems: [(name: String, error: CaptureError)]) {
        for (name, error) in problems {
            let notice = LiveNotice.notOpened(name: name, reason: error.description)
            guard failures[name] != notice.description else { continue }
            failures[name] = notice.description
            tell(notice)
        }
    }

    /// One batch of frames, or a pause; then the kernel's news, and what is due.
    mutating func turn(isFollowed: Bool) {
        correlator.notesChanges = isFollowed
        var events: [LiveEvent] = []
        // The closure may not touch `self` while `capture` is being used: it works on the correlator alone.
        let host = host
        func observe(_ capture: inout LiveCapture, _ correlator: inout Correlator) {
            var isFirst = true
            events = capture.poll(timeout: Self.pause) { frame, info in
                // Frames come some milliseconds after they passed: what the kernel told of them meanwhile comes first, or
                // both sides of a translation would be two requests until then.
                if isFirst { for fact in host.takeFacts() { correlator.learn(fact) } }
                isFirst = false
                correlator.observe(frame, info)
            }
        }
        observe(&capture, &correlator)
        for case .closed(let name, _, let reason) in events {
            tell(.closed(name: name, reason: reason))
        }
        learn()
        measure()
        // By a clock that nobody sets back: what is due is due, whatever the time of day.
        let now = HostClock.monotonic
        if now >= nextAdvance {
            nextAdvance = now + Self.pause
            // Time passes only as far as every interface has been read.
            correlator.advance(to: min(HostClock.now, capture.observedUntil))
        }
        if now >= nextRetry {
            nextRetry = now + Self.retryInterval
            note(reopen())
        }
        handOver()
    }

    private mutating func learn() {
        // Facts first: what they have told already need not be asked.
        for fact in host.takeFacts() { correlator.learn(fact) }
        let questions = correlator.takeQuestions()
        if !questions.isEmpty { host.ask(questions) }
        let facts: [Fact]
        do throws(NetlinkError) { facts = try watcher.receive() } catch {
            if newsFailure != error.description { tell(.factsLost(error.description)) }
            newsFailure = error.description
            // What fails again and again is asked again when the pause is over.
            capture.alsoWaitsFor = nil
            guard let fresh = try? LinkWatcher() else { return }
            watcher = fresh
            correlator.learn(Fact(time: HostClock.now, body: .addressesForgotten))
            return
        }
        newsFailure = nil
        // An interface that comes up is opened at once: the first frames of a container are its lookups.
        capture.alsoWaitsFor = watcher.fileDescriptor
        for fact in facts {
            correlator.learn(fact)
            switch fact.body {
            case .link(let link): follow(link)
            case .linkRemoved(_, let name):
                close(name, reason: "it was removed")
                failures[name] = nil
                down.remove(name)
            case .resynchronised(let missed): tell(.factsLost(missed))
            case .addressAdded, .addressRemoved, .addressesForgotten, .socketOwner, .translation, .untranslated,
                .translationsMissed, .insertsFailed, .insertsRefused, .route, .portsScarce, .unsent:
                break
            }
        }
    }

    private mutating func measure() {
        let now = HostClock.monotonic
        guard rates.isDue(at: now) else { return }
        var counters: [String: RateMeter.Counters] = [:]
        for interface in capture.statistics() {
            let dropped = (interface.droppedByKernel ?? 0) &+ (interface.droppedByInterface ?? 0)
            counters[interface.name] = RateMeter.Counters(
                frames: interface.delivered, bytes: interface.bytes, dropped: dropped)
        }
        rates.note(counters, cpu: OwnUsage.cpu, at: now)
    }

    /// What is open stays so while it is down, and its frames are read from the first one on when it is up again.
    private mutating func follow(_ link: LinkState) {
        guard isWanted(link.name) else { return }
        let isOpen = capture.openNames.contains(link.name)
        if link.isUp {
            if down.remove(link.name) != nil, isOpen { tell(.opened(name: link.name, warning: nil)) }
            nextRetry = .distantPast
        } else if isOpen, down.insert(link.name).inserted {
            tell(.closed(name: link.name, reason: "it was set down"))
        }
    }

    private mutating func close(_ name: String, reason: String) {
        guard capture.openNames.contains(name) else { return }
        capture.close(name)
        tell(.closed(name: name, reason: reason))
    }

    /// Opens what is up, wanted and not captured: new interfaces, and those that came back.
    ///
    /// - Returns: what cannot be opened, and why.
    private mutating func reopen() -> [(name: String, error: CaptureError)] {
        let open = Set(capture.openNames)
        var problems: [(name: String, error: CaptureError)] = []
        for link in watcher.links where link.isUp && isWanted(link.name) && !open.contains(link.name) {
            do throws(CaptureError) { try self.open(link.name) } catch { problems.append((link.name, error)) }
        }
        return problems
    }

    /// The listener is told of all by the courier: a request is forgotten here before it is kept there, and whoever asks
    /// for both gets the answer behind it.
    private mutating func handOver() {
        let listener = listener
        if correlator.hasFinished {
            let records = correlator.takeFinished()
            courier.carry(records.count) { listener.finished(records) }
        }
        if correlator.hasChanged {
            let requests = correlator.takeChanged()
            courier.carry(requests.count) { listener.changed(requests) }
        }
    }

    private func tell(_ notice: LiveNotice) {
        let listener = listener
        courier.carry { listener.noticed(notice) }
    }

    /// Reads what the kernel still holds and completes every request.
    mutating func end() {
        defer { host.stop() }
        capture.alsoWaitsFor = nil
        func flush(_ capture: inout LiveCapture, _ correlator: inout Correlator) {
            _ = capture.flush { frame, info in correlator.observe(frame, info) }
        }
        flush(&capture, &correlator)
        for fact in host.takeFacts() { correlator.learn(fact) }
        while correlator.finish(atMost: 4096) { handOver() }
        handOver()
    }
}

extension LiveLoop {
    /// The correlator's, and the tables of those who ask the kernel.
    private var summary: Summary {
        var summary = correlator.summary
        summary.tables += host.tables
        return summary
    }

    /// How capture goes, now.
    var state: LiveState {
        let statistics = capture.statistics()
        let links = watcher.links
        var interfaces = statistics.map { interface in
            var state = InterfaceState(
                name: interface.name,
                condition: interface.isOpen
                    ? down.contains(interface.name) ? .down : .capturing
                    : failures[interface.name] != nil
                        ? .failed : links.contains { $0.name == interface.name } ? .down : .gone)
            state.reason = interface.isOpen ? nil : failures[interface.name]
            state.linkType = interface.linkType
            state.snapLength = interface.isOpen ? settings.capture.snapLength : nil
            state.received = interface.received
            state.droppedByKernel = interface.droppedByKernel
            state.droppedByInterface = interface.droppedByInterface
            state.cut = interface.cut
            state.deliveredEarly = interface.deliveredEarly
            state.rate = interface.isOpen ? rates.rate(of: interface.name) : nil
            return state
        }
        for (name, reason) in failures.sorted(by: { $0.key < $1.key })
        where !statistics.contains(where: { $0.name == name }) {
            var state = InterfaceState(name: name, condition: .failed)
            state.reason = reason
            state.cut = 0
            interfaces.append(state)
        }
        return LiveState(
            started: started, observedUntil: capture.observedUntil, interfaces: interfaces,
            summary: summary, lostNews: watcher.overruns, host: host.sources, cpuRate: rates.cpu)
    }
}
