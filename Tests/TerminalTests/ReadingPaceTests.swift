import API
import Testing

@testable import Terminal

@Suite struct ReadingPaceTests {
    @Test(arguments: [
        (ReadingPace(frames: 262_144, bytes: 64 << 20, totalBytes: nil, elapsed: ms(500)), "262 k frames, 67.1 MB"),
        (
            ReadingPace(frames: 0, bytes: 0, totalBytes: 1 << 30, elapsed: ms(2000)),
            "0 %, 0 frames, 0 B of 1.07 GB, 0 B/s"
        ),
        (
            ReadingPace(frames: 3_100_000, bytes: 1_200_000_000, totalBytes: 5_000_000_000, elapsed: ms(4000)),
            "24 %, 3.10 M frames, 1.20 GB of 5.00 GB, 300 MB/s, 13 s left"
        ),
        (
            ReadingPace(frames: 10, bytes: 1000, totalBytes: .max, elapsed: ms(1000)),
            "0 %, 10 frames, 1.00 kB of 18447 PB, 1.00 kB/s"
        ),
        (
            ReadingPace(frames: 10, bytes: 2000, totalBytes: 1000, elapsed: ms(0)),
            "100 %, 10 frames, 2.00 kB of 2.00 kB"
        ),
    ])
    func tells(_ pace: ReadingPace, _ text: String) {
        #expect(pace.line(.unicode).rendered(inColor: false).hasPrefix(text))
    }
}

private func ms(_ count: Int64) -> Milliseconds { Milliseconds(microseconds: count * 1000) }
