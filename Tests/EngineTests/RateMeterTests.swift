import Model
import Testing

@testable import Engine

@Suite struct RateMeterTests {
    private static func time(_ seconds: Int) -> Timestamp { Timestamp(seconds: 5000 + Int64(seconds), nanoseconds: 0) }

    private static func counters(_ frames: UInt64) -> RateMeter.Counters {
        RateMeter.Counters(frames: frames, bytes: frames * 100, dropped: frames / 10)
    }

    @Test func oneLookTellsNothing() {
        var meter = RateMeter()
        #expect(meter.isDue(at: Self.time(0)))
        meter.note(["eth0": Self.counters(10)], cpu: .zero, at: Self.time(0))
        #expect(!meter.isDue(at: Self.time(0)) && meter.isDue(at: Self.time(1)))
        #expect(meter.rate(of: "eth0") == nil && meter.cpu == nil)
    }

    @Test func growthBySecondOverTheLastTen() {
        var meter = RateMeter()
        // 1000 frames a second for a minute, then 10 for ten seconds.
        var frames: UInt64 = 0
        for second in 0...70 {
            meter.note(["eth0": Self.counters(frames)], cpu: .milliseconds(20 * second), at: Self.time(second))
            if second == 60 {
                #expect(meter.rate(of: "eth0") == InterfaceRate(frames: 1000, bytes: 100_000, dropped: 100))
            }
            frames += second < 60 ? 1000 : 10
        }
        #expect(meter.rate(of: "eth0") == InterfaceRate(frames: 10, bytes: 1000, dropped: 1))
        #expect(meter.cpu == .milliseconds(20))
    }

    @Test func anInterfaceThatCameLaterOrBeganAnew() {
        var meter = RateMeter()
        meter.note(["eth0": Self.counters(1000)], cpu: .zero, at: Self.time(0))
        meter.note(["eth0": Self.counters(10), "eth1": Self.counters(10)], cpu: .zero, at: Self.time(1))
        #expect(meter.rate(of: "eth1") == nil && meter.rate(of: "gone") == nil)
        #expect(meter.rate(of: "eth0") == InterfaceRate(frames: 0, bytes: 0, dropped: 0))
    }

    @Test func twoLooksAtOnceDivideByNothing() {
        var meter = RateMeter()
        for _ in 0..<2 { meter.note(["eth0": Self.counters(1)], cpu: .zero, at: Self.time(0)) }
        #expect(meter.rate(of: "eth0") == nil && meter.cpu == nil)
    }
}
