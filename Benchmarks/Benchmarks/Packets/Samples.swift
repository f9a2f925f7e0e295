/// Messages as clients and servers send them.
enum Samples {
    static let name: [UInt8] = [3] + Array("www".utf8) + [7] + Array("example".utf8) + [3] + Array("com".utf8) + [0]

    static func query(id: UInt16) -> [UInt8] {
        Frames.big(id) + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + [0, 1, 0, 1]
    }

    static func answer(id: UInt16) -> [UInt8] {
        let record: [UInt8] = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100]
        return Frames.big(id) + [0x81, 0x80, 0, 1, 0, 4, 0, 0, 0, 0] + name + [0, 1, 0, 1]
            + (1...4).flatMap { record + [UInt8($0)] }
    }

    static let request = Array("GET /index.html HTTP/1.1\r\nHost: www.example.com\r\nAccept: */*\r\n\r\n".utf8)

    static func response(length: Int) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(length)\r\n\r\n".utf8)
    }

    static let chunkedResponse = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)

    /// RFC 8446 §4.1.2, with a name, ALPN and the versions 1.3 and 1.2.
    static var clientHello: [UInt8] {
        let host = Array("www.example.com".utf8)
        let serverName = Frames.big(UInt16(host.count + 3)) + [0] + Frames.big(UInt16(host.count)) + host
        let extensions =
            field(0, serverName) + field(16, [0, 12, 2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8))
            + field(43, [4, 3, 4, 3, 3]) + field(10, [0, 4, 0, 29, 0, 23]) + field(13, [0, 4, 4, 3, 8, 4])
        let body =
            [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 6, 0x13, 1, 0x13, 2, 0xC0, 0x2B, 1, 0]
            + Frames.big(UInt16(extensions.count)) + extensions
        return record(22, 1, [1, 0] + Frames.big(UInt16(body.count)) + body)
    }

    static var serverHello: [UInt8] {
        let extensions = field(43, [3, 4]) + field(51, [0, 29, 0, 32] + [UInt8](repeating: 9, count: 32))
        let body =
            [3, 3] + [UInt8](repeating: 8, count: 32) + [0, 0x13, 1, 0] + Frames.big(UInt16(extensions.count))
            + extensions
        return record(22, 3, [2, 0] + Frames.big(UInt16(body.count)) + body)
    }

    /// Encrypted, so far as anybody can see.
    static func applicationData(_ count: Int) -> [UInt8] { record(23, 3, [UInt8](repeating: 0xAA, count: count)) }

    static func record(_ type: UInt8, _ minor: UInt8, _ fragment: [UInt8]) -> [UInt8] {
        [type, 3, minor] + Frames.big(UInt16(fragment.count)) + fragment
    }

    private static func field(_ type: UInt16, _ data: [UInt8]) -> [UInt8] {
        Frames.big(type) + Frames.big(UInt16(data.count)) + data
    }
}
