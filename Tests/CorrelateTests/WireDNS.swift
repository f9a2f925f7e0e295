import Model

/// Writes DNS messages (RFC 1035 §4.1): one question, then answers whose owner is the question's name.
enum WireDNS {
    struct Answer {
        var owner: String?
        var type: UInt16
        var recordClass: UInt16 = 1
        var ttl: UInt32 = 300
        var data: [UInt8]

        static func address(_ address: IPAddress, of owner: String? = nil, ttl: UInt32 = 300) -> Answer {
            Answer(owner: owner, type: address.version == .v4 ? 1 : 28, ttl: ttl, data: Wire.octets(address))
        }
        static func alias(_ target: String, of owner: String? = nil) -> Answer {
            Answer(owner: owner, type: 5, data: name(target))
        }
    }

    static func query(_ id: UInt16, _ question: String, _ type: UInt16) -> [UInt8] {
        header(id, flags: 0x0100, answers: 0) + name(question) + Wire.bytes16(type) + [0, 1]
    }

    static func response(
        _ id: UInt16, _ question: String, _ type: UInt16, rcode: UInt16 = 0, truncated: Bool = false,
        _ answers: [Answer] = []
    ) -> [UInt8] {
        let flags = 0x8180 | rcode | (truncated ? 0x0200 : 0)
        var records: [UInt8] = []
        for answer in answers {
            // Without an owner of its own: a pointer to the question.
            records += answer.owner.map(name) ?? [0xC0, 12]
            records += Wire.bytes16(answer.type) + [0, 1] + Wire.bytes32(answer.ttl)
            records += Wire.bytes16(UInt16(answer.data.count)) + answer.data
        }
        return header(id, flags: flags, answers: UInt16(answers.count)) + name(question) + Wire.bytes16(type) + [0, 1]
            + records
    }

    /// A message of any shape: questions as name, type and class, then records.
    static func message(
        _ id: UInt16, flags: UInt16, questions: [(String, UInt16, UInt16)] = [], answers: [Answer] = [],
        authority: [Answer] = [], additional: [Answer] = []
    ) -> [UInt8] {
        let counts = [questions.count, answers.count, authority.count, additional.count]
        var bytes = Wire.bytes16(id) + Wire.bytes16(flags) + counts.flatMap { Wire.bytes16(UInt16($0)) }
        for (text, type, recordClass) in questions {
            bytes += name(text) + Wire.bytes16(type) + Wire.bytes16(recordClass)
        }
        for answer in answers + authority + additional {
            bytes += name(answer.owner ?? "") + Wire.bytes16(answer.type) + Wire.bytes16(answer.recordClass)
            bytes += Wire.bytes32(answer.ttl) + Wire.bytes16(UInt16(answer.data.count)) + answer.data
        }
        return bytes
    }

    /// A NetBIOS name in first-level encoding (RFC 1001 §14.1): two letters for each octet.
    static func netBIOS(_ name: String, suffix: UInt8) -> String {
        let octets = Array(name.utf8) + [UInt8](repeating: 0x20, count: 15 - name.utf8.count) + [suffix]
        return String(decoding: octets.flatMap { [0x41 + ($0 >> 4), 0x41 + ($0 & 15)] }, as: UTF8.self)
    }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func header(_ id: UInt16, flags: UInt16, answers: UInt16) -> [UInt8] {
        Wire.bytes16(id) + Wire.bytes16(flags) + [0, 1] + Wire.bytes16(answers) + [0, 0, 0, 0]
    }
}
