import Testing

/// One way in which an observer sees less than all, or sees it oddly.
struct OddView: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// How often each frame that is left is there.
    var copies = 1
    let apply: @Sendable ([FrameList.Frame]) -> [FrameList.Frame]

    static let all: [OddView] =
        [
            client(true), client(false), reversed, swapped, swappedWithTimes, jumping, doubled, twoInterfaces,
            withoutHandshakes,
        ]
        + [1, 3, 8].map { starting(atEighth: $0) } + [2, 3, 5, 7].map { losing(every: $0) }
        + [64, 96, 128].map { cut(to: $0) }

    /// Only what one side sends; ARP stays.
    private static func client(_ isClient: Bool) -> OddView {
        OddView(testDescription: isClient ? "the client's frames" : "the server's frames") { frames in
            // In the lab the client is 10.77.1.2 and fd77:1::2.
            frames.filter { frame in
                guard frame.bytes.count >= 34 else { return true }
                switch (frame.bytes[12], frame.bytes[13]) {
                case (0x08, 0x00): return (frame.bytes[26..<30].elementsEqual([10, 77, 1, 2])) == isClient
                case (0x86, 0xDD): return (frame.bytes[22..<26].elementsEqual([0xFD, 0x77, 0, 1])) == isClient
                default: return true
                }
            }
        }
    }

    /// Every connection was joined before its first bytes.
    static let withoutHandshakes = OddView(testDescription: "without handshakes") { frames in
        frames.filter { !$0.isSYN }
    }

    private static func starting(atEighth part: Int) -> OddView {
        OddView(testDescription: "from \(part)/9 on") { Array($0.dropFirst($0.count * part / 9)) }
    }

    private static func losing(every step: Int) -> OddView {
        OddView(testDescription: "one of \(step) lost") { frames in
            frames.enumerated().filter { $0.offset % step != step - 1 }.map(\.element)
        }
    }

    /// Reordered on the way: the times stay in order.
    private static let swapped = OddView(testDescription: "neighbours swapped") { frames in
        var result = frames
        for index in stride(from: 0, to: frames.count - 1, by: 2) {
            result.swapAt(index, index + 1)
            result[index].time = frames[index].time
            result[index + 1].time = frames[index + 1].time
        }
        return result
    }

    /// Reordered by the observer: time goes back by a little with every second frame.
    private static let swappedWithTimes = OddView(testDescription: "neighbours swapped, with their times") { frames in
        var result = frames
        for index in stride(from: 0, to: frames.count - 1, by: 2) { result.swapAt(index, index + 1) }
        return result
    }

    /// The clock runs backwards.
    private static let reversed = OddView(testDescription: "time runs backwards") { frames in
        zip(frames, frames.reversed()).map { frame, other in
            var result = frame
            result.time = other.time
            return result
        }
    }

    /// The clock was set back by an hour half-way.
    private static let jumping = OddView(testDescription: "an hour back half-way") { frames in
        frames.enumerated().map { index, frame in
            var result = frame
            if index >= frames.count / 2 { result.time -= 3_600_000_000_000 }
            return result
        }
    }

    private static let doubled = OddView(testDescription: "every frame twice", copies: 2) { frames in
        frames.flatMap { [$0, $0] }
    }

    private static let twoInterfaces = OddView(testDescription: "on two interfaces", copies: 2) { frames in
        frames.flatMap { frame in
            var copy = frame
            copy.interface = 1
            return [frame, copy]
        }
    }

    private static func cut(to length: Int) -> OddView {
        OddView(testDescription: "cut to \(length) bytes") { frames in
            frames.map {
                var frame = $0
                frame.bytes = Array(frame.bytes.prefix(length))
                return frame
            }
        }
    }
}
