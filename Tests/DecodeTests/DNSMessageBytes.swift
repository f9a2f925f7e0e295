/// Writes DNS messages for the tests below: only what a test says, so wrong ones as well.
struct DNSMessageBytes {
    var bytes: [UInt8]

    /// The 12 bytes of the header.
    init(
        id: UInt16 = 0x2A17, flags: UInt16 = 0x8180, questions: UInt16 = 0, answers: UInt16 = 0, authority: UInt16 = 0,
        additional: UInt16 = 0
    ) {
        bytes = [id, flags, questions, answers, authority, additional].flatMap(Self.bigEndian)
    }

    /// A response to a question for `name`, which stands at byte 12.
    static func response(to name: String, type: UInt16 = 1, answers: UInt16 = 1) -> DNSMessageBytes {
        var message = DNSMessageBytes(questions: 1, answers: answers)
        message.question(wireName(name), type: type)
        return message
    }

    mutating func question(_ name: [UInt8], type: UInt16 = 1, recordClass: UInt16 = 1) {
        bytes += name + Self.bigEndian(type) + Self.bigEndian(recordClass)
    }

    mutating func record(
        _ owner: [UInt8], type: UInt16, recordClass: UInt16 = 1, ttl: UInt32 = 300, data: [UInt8]
    ) {
        bytes += owner + Self.bigEndian(type) + Self.bigEndian(recordClass)
        bytes += Self.bigEndian(UInt16(ttl >> 16)) + Self.bigEndian(UInt16(ttl & 0xFFFF))
        bytes += Self.bigEndian(UInt16(data.count)) + data
    }

    static func bigEndian(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
}

/// `www.example.org` as labels on the wire, root included; a label's dots cannot be written here.
func wireName(_ name: String) -> [UInt8] {
    if name == "." { return [0] }
    return name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
}

func pointer(to offset: Int) -> [UInt8] { DNSMessageBytes.bigEndian(0xC000 | UInt16(offset)) }

/// A small generator with a seed, so that a failure can be had again.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
