import CFuzzer

/// Changes an input of ``PacketsTarget`` as a network would: frames lost, repeated, overtaken, answered, cut, late, and
/// single fields of their headers changed.
struct FrameMutator {
    private var state: UInt64

    init(seed: UInt32) { state = UInt64(seed) << 1 | 1 }

    mutating func mutate(_ bytes: [UInt8], capacity: Int) -> [UInt8] {
        var sequence = FrameSequence(bytes.span.bytes)
        guard !sequence.entries.isEmpty else { return [] }
        for _ in 0...below(3) { change(&sequence, room: capacity - bytes.count) }
        return sequence.bytes
    }

    private mutating func change(_ sequence: inout FrameSequence, room: Int) {
        guard !sequence.entries.isEmpty else { return }
        let count = sequence.entries.count
        let index = below(count)
        switch below(12) {
        case 0 where count > 1: sequence.entries.remove(at: index)
        case 1 where room > sequence.entries[index].bytes.count + 4 && count < FrameSequence.limit:
            sequence.entries.insert(sequence.entries[index], at: below(count + 1))
        case 2: sequence.entries.swapAt(index, below(count))
        case 3: sequence.entries[index].kind = sequence.entries[index].kind & 15 | UInt8(below(16)) << 4
        case 4: sequence.entries[index].cut = below(4) == 0 ? UInt8(below(256)) : 0
        case 5: answer(&sequence.entries[index].bytes)
        case 6: sequence.options = UInt8(below(4))
        case 7: cut(&sequence.entries[index].bytes)
        default: field(&sequence.entries[index].bytes, room: room)
        }
    }

    /// The other side says it: addresses and ports exchanged.
    private func answer(_ bytes: inout [UInt8]) {
        guard let header = Header(bytes) else { return }
        let size = header.isVersion6 ? 16 : 4
        let source = header.network + (header.isVersion6 ? 8 : 12)
        for offset in 0..<size { bytes.swapAt(source + offset, source + size + offset) }
        guard header.transport + 4 <= bytes.count else { return }
        for offset in 0..<2 { bytes.swapAt(header.transport + offset, header.transport + 2 + offset) }
        guard header.number == 6, header.transport + 12 <= bytes.count else { return }
        for offset in 4..<8 { bytes.swapAt(header.transport + offset, header.transport + 4 + offset) }
    }

    private mutating func cut(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        bytes.removeLast(below(bytes.count))
    }

    /// One field of the transport header, or bytes of the payload, libFuzzer's way.
    private mutating func field(_ bytes: inout [UInt8], room: Int) {
        guard let header = Header(bytes), header.transport + 8 <= bytes.count else {
            return spoil(&bytes, from: 0, room)
        }
        let transport = header.transport
        guard header.number == 6, transport + 20 <= bytes.count else {
            return spoil(&bytes, from: below(4) == 0 ? transport : min(bytes.count, transport + 8), room)
        }
        switch below(8) {
        case 0: bytes[transport + 13] ^= 1 << UInt8(below(8))
        case 1: add(below(3000) - 1500, to: &bytes, at: transport + 4)
        case 2: add(below(3000) - 1500, to: &bytes, at: transport + 8)
        case 3: bytes[transport + 14] = below(2) == 0 ? 0 : UInt8(below(256))
        case 4: bytes[transport + below(4)] = UInt8(below(256))
        case 5: bytes[transport + 12] = UInt8(below(256))
        default: spoil(&bytes, from: min(bytes.count, transport + Int(bytes[transport + 12] >> 4) * 4), room)
        }
    }

    private mutating func spoil(_ bytes: inout [UInt8], from start: Int, _ room: Int) {
        var part = Array(bytes[start...])
        let count = part.count
        let capacity = min(count + max(0, room), 65_000)
        guard capacity > 0 else { return }
        part += [UInt8](repeating: 0, count: capacity - count)
        let changed = part.withUnsafeMutableBufferPointer { LLVMFuzzerMutate($0.baseAddress!, count, capacity) }
        bytes.replaceSubrange(start..., with: part.prefix(changed))
        // What the headers say must follow, or every longer payload would be read as padding.
        guard let header = Header(bytes) else { return }
        let total = bytes.count - header.network
        if header.isVersion6 {
            write(total - 40, to: &bytes, at: header.network + 4)
        } else {
            write(total, to: &bytes, at: header.network + 2)
        }
        if header.number == 17 { write(bytes.count - header.transport, to: &bytes, at: header.transport + 4) }
    }

    private func write(_ value: Int, to bytes: inout [UInt8], at offset: Int) {
        guard offset + 2 <= bytes.count else { return }
        bytes[offset] = UInt8(truncatingIfNeeded: value >> 8)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    private func add(_ change: Int, to bytes: inout [UInt8], at offset: Int) {
        let old = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
        let new = old &+ UInt32(truncatingIfNeeded: change)
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: new >> UInt32(24 - 8 * index)) }
    }

    /// SplitMix64, so that libFuzzer's seed alone decides.
    private mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(max(1, bound)))
    }

    /// Where the headers of an Ethernet frame without extras are.
    private struct Header {
        var network = 14
        var isVersion6: Bool
        var number: UInt8
        var transport: Int

        init?(_ bytes: [UInt8]) {
            guard bytes.count >= 34 else { return nil }
            switch (bytes[12], bytes[13]) {
            case (0x08, 0x00):
                isVersion6 = false
                number = bytes[23]
                transport = 14 + Int(bytes[14] & 15) * 4
            case (0x86, 0xDD):
                guard bytes.count >= 54 else { return nil }
                isVersion6 = true
                number = bytes[20]
                transport = 54
            default: return nil
            }
        }
    }
}
