import Model
import Testing

@testable import Capture

@Suite struct RingPressureTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var frameLength = 1000
        /// In the second before.
        let framesPerSecond: UInt64
        let backlog: TimeSpan
        let isHigh: Bool
    }

    /// A ring of 4 MiB: half of it is 2 MiB.
    @Test(arguments: [
        Row(testDescription: "nothing comes", framesPerSecond: 0, backlog: .seconds(10), isHigh: false),
        Row(testDescription: "a trickle", framesPerSecond: 100, backlog: .milliseconds(50), isHigh: false),
        Row(testDescription: "50 ms fit", framesPerSecond: 30_000, backlog: .milliseconds(50), isHigh: false),
        Row(testDescription: "50 ms do not fit", framesPerSecond: 50_000, backlog: .milliseconds(50), isHigh: true),
        Row(testDescription: "10 ms do not fit", framesPerSecond: 200_000, backlog: .milliseconds(11), isHigh: true),
        Row(
            testDescription: "small frames count as middling ones", frameLength: 60, framesPerSecond: 50_000,
            backlog: .milliseconds(50), isHigh: true),
        Row(
            testDescription: "frames cut by the snap length", frameLength: 8192, framesPerSecond: 8_000,
            backlog: .milliseconds(50), isHigh: true),
        Row(
            testDescription: "a frame from the future", framesPerSecond: 1_000_000,
            backlog: TimeSpan(nanoseconds: .min), isHigh: false),
    ])
    func isHigh(_ row: Row) {
        var pressure = RingPressure(bufferSize: 4 << 20)
        for _ in 0..<10_000 { pressure.saw(row.frameLength) }
        pressure.sample(received: 7, at: .seconds(100))
        pressure.sample(received: 7 + row.framesPerSecond, at: .seconds(101))
        #expect(pressure.isHigh(backlog: row.backlog) == row.isHigh)
    }

    @Test func looksSoonerTheFasterTheRingFills() {
        var pressure = RingPressure(bufferSize: 4 << 20)
        pressure.sample(received: 0, at: .seconds(100))
        #expect(pressure.nextLook == .milliseconds(1), "a mean over a long silence says nothing")
        pressure.sample(received: 1, at: .seconds(100) + .milliseconds(2))
        #expect(pressure.nextLook == .milliseconds(5))
        pressure.sample(received: 401, at: .seconds(100) + .milliseconds(4))
        #expect(pressure.nextLook > .milliseconds(2) && pressure.nextLook < .milliseconds(3))
        pressure.sample(received: 100_401, at: .seconds(100) + .milliseconds(6))
        #expect(pressure.nextLook == .milliseconds(1))
    }

    @Test func countersGoOnPastTheirWidth() {
        var counter = WrappingCounter()
        counter.update(.max - 1)
        counter.update(3)
        #expect(counter.total == UInt64(UInt32.max) + 4)
    }

    @Test func settingsStayInTheirRanges() {
        var settings = LiveSettings()
        settings.snapLength = -1
        settings.bufferSize = .max
        settings.blockTimeout = .max
        let clamped = settings.clamped
        #expect(clamped.snapLength == 64 && clamped.bufferSize == 1 << 30 && clamped.blockTimeout == 1000)
        #expect(settings.lag == .milliseconds(2010))
        #expect(LiveSettings().clamped == LiveSettings())
    }
}

private func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
    TimeSpan(nanoseconds: left.nanoseconds + right.nanoseconds)
}
