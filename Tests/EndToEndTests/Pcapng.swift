import Foundation

/// Several captures of tcpdump with nanoseconds as one pcapng file, frames in the order of their times, each with the
/// interface that it was seen on (draft-ietf-opsawg-pcapng).
enum Pcapng {
    /// One record of a classic pcap file in this machine's byte order.
    private struct Frame {
        var nanoseconds: UInt64
        var wireLength: UInt32
        var bytes: Data
    }

    static func merge(_ captures: [(interface: String, file: URL)]) throws -> Data {
        // Section header: byte order magic, version 1.0, section length unknown.
        var data = block(0x0A0D_0D0A, words([0x1A2B_3C4D, 0x0000_0001, 0xFFFF_FFFF, 0xFFFF_FFFF]))
        var waiting: [ArraySlice<Frame>] = []
        for capture in captures {
            // Interface description: Ethernet, whole frames; if_name (2), if_tsresol (9) of 10^-9 s, end of options.
            let name = Data(capture.interface.utf8)
            var body = words([1, 0])
            body += option(2, name) + option(9, Data([9])) + words([0])
            data += block(1, body)
            waiting.append(try frames(of: capture.file)[...])
        }
        // The earliest of the first ones: within an interface the order stays as it was captured.
        while let next = waiting.indices.filter({ !waiting[$0].isEmpty })
            .min(by: { waiting[$0].first?.nanoseconds ?? 0 < waiting[$1].first?.nanoseconds ?? 0 }),
            let frame = waiting[next].popFirst()
        {
            let header = words([
                UInt32(next), UInt32(frame.nanoseconds >> 32), UInt32(truncatingIfNeeded: frame.nanoseconds),
                UInt32(frame.bytes.count), frame.wireLength,
            ])
            data += block(6, header + padded(frame.bytes))
        }
        return data
    }

    private static func frames(of file: URL) throws -> [Frame] {
        let data = try Data(contentsOf: file, options: .alwaysMapped)
        func word(_ offset: Int) -> UInt32 {
            data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
        }
        // Magic number of nanoseconds, and link type Ethernet.
        guard data.count >= 24, word(0) == 0xA1B2_3C4D, word(20) == 1 else {
            throw Trouble("\(file.path) is no Ethernet capture with nanoseconds")
        }
        var frames: [Frame] = []
        var offset = 24
        while offset + 16 <= data.count {
            let length = Int(word(offset + 8))
            guard offset + 16 + length <= data.count else { break }
            let time = UInt64(word(offset)) * 1_000_000_000 + UInt64(word(offset + 4))
            frames.append(
                Frame(
                    nanoseconds: time, wireLength: word(offset + 12),
                    bytes: data.subdata(in: offset + 16..<offset + 16 + length)))
            offset += 16 + length
        }
        return frames
    }

    private static func block(_ type: UInt32, _ body: Data) -> Data {
        let length = UInt32(12 + body.count)
        return words([type, length]) + body + words([length])
    }

    private static func option(_ code: UInt16, _ value: Data) -> Data {
        words([UInt32(code) | UInt32(value.count) << 16]) + padded(value)
    }

    private static func padded(_ data: Data) -> Data { data + Data(count: (4 - data.count % 4) % 4) }

    private static func words(_ words: [UInt32]) -> Data { words.withUnsafeBytes { Data($0) } }
}
