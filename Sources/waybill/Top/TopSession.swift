import API
import Dispatch
import FoundationEssentials
import Glibc
import Synchronization
import Terminal

/// Joins the screen of `waybill top` with a terminal, the clock, signals and the daemon.
final class TopSession: Sendable {
    private let screen: Mutex<TopScreen>
    private let query: RequestQuery
    private let client: DaemonClient
    /// The requests that are there when it begins.
    private static let firstPage = 500

    /// What wakes the loop.
    private enum Event: Sendable {
        case bytes([UInt8])
        case resized
        case tick
        case signal(Int32)
        /// Somebody wants it to stop for a while (SIGTSTP).
        case stop
        /// It goes on after a stop, whoever stopped it (SIGCONT).
        case goOn
        case hangup
    }

    struct Ending { var signal: Int32? }

    init(_ screen: TopScreen, query: RequestQuery, client: DaemonClient) {
        self.screen = Mutex(screen)
        self.query = query
        self.client = client
    }

    /// Until somebody ends it. The terminal has been taken over and is given back by the caller.
    func run(on terminal: FullScreen) async throws -> Ending {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(256))
        let sources = Self.sources(continuation)
        defer { for source in sources { source.cancel() } }
        var following = follow()
        defer { following.cancel() }
        var keys = KeyReader()
        var writer = FrameWriter()
        var size = terminal.size
        resize(terminal, &size, &writer)
        try draw(&writer, on: terminal)
        for await event in events {
            var pressed: [Key] = []
            switch event {
            case .bytes(let bytes): pressed = keys.take(bytes)
            case .tick:
                // A sequence that has not gone on for a whole tick is none.
                pressed = keys.flush()
                screen.withLock { $0.tick(.now) }
                // A signal may come before anybody listens for it, or not at all (a serial line).
                if terminal.size != size { resize(terminal, &size, &writer) }
            case .resized: resize(terminal, &size, &writer)
            case .signal(let number): return Ending(signal: number)
            case .stop:
                terminal.lend()
                try takeBack(terminal)
                resize(terminal, &size, &writer)
            case .goOn:
                try takeBack(terminal)
                resize(terminal, &size, &writer)
            case .hangup: return Ending()
            }
            for key in pressed {
                switch screen.withLock({ $0.press(key) }) {
                case .quit: return Ending()
                // As Ctrl-Z does to other programs: all of the group, this one by its event.
                case .suspend: kill(0, SIGTSTP)
                case .ask:
                    following.cancel()
                    following = follow()
                case nil: break
                }
            }
            try draw(&writer, on: terminal)
        }
        return Ending()
    }

    private func draw(_ writer: inout FrameWriter, on terminal: FullScreen) throws {
        let (lines, isColored) = screen.withLock { ($0.frame(), $0.canvas.isColored) }
        let bytes = writer.bytes(for: lines, isColored: isColored)
        if !bytes.isEmpty { try terminal.write(bytes) }
    }

    /// After a stop nothing is known of the terminal: neither its modes, nor its size, nor what it shows.
    ///
    /// A shell's `bg` wakes it as well: then the terminal is another's, and it stops again. Where it cannot stop, it goes on
    /// rather than try for ever.
    private func takeBack(_ terminal: FullScreen) throws {
        var tries = 0
        while !terminal.isInForeground, tries < 8 {
            terminal.lend()
            tries += 1
        }
        try terminal.take()
    }

    private func resize(
        _ terminal: FullScreen, _ size: inout (columns: Int, rows: Int), _ writer: inout FrameWriter
    ) {
        size = terminal.size
        screen.withLock { [size] in $0.resize(columns: size.columns, rows: size.rows) }
        writer.forget()
    }

    private static func sources(_ events: AsyncStream<Event>.Continuation) -> [any DispatchSourceProtocol] {
        let queue = DispatchQueue(label: "waybill.top")
        var sources: [any DispatchSourceProtocol] = []
        let input = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: queue)
        input.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: 1024)
            let count = unsafe read(STDIN_FILENO, &buffer, buffer.count)
            if count > 0 {
                events.yield(.bytes(Array(buffer.prefix(count))))
            } else if count == 0 || errno != EINTR && errno != EAGAIN {
                events.yield(.hangup)
                input.cancel()
            }
        }
        sources.append(input)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { events.yield(.signal(number)) }
            sources.append(source)
        }
        for (number, event) in [(SIGTSTP, Event.stop), (SIGCONT, .goOn)] {
            if number == SIGTSTP { signal(number, SIG_IGN) }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { events.yield(event) }
            sources.append(source)
        }
        let resized = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: queue)
        resized.setEventHandler { events.yield(.resized) }
        sources.append(resized)
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now(), repeating: .milliseconds(200))
        timer.setEventHandler { events.yield(.tick) }
        sources.append(timer)
        for source in sources { source.activate() }
        return sources
    }

    /// Asks for what is there and follows; when the daemon goes away, again and again.
    private func follow() -> Task<Void, Never> {
        var query = query
        let generation: Int
        (query.expression, generation) = screen.withLock { ($0.filter, $0.generation) }
        return Task { [query] in
            while !Task.isCancelled {
                // Whatever it was that went wrong, it is tried again, and said meanwhile.
                try? await self.followOnce(query, generation)
                guard !Task.isCancelled else { return }
                self.screen.withLock { $0.connection = .lost }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func followOnce(_ query: RequestQuery, _ generation: Int) async throws {
        let stream = Task { try await readStream(query, generation) }
        defer { stream.cancel() }
        try await withTaskCancellationHandler {
            var first = query
            first.limit = Self.firstPage
            let page = try await client.requests(first)
            screen.withLock { $0.connection = .connected }
            for request in page.items { take(request, generation) }
            try await stream.value
        } onCancel: {
            stream.cancel()
        }
    }

    private func readStream(_ query: RequestQuery, _ generation: Int) async throws {
        let decoder = JSONDecoder()
        try await client.stream(query) { line in
            // A record of a newer daemon that cannot be read is passed over; the others can.
            guard let request = try? decoder.decode(Request.self, from: Data(line.utf8)) else { return }
            take(request, generation)
        }
    }

    private func take(_ request: Request, _ generation: Int) {
        screen.withLock { screen in
            if screen.generation == generation { screen.take(request) }
        }
    }
}
