import Model

/// How fast counters grew over the last ten seconds, from a look at them each second.
struct RateMeter {
    struct Counters: Equatable {
        var frames: UInt64 = 0
        var bytes: UInt64 = 0
        var dropped: UInt64 = 0
    }

    private struct Sample {
        var time: Timestamp
        var cpu: TimeSpan
        var interfaces: [String: Counters]
    }

    private static let interval = TimeSpan.seconds(1)
    private static let window = TimeSpan.seconds(10)

    private var samples: [Sample] = []

    /// Whether a second has passed since the last look.
    ///
    /// - Parameter now: by a clock that is never set back.
    func isDue(at now: Timestamp) -> Bool { samples.last.map { now - $0.time >= Self.interval } ?? true }

    /// Remembers a look; those that are older than ten seconds are forgotten, but for the youngest of them.
    mutating func note(_ interfaces: [String: Counters], cpu: TimeSpan, at now: Timestamp) {
        samples.append(Sample(time: now, cpu: cpu, interfaces: interfaces))
        while samples.count > 2, now - samples[1].time >= Self.window { samples.removeFirst() }
    }

    /// By the second; `nil` before the second look, and for an interface that was not there at the first one.
    func rate(of interface: String) -> InterfaceRate? {
        guard let (first, last, seconds) = ends, let before = first.interfaces[interface],
            let after = last.interfaces[interface]
        else { return nil }
        func rate(_ path: KeyPath<Counters, UInt64>) -> UInt64 {
            // A counter that fell began anew.
            let growth =
                after[keyPath: path] >= before[keyPath: path] ? after[keyPath: path] - before[keyPath: path] : 0
            return UInt64((Double(growth) / seconds).rounded())
        }
        return InterfaceRate(frames: rate(\.frames), bytes: rate(\.bytes), dropped: rate(\.dropped))
    }

    /// Processor time by the second.
    var cpu: TimeSpan? {
        ends.map { first, last, seconds in
            TimeSpan(nanoseconds: Int64((Double(last.cpu.nanoseconds &- first.cpu.nanoseconds) / seconds).rounded()))
        }
    }

    private var ends: (first: Sample, last: Sample, seconds: Double)? {
        guard let first = samples.first, let last = samples.last else { return nil }
        let seconds = Double((last.time - first.time).nanoseconds) / 1e9
        return seconds > 0 ? (first, last, seconds) : nil
    }
}
