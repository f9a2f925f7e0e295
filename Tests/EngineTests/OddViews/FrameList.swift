import FoundationEssentials

/// The frames of one of the project's own captures (nanosecond pcap, little-endian, Ethernet), to be rewritten.
struct FrameList {
    var frames: [Frame]

    struct Frame: Equatable {
        /// Nanoseconds since 1970.
        var time: UInt64
        var bytes: [UInt8]
        var wireLength: Int
        var interface: UInt32 = 0
    }

    init(path: String) throws {
        let file = [UInt8](try Data(contentsOf: URL(filePath: path)))
        func word(_ offset: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) }
        }
        frames = []
        guard file.count >= 24, word(0) == 0xA1B2_3C4D, word(20) == 1 else { return }
        var offset = 24
        while offset + 16 <= file.count, offset + 16 + word(offset + 8) <= file.count {
            let time = UInt64(word(offset)) * 1_000_000_000 + UInt64(word(offset + 4))
            let bytes = Array(file[offset + 16..<offset + 16 + word(offset + 8)])
            frames.append(Frame(time: time, bytes: bytes, wireLength: word(offset + 12)))
            offset += 16 + bytes.count
        }
    }

    /// As pcapng, every frame with its interface; `body` gets the file's path.
    func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
        var file: [UInt8] = []
        func words(_ values: UInt32...) -> [UInt8] {
            values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        }
        func block(_ type: UInt32, _ content: [UInt8]) {
            let padding = [UInt8](repeating: 0, count: -content.count & 3)
            let length = words(UInt32(content.count + padding.count + 12))
            file += words(type) + length + content + padding + length
        }
        block(0x0A0D_0D0A, words(0x1A2B_3C4D, 1, .max, .max))
        for _ in 0...(frames.map(\.interface).max() ?? 0) {
            // Ethernet; if_tsresol (9): nanoseconds.
            block(1, words(1, 0) + [9, 0, 1, 0, 9, 0, 0, 0] + words(0))
        }
        for frame in frames {
            let head = words(
                frame.interface, UInt32(frame.time >> 32), UInt32(truncatingIfNeeded: frame.time),
                UInt32(frame.bytes.count), UInt32(frame.wireLength))
            block(6, head + frame.bytes)
        }
        let path = FileManager.default.temporaryDirectory.appending(path: "odd-\(UUID().uuidString).pcapng").path
        try Data(file).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    /// Frames by `transport source destination`, where a plain reading finds TCP or UDP over IP with nothing between.
    var counts: [String: Int] {
        Dictionary(frames.compactMap { $0.direction }.map { ($0, 1) }, uniquingKeysWith: +)
    }
}

extension FrameList.Frame {
    /// `tcp 10.0.0.1:40000 10.0.0.2:80`, when the fixed part of the transport header is there.
    var direction: String? {
        guard let (transport, start, addresses) = header, bytes.count >= start + (transport == "tcp" ? 20 : 8)
        else { return nil }
        let ports = [0, 2].map { Int(bytes[start + $0]) << 8 | Int(bytes[start + $0 + 1]) }
        return "\(transport) \(addresses[0]):\(ports[0]) \(addresses[1]):\(ports[1])"
    }

    /// Of a TCP handshake: a SYN or SYN-ACK.
    var isSYN: Bool {
        guard let (transport, start, _) = header, transport == "tcp", bytes.count > start + 13 else { return false }
        return bytes[start + 13] & 2 != 0
    }

    private var header: (String, Int, [String])? {
        guard bytes.count >= 54 else { return nil }
        let transports: [UInt8: String] = [6: "tcp", 17: "udp"]
        switch (bytes[12], bytes[13]) {
        case (0x08, 0x00):
            // No fragment: their ports are in another frame.
            guard bytes[20] & 0x3F == 0, bytes[21] == 0, let transport = transports[bytes[23]] else { return nil }
            let addresses = [26, 30].map { bytes[$0..<$0 + 4].map(String.init).joined(separator: ".") }
            return (transport, 14 + Int(bytes[14] & 15) * 4, addresses)
        case (0x86, 0xDD):
            guard let transport = transports[bytes[20]] else { return nil }
            return (transport, 54, [22, 38].map { "\(Array(bytes[$0..<$0 + 16]))" })
        default: return nil
        }
    }
}
