import Capture
import Engine
import FoundationEssentials
import Model
import Testing

@Suite struct FileReplayTests {
    private static let path = CaptureFolder.own + "/keep_alive.pcap"

    @Test func everyCutOfAFileYieldsWhatCameBefore() throws {
        let whole = try #require(FileManager.default.contents(atPath: Self.path))
        let folder = FileManager.default.temporaryDirectory.path + "/waybill-replay-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var frames: UInt64 = 0
        for length in stride(from: 24, through: whole.count, by: 97) {
            let path = folder + "/cut.pcap"
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            let replayed = try Replayed(path: path)
            #expect(replayed.summary.frames >= frames)
            #expect(replayed.requests.count == Int(replayed.summary.requests))
            frames = replayed.summary.frames
        }
        #expect(frames >= 25)
    }

    @Test func aFilterLeavesFramesOut() throws {
        let replayed = try Replayed(path: Self.path, filter: "udp port 53")
        #expect(replayed.requests.map(\.transport) == [.udp] && replayed.summary.frames == 4)
    }

    @Test func aFileThatIsNoneIsAnError() {
        #expect(throws: CaptureError.self) { _ = try Replayed(path: CaptureFolder.own + "/README.md") }
        #expect(throws: CaptureError.self) { _ = try Replayed(path: CaptureFolder.own + "/there-is-no-such-file") }
        #expect(throws: CaptureError.self) { _ = try Replayed(path: Self.path, filter: "no filter at all") }
    }

    @Test func progressIsTold() throws {
        var replay = try FileReplay(path: Self.path)
        var frames: [UInt64] = []
        let damage = replay.run(progressInterval: 8, progress: { frames.append($0.frames) }, into: { _ in })
        #expect(damage == nil && frames == [8, 16, 24])
    }
}
