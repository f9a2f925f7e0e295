/// Writes the TLS records that the correlator reads in passing (RFC 8446 §4, §5.1).
enum WireTLS {
    static func clientHello(_ serverName: String, protocols: [String] = ["h2"]) -> [UInt8] {
        let name = vector16([0] + vector16(Array(serverName.utf8)))
        let list = vector16(protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) })
        let extensions = vector16(Wire.bytes16(0) + vector16(name) + Wire.bytes16(16) + vector16(list))
        return handshake(1, [3, 3] + random + [0] + vector16([0x13, 0x01]) + [1, 0] + extensions)
    }

    /// `version` 0x0304 is chosen by the extension, as TLS 1.3 does; older ones by the legacy field.
    static func serverHello(version: UInt16) -> [UInt8] {
        let extensions = version == 0x0304 ? vector16(Wire.bytes16(43) + vector16(Wire.bytes16(version))) : []
        return handshake(2, Wire.bytes16(min(version, 0x0303)) + random + [0, 0x13, 0x01, 0] + extensions)
    }

    static let changeCipherSpec: [UInt8] = record(20, [1])
    static func applicationData(_ count: Int) -> [UInt8] { record(23, [UInt8](repeating: 7, count: count)) }
    static func encryptedHandshake(_ count: Int) -> [UInt8] { record(22, [UInt8](repeating: 0xEE, count: count)) }
    static func alert(_ description: UInt8) -> [UInt8] { record(21, [2, description]) }

    private static let random = [UInt8](repeating: 0xAA, count: 32)
    private static func handshake(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        record(22, [type, 0] + vector16(body))
    }
    private static func record(_ type: UInt8, _ fragment: [UInt8]) -> [UInt8] { [type, 3, 3] + vector16(fragment) }
    private static func vector16(_ bytes: [UInt8]) -> [UInt8] { Wire.bytes16(UInt16(bytes.count)) + bytes }
}
