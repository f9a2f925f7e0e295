import Model

/// Frames with times.
enum PacketsTarget {
    static func run(_ bytes: RawSpan) {
        let sequence = FrameSequence(bytes)
        var trial = Trial()
        trial.hasSmallTables = sequence.options & 1 != 0
        if sequence.options & 2 != 0 { trial.localNetworks = [IPPrefix("10.0.0.0/8")].compactMap(\.self) }
        trial.run(sequence.frames)
    }
}

/// An input of ``PacketsTarget``, taken apart and put together again.
///
///     options: 1 | link type (low) and step of time (high): 1, cut: 1, length: 2, frame … | …
struct FrameSequence {
    var options: UInt8
    var entries: [Entry] = []

    struct Entry {
        var kind: UInt8
        var cut: UInt8
        var bytes: [UInt8]
    }

    static let limit = 256

    init(options: UInt8) { self.options = options }

    init(_ bytes: RawSpan) {
        var input = Input(bytes)
        options = input.byte()
        while !input.isAtEnd && entries.count < Self.limit {
            let (kind, cut) = (input.byte(), input.byte())
            entries.append(Entry(kind: kind, cut: cut, bytes: input.take(Int(input.uint16()))))
        }
    }

    var bytes: [UInt8] {
        entries.reduce(into: [options]) { bytes, entry in
            bytes += [entry.kind, entry.cut, UInt8(entry.bytes.count & 0xFF), UInt8(entry.bytes.count >> 8 & 0xFF)]
            bytes += entry.bytes
        }
    }

    /// Nanoseconds between a frame and the one before: from none to more than every timeout, and back.
    static let steps: [Int64] = [
        0, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 5_000_000_000, 16_000_000_000,
        61_000_000_000, 75_000_000_000, 1_000_000_000_000, 8_000_000_000_000, -1_000_000, -7_200_000_000_000,
    ]

    var frames: [Frame] {
        var time: Int64 = 1_700_000_000_000_000_000
        return entries.map { entry in
            time &+= Self.steps[Int(entry.kind >> 4)]
            let wireLength = entry.cut == 255 ? 0 : entry.bytes.count + Int(entry.cut) * 8
            return Frame(
                bytes: entry.bytes,
                info: FrameInfo(
                    time: Timestamp(nanoseconds: time), wireLength: wireLength, interface: InterfaceID(0),
                    linkType: LinkType.allCases[Int(entry.kind & 15) % LinkType.allCases.count]))
        }
    }
}
