import Benchmark
import CountedMemory

let allocations = BenchmarkMetric.custom("Allocations", polarity: .prefersSmaller, useScalingFactor: true)

/// `swift package benchmark`, or `make benchmarks`: decode by layer, correlate by kind of packet.
///
/// Each figure is for one packet, or one exchange where the name says so. Instructions read 0 where the machine does
/// not let programs count them.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .instructions, allocations], timeUnits: .nanoseconds, scalingFactor: .kilo,
        maxDuration: .seconds(2))
    decodeBenchmarks()
    correlateBenchmarks()
}

/// A benchmark of `work`, which keeps its state in what `prepare` makes; no packet of it may allocate if `isFree`.
func measure<State>(
    _ name: String, isFree: Bool = false, _ prepare: @escaping () -> State, _ work: @escaping (State) -> Void
) {
    var configuration = Benchmark.defaultConfiguration
    if isFree { configuration.thresholds = [allocations: BenchmarkThresholds(absolute: [.p50: 0, .p75: 0])] }
    Benchmark(name, configuration: configuration) { benchmark in
        let state = prepare()
        // What is made once, at the first packets, is not what a packet costs.
        for _ in 0..<100 { work(state) }
        let before = allocations_so_far()
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { work(state) }
        benchmark.stopMeasurement()
        benchmark.measurement(allocations, Int(allocations_so_far() - before))
    }
}
