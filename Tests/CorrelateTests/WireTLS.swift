/// Writes the TLS records that the correlator reads (RFC 8446 §4, §5.1).
enum WireTLS {
    static func clientHello(
        _ serverName: String, protocols: [String] = ["h2"], session: [UInt8] = [], more: [UInt8] = []
    ) -> [UInt8] {
        let name = vector16([0] + vector16(Array(serverName.utf8)))
        let list = vector16(protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) })
        let extensions = vector16(extensions([(0, name), (16, list)]) + more)
        let head = [3, 3] + random + [UInt8(session.count)] + session
        return record(22, message(1, head + vector16([0x13, 0x01]) + [1, 0] + extensions))
    }

    /// `version` 0x0304 is chosen by the extension, as TLS 1.3 does; older ones by the legacy field.
    static func serverHello(version: UInt16, more: [UInt8] = []) -> [UInt8] {
        record(22, serverHelloMessage(version: version, suite: 0x1301, more: more))
    }

    static func serverHelloMessage(
        version: UInt16, suite: UInt16, session: [UInt8] = [], more: [UInt8] = [], random: [UInt8] = random
    ) -> [UInt8] {
        let chosen = version == 0x0304 ? extensions([(43, Wire.bytes16(version))]) : []
        let all = chosen + more
        let head = Wire.bytes16(min(version, 0x0303)) + random + [UInt8(session.count)] + session
        return message(2, head + Wire.bytes16(suite) + [0] + (all.isEmpty ? [] : vector16(all)))
    }

    /// A HelloRetryRequest (RFC 8446 §4.1.4) that asks for a key of `group`.
    static func retryMessage(group: UInt16) -> [UInt8] {
        serverHelloMessage(
            version: 0x0304, suite: 0x1301, more: extensions([(51, Wire.bytes16(group))]),
            random: [
                0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
                0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
            ])
    }

    static let changeCipherSpec: [UInt8] = record(20, [1])
    static func applicationData(_ count: Int) -> [UInt8] { record(23, [UInt8](repeating: 7, count: count)) }
    static func encryptedHandshake(_ count: Int) -> [UInt8] { record(22, [UInt8](repeating: 0xEE, count: count)) }
    static func alert(_ description: UInt8) -> [UInt8] { record(21, [2, description]) }

    static func record(_ type: UInt8, _ fragment: [UInt8]) -> [UInt8] { [type, 3, 3] + vector16(fragment) }
    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, UInt8(body.count >> 16), UInt8(body.count >> 8 & 255), UInt8(body.count & 255)] + body
    }
    /// The message in a record that holds nothing else.
    static func message(in record: [UInt8]) -> [UInt8] { Array(record.dropFirst(5)) }
    static func extensions(_ list: [(UInt16, [UInt8])]) -> [UInt8] {
        list.flatMap { Wire.bytes16($0.0) + vector16($0.1) }
    }

    private static let random = [UInt8](repeating: 0xAA, count: 32)
    private static func vector16(_ bytes: [UInt8]) -> [UInt8] { Wire.bytes16(UInt16(bytes.count)) + bytes }
}
