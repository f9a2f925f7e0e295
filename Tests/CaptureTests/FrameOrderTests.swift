import Capture
import Model
import Testing

/// Frames of several interfaces, as dumpcap writes them, come out in the order of time.
@Suite struct FrameOrderTests {
    /// Times in milliseconds, in the order of the file; each frame holds its own number.
    private static func replay(_ times: [Int64]) -> (times: [Int64], numbers: [Int], early: UInt64) {
        var order = FrameOrder()
        var lent: (times: [Int64], numbers: [Int]) = ([], [])
        func drain(_ order: inout FrameOrder) {
            while order.advance() {
                lent.times.append(order.info.time.nanoseconds / 1_000_000)
                lent.numbers.append(Int(order.frame.byteCount == 4 ? order.frame.unsafeLoad(as: UInt32.self) : .max))
            }
        }
        for (number, time) in times.enumerated() {
            let bytes = withUnsafeBytes(of: UInt32(number)) { Array($0) }
            order.append(
                bytes.span.bytes,
                FrameInfo(
                    time: Timestamp(nanoseconds: time * 1_000_000), wireLength: 4, interface: InterfaceID(0),
                    linkType: .ethernet))
            drain(&order)
        }
        order.finish()
        drain(&order)
        return (lent.times, lent.numbers, order.deliveredEarly)
    }

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var times: [Int64]
        /// Frames of the file, in the order in which they are lent.
        var numbers: [Int]
    }

    @Test(arguments: [
        Example(testDescription: "none", times: [], numbers: []),
        Example(testDescription: "in order", times: [1, 2, 2000, 2001], numbers: [0, 1, 2, 3]),
        Example(testDescription: "block by block", times: [10, 30, 20, 40, 5000], numbers: [0, 2, 1, 3, 4]),
        Example(testDescription: "of one time, as they stand", times: [5, 5, 5, 1, 5000], numbers: [3, 0, 1, 2, 4]),
        Example(
            testDescription: "late, but within the window", times: [1000, 600, 3000, 2600], numbers: [1, 0, 3, 2]),
        Example(testDescription: "too late", times: [1, 5000, 2, 5001], numbers: [0, 2, 1, 3]),
        Example(
            testDescription: "a second capture, of an earlier day", times: [90_000, 90_001, 100, 101, 99],
            numbers: [0, 1, 4, 2, 3]),
    ])
    func comeInOrder(_ example: Example) {
        let lent = Self.replay(example.times)
        #expect(lent.numbers == example.numbers)
        #expect(lent.times == example.numbers.map { example.times[$0] })
        #expect(lent.early == 0)
    }

    /// However they are shuffled within the window, and each with its own bytes.
    @Test(arguments: [1, 2, 3]) func anyOrderIsMended(_ seed: UInt64) {
        var state = seed
        let times = (0..<5000).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(index) + Int64(state >> 33) % 400
        }
        let lent = Self.replay(times)
        #expect(lent.times == times.sorted() && Set(lent.numbers).count == 5000)
        #expect(lent.times == lent.numbers.map { times[$0] })
    }

    /// A hundred thousand frames within one instant: none is lost, and it is said that order was given up.
    @Test func theBufferIsBounded() {
        let lent = Self.replay((0..<100_000).map { $0 % 2 == 0 ? 1 : 0 })
        #expect(lent.numbers.count == 100_000 && Set(lent.numbers).count == 100_000 && lent.early > 0)
    }
}
