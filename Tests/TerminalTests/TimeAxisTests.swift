import API
import Testing

@testable import Terminal

@Suite struct TimeAxisTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Start and length in milliseconds; the request itself begins at 0.
        var name: (Double, Double)?
        var connect: (Double, Double)
        var close: (Double, Double)
        /// Milliseconds.
        var start: Double
        var end: Double
    }

    @Test(arguments: [
        Example(
            testDescription: "a lookup right before", name: (-20, 19), connect: (0, 30), close: (30, 1), start: -20,
            end: 31),
        Example(
            testDescription: "a slow lookup", name: (-5000, 4999), connect: (0, 30), close: (30, 1), start: -5000,
            end: 31),
        Example(
            testDescription: "an old answer", name: (-5000, 20), connect: (0, 30), close: (30, 1), start: 0, end: 31),
        Example(
            testDescription: "closed after a while", name: nil, connect: (0, 30), close: (100, 1), start: 0, end: 101),
        Example(
            testDescription: "closed after an hour", name: nil, connect: (0, 30), close: (3_600_000, 1), start: 0,
            end: 30),
    ])
    func spansTheWork(_ example: Example) {
        var stages: [Stage] = []
        if let name = example.name {
            stages.append(Stage(.name, .ok, start: Samples.after(name.0), duration: Samples.span(name.1)))
        }
        stages.append(
            Stage(.connect, .ok, start: Samples.after(example.connect.0), duration: Samples.span(example.connect.1)))
        stages.append(
            Stage(.close, .ok, start: Samples.after(example.close.0), duration: Samples.span(example.close.1)))
        var request = Samples.made(
            "a", to: Samples.side("192.0.2.1", 80), at: 0, took: example.close.0 + example.close.1, outcome: .ok)
        request.stages = stages
        let axis = TimeAxis(request)
        #expect(axis.start == Samples.after(example.start))
        #expect(axis.end == Samples.after(example.end))
    }

    @Test func survivesTimesAtTheEdgesOfTheRange() {
        for first in [Int64.min, 0, .max] {
            for last in [Int64.min, 0, .max] {
                for start in [Int64.min, 0, .max] {
                    for duration in [Int64.min, 0, .max] {
                        var request = Samples.page
                        request.first = Time(nanoseconds: first)
                        request.last = Time(nanoseconds: last)
                        request.duration = Milliseconds(microseconds: duration)
                        request.stages = [
                            Stage(
                                .connect, .failed, start: Time(nanoseconds: start),
                                duration: Milliseconds(microseconds: duration)),
                            Stage(.exchange, .pending, start: Time(nanoseconds: start)),
                            Stage(.close, .ok, start: Time(nanoseconds: last)),
                        ]
                        for line in Waterfall(request, on: Canvas(), clock: Samples.clock).lines() {
                            #expect(line.width <= 80)
                        }
                        #expect(RequestTable(on: Canvas(), clock: Samples.clock).lines([request]).count == 2)
                    }
                }
            }
        }
    }

    @Test(arguments: [(0.0, 1), (1, 5), (145, 3), (3_600_000, 4), (0.003, 4)])
    func ticksAreApartAndRise(_ milliseconds: Double, _ most: Int) {
        var request = Samples.made("a", to: Samples.side("192.0.2.1", 80), at: 0, took: milliseconds, outcome: .ok)
        request.stages = [Stage(.exchange, .ok, start: Samples.after(0), duration: Samples.span(milliseconds))]
        let ticks = TimeAxis(request).ticks(cells: 40, spacing: 10)
        #expect(ticks.first?.cell == 0)
        #expect(ticks.count <= most)
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $1.cell - $0.cell >= 9 && $0.label < $1.label })
    }
}
