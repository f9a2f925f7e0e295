import Dispatch
import Glibc
package import Model
import Synchronization

/// Takes finished records from their queue to disk, and keeps what is there within its bounds.
///
/// It works on a thread apart from those that capture and answer. Whatever goes wrong with the disk, it says so once,
/// leaves what has been recorded as it is, and tries again; meanwhile records wait in the queue, and what the queue has
/// no room for is counted as lost.
package actor HistoryKeeper {
    package struct Settings: Sendable, Equatable {
        package var directory: String
        /// Of the file on disk.
        package var byteLimit: Int64
        /// How long records are kept.
        package var span: TimeSpan
        /// How long records are gathered before they are written together: what the end of the process may cost.
        package var gathering = Duration.milliseconds(250)
        /// How soon what failed is tried again, at first.
        package var retry = Duration.seconds(5)
        /// How often it is looked whether something is to be dropped, and whether the file is still there.
        package var upkeep = Duration.seconds(30)

        package init(directory: String, byteLimit: Int64, span: TimeSpan) {
            self.directory = directory
            self.byteLimit = byteLimit
            self.span = span
        }
    }

    /// What the keeper needs of those around it.
    package struct Surroundings: Sendable {
        /// What time it is said to be.
        package var wall: @Sendable () -> Timestamp
        /// Makes the row of a record.
        package var encode: @Sendable (HistoryQueue.Entry) -> HistoryRow
        /// Called before anything is read or written, when the history has been opened for the first time.
        package var onOpen: @Sendable (_ latest: RequestKey?, _ serials: [HistoryKind: UInt64]) -> Void
        package var onNotice: @Sendable (HistoryNotice) -> Void

        package init(
            wall: @escaping @Sendable () -> Timestamp,
            encode: @escaping @Sendable (HistoryQueue.Entry) -> HistoryRow,
            onOpen: @escaping @Sendable (_ latest: RequestKey?, _ serials: [HistoryKind: UInt64]) -> Void = { _, _ in },
            onNotice: @escaping @Sendable (HistoryNotice) -> Void = { _ in }
        ) {
            self.wall = wall
            self.encode = encode
            self.onOpen = onOpen
            self.onNotice = onNotice
        }
    }

    nonisolated package let settings: Settings
    nonisolated package let queue: HistoryQueue
    private let surroundings: Surroundings
    private nonisolated let thread = HistoryThread()
    nonisolated package var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// The open file, for readers.
    private nonisolated let shared = Mutex<HistoryFile?>(nil)
    private nonisolated let published: Mutex<HistoryState>
    private nonisolated let wake: AsyncStream<Void>.Continuation
    private nonisolated let wakes: AsyncStream<Void>

    private var lock: DirectoryLock?
    private var file: HistoryFile?
    private var trouble: HistoryTrouble?
    private var hasOpened = false
    private var retention: RetentionClock
    private var nextTry = ContinuousClock.now
    private var pause: Duration
    private var nextUpkeep = ContinuousClock.now
    private let began = ContinuousClock.now

    /// Records of one transaction, and how many of them may be requests without an answer: a flood of those is neither
    /// worth the processor nor what it would push out of the file.
    private static let batch = 1024
    private static let unansweredInBatch = 64
    private static let longestPause = Duration.seconds(60)
    /// Records that are dropped in one transaction, and such transactions before others have their turn.
    private static let dropSlice = 512
    private static let dropSlices = 16
    /// Pages that are given back to the file system in one go.
    private static let shrinkSlice = 4096
    /// Of the limit, for the log beside the file.
    private static let logShare: Int64 = 8
    private static let logLimit: Int64 = 8 << 20

    package init(_ settings: Settings, queue: HistoryQueue = HistoryQueue(), _ surroundings: Surroundings) {
        self.settings = settings
        self.queue = queue
        self.surroundings = surroundings
        retention = RetentionClock(span: settings.span)
        pause = settings.retry
        published = Mutex(HistoryState(settings))
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// What a file may grow to, its log aside.
    private var fileLimit: Int64 { settings.byteLimit - min(Self.logLimit, settings.byteLimit / Self.logShare) }

    // MARK: Running

    /// Opens the history and works until ``stop()``; then writes what waits and closes it.
    package func run() async {
        let (wake, gathering, retry) = (wake, settings.gathering, settings.retry)
        queue.onFirst {
            Task {
                try? await Task.sleep(for: gathering)
                wake.yield()
            }
        }
        let ticker = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: retry)
                wake.yield()
            }
        }
        await step()
        for await _ in wakes { await step() }
        ticker.cancel()
        finish()
    }

    /// Ends ``run()``.
    package nonisolated func stop() { wake.finish() }

    private func step() async {
        if file == nil || trouble != nil, ContinuousClock.now >= nextTry { open() }
        guard file != nil, trouble == nil else { return publish() }
        await flush()
        if ContinuousClock.now >= nextUpkeep { upkeep() }
        publish()
    }

    private func open() {
        if trouble.map(\.wantsReopening) ?? true {
            close()
            do throws(HistoryTrouble) {
                // The directory may be another one by now.
                lock = nil
                lock = try DirectoryLock(settings.directory)
                let file = try HistoryFile(in: settings.directory)
                adopt(file)
            } catch {
                return meet(error)
            }
        }
        guard let file else { return }
        if file.isReadOnly { return meet(.readOnly(file.path)) }
        guard let known = trouble else { return }
        // Whether it works again shows when it is tried.
        guard queue.isEmpty || write(queue.take(Self.batch, unanswered: Self.unansweredInBatch)) else { return }
        trouble = nil
        pause = settings.retry
        surroundings.onNotice(.recovered(known, lost: queue.lost))
    }

    private func adopt(_ file: HistoryFile) {
        let extent = (try? file.extent()) ?? HistoryFile.Extent()
        if !hasOpened {
            surroundings.onOpen(extent.latestKey, extent.latestSerials)
            surroundings.onNotice(
                .opened(file.path, records: extent.counts.values.reduce(0, +), byteCount: extent.byteCount))
            _ = retention.cutoff(wall: surroundings.wall(), steady: steady, newest: extent.latest)
        }
        hasOpened = true
        self.file = file
        shared.withLock { $0 = file }
        publish()
    }

    private func close() {
        shared.withLock { $0 = nil }
        file?.close()
        file = nil
    }

    private func finish() {
        if trouble == nil {
            while file != nil, write(queue.take(Self.batch, unanswered: Self.unansweredInBatch)) {}
        }
        publish()
        close()
        lock = nil
    }

    // MARK: Writing

    private func flush() async {
        var unanswered = Self.unansweredInBatch
        while !Task.isCancelled {
            let started = ContinuousClock.now
            guard write(queue.take(Self.batch, unanswered: unanswered)), !queue.isEmpty else { break }
            unanswered = 0
            // However much there is to write, no more than half of a processor.
            try? await Task.sleep(for: started.duration(to: .now))
        }
        // What is left of a flood has its turn with the next records.
        guard trouble == nil, !queue.isEmpty else { return }
        let (wake, gathering) = (wake, settings.gathering)
        Task {
            try? await Task.sleep(for: gathering)
            wake.yield()
        }
    }

    /// - Returns: whether there were records, and they are on disk.
    private func write(_ entries: [HistoryQueue.Entry]) -> Bool {
        guard !entries.isEmpty, let file else { return false }
        do throws(HistoryTrouble) {
            try file.write(entries.map(surroundings.encode))
            published.withLock { $0.written &+= UInt64(entries.count) }
            keepWithinSize()
            return true
        } catch {
            queue.putBack(entries)
            meet(error)
            return false
        }
    }

    private func meet(_ error: HistoryTrouble) {
        if error.isDamage {
            do throws(HistoryTrouble) {
                try putAside()
                return
            } catch {
                return meet(error)
            }
        }
        if trouble != error { surroundings.onNotice(.trouble(error)) }
        // The same trouble again is looked for ever more rarely.
        pause = trouble == error ? min(pause * 2, Self.longestPause) : settings.retry
        trouble = error
        nextTry = .now + pause
        publish()
    }

    /// A damaged file is kept, under another name, and a new one begun.
    private func putAside() throws(HistoryTrouble) {
        let path = settings.directory + "/" + HistoryFile.name
        close()
        let aside = try DamagedFiles.putAside(path, at: surroundings.wall())
        surroundings.onNotice(.putAside(path, as: aside))
        published.withLock { $0.aside.append(aside) }
        adopt(try HistoryFile(in: settings.directory))
        trouble = nil
    }

    // MARK: Upkeep

    private var steady: TimeSpan {
        let (seconds, attoseconds) = began.duration(to: .now).components
        return TimeSpan(nanoseconds: seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)
    }

    private func keepWithinSize() {
        guard let file else { return }
        do throws(HistoryTrouble) {
            for _ in 0..<Self.dropSlices {
                let count = try file.drop(beyond: fileLimit, limit: Self.dropSlice)
                published.withLock { $0.droppedForSize &+= UInt64(count) }
                if count < Self.dropSlice { return }
            }
            nextUpkeep = .now
        } catch {
            meet(error)
        }
    }

    private func upkeep() {
        guard let file else { return }
        nextUpkeep = .now + settings.upkeep
        guard file.isInPlace else {
            return meet(.failed(file.path, reason: "the file has been moved or removed"))
        }
        keepWithinSize()
        guard trouble == nil else { return }
        do throws(HistoryTrouble) {
            let newest = published.withLock { $0.newest }
            if let cutoff = retention.cutoff(wall: surroundings.wall(), steady: steady, newest: newest) {
                for _ in 0..<Self.dropSlices {
                    let count = try file.drop(before: cutoff, limit: Self.dropSlice)
                    published.withLock { $0.droppedForAge &+= UInt64(count) }
                    if count < Self.dropSlice { break }
                    nextUpkeep = .now
                }
            }
            if try file.shrink(to: fileLimit, limit: Self.shrinkSlice) { nextUpkeep = .now }
        } catch {
            meet(error)
        }
    }

    /// Waits until opening has been tried once, for a second at most: who asks right after the start shall see it all.
    package nonisolated func settled() async {
        for _ in 0..<200 {
            if published.withLock({ $0.isReadable || $0.trouble != nil }) || Task.isCancelled { return }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func publish() {
        let extent = file.flatMap { try? $0.extent() }
        published.withLock { state in
            state.trouble = trouble
            state.isReadable = file != nil
            state.isHolding = retention.isHolding
            guard let extent else { return }
            state.counts = extent.counts
            state.byteCount = extent.byteCount
            state.oldest = extent.oldest
            state.newest = extent.latest
        }
    }

    // MARK: Reading

    /// How it goes, at once: nobody waits for the disk.
    package nonisolated var state: HistoryState {
        var state = published.withLock { $0 }
        state.lost = queue.lost
        state.waiting = queue.waiting
        return state
    }

    /// The history for reading; `nil` while there is none.
    package nonisolated var reader: HistoryReader? {
        shared.withLock { $0 }.map { file in
            HistoryReader(file) { [weak self] error in
                guard let self else { return }
                Task { await self.readingFailed(error) }
            }
        }
    }

    private func readingFailed(_ error: HistoryTrouble) {
        guard file != nil, trouble == nil else { return }
        meet(error)
        if trouble?.wantsReopening ?? false { close() }
    }
}

/// A serial executor on a queue of its own: the disk may keep it waiting, and nobody else.
private final class HistoryThread: SerialExecutor {
    private let queue = DispatchQueue(label: "waybill.history")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
