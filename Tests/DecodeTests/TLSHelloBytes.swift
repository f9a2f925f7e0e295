/// Writes TLS records for the tests below.
enum TLSHelloBytes {
    static func record(_ type: UInt8, version: UInt16 = 0x0301, _ fragment: [UInt8]) -> [UInt8] {
        [type] + bigEndian(version) + vector16(fragment)
    }

    static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, UInt8(body.count >> 16), UInt8(body.count >> 8 & 255), UInt8(body.count & 255)] + body
    }

    static func clientHello(_ extensions: [[UInt8]]?, sessionID: [UInt8] = [UInt8](repeating: 5, count: 32)) -> [UInt8]
    {
        let head = bigEndian(0x0303) + [UInt8](repeating: 0xAA, count: 32) + vector8(sessionID)
        let choices = vector16([0x13, 0x01, 0x13, 0x02]) + vector8([0])
        return message(1, head + choices + (extensions.map { vector16(Array($0.joined())) } ?? []))
    }

    static func serverHello(
        version: UInt16 = 0x0303, random: [UInt8] = [UInt8](repeating: 0xBB, count: 32), _ extensions: [[UInt8]]?
    ) -> [UInt8] {
        let head = bigEndian(version) + random + vector8([UInt8](repeating: 5, count: 32))
        return message(2, head + [0x13, 0x01, 0] + (extensions.map { vector16(Array($0.joined())) } ?? []))
    }

    static func serverName(_ name: [UInt8], type: UInt8 = 0) -> [UInt8] {
        bigEndian(0) + vector16(vector16([type] + vector16(name)))
    }

    static func alpn(_ names: [[UInt8]]) -> [UInt8] {
        bigEndian(16) + vector16(vector16(names.flatMap { vector8($0) }))
    }

    static func offeredVersions(_ versions: [UInt16]) -> [UInt8] {
        bigEndian(43) + vector16(vector8(versions.flatMap(bigEndian)))
    }

    static func bigEndian(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    static func vector8(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count)] + bytes }
    static func vector16(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt16(bytes.count)) + bytes }
}
