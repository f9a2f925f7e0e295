import Testing

@testable import Decode

@Suite struct HTTPViewTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var method: String
        var path: String?
        var host: String?
        var isCut = false
    }

    @Test(arguments: [
        Example(
            testDescription: "the query is not given out", text: "GET /a/b?token=1 HTTP/1.1\r\nHost: a.example\r\n\r\n",
            method: "GET", path: "/a/b", host: "a.example"),
        Example(
            testDescription: "port, spaces, case of the field, a final dot",
            text: "POST / HTTP/1.1\r\nAccept: */*\r\nhOsT: \t a.example.:8080 \r\n\r\nHost: in.body",
            method: "POST", path: "/", host: "a.example"),
        Example(
            testDescription: "HTTP/1.0 without Host", text: "HEAD /x HTTP/1.0\r\n\r\n", method: "HEAD", path: "/x"),
        Example(
            testDescription: "lines that end in LF alone", text: "GET /x HTTP/1.1\nHost: a\n\n", method: "GET",
            path: "/x", host: "a"),
        Example(
            testDescription: "an empty line first", text: "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n", method: "GET",
            path: "/x", host: "a"),
        Example(
            testDescription: "absolute form: its host wins, its user information is not given out",
            text: "GET http://user:p@ss@b.example:81/p?q HTTP/1.1\r\nHost: a.example\r\n\r\n", method: "GET",
            path: "/p", host: "b.example"),
        Example(
            testDescription: "absolute form without a path", text: "GET HTTP://b.example?q HTTP/1.1\r\n\r\n",
            method: "GET", path: "/", host: "b.example"),
        Example(
            testDescription: "IPv6 address with a port", text: "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n",
            method: "GET", path: "/", host: "2001:db8::1"),
        Example(
            testDescription: "the server itself", text: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", method: "OPTIONS",
            path: "*", host: "a"),
        Example(
            testDescription: "CONNECT", text: "CONNECT a.example:443 HTTP/1.1\r\nHost: other\r\n\r\n",
            method: "CONNECT", host: "a.example"),
        Example(
            testDescription: "a method of WebDAV", text: "VERSION-CONTROL /v HTTP/1.1\r\n\r\n",
            method: "VERSION-CONTROL", path: "/v"),
        Example(
            testDescription: "two Host fields are none", text: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            method: "GET", path: "/"),
        Example(
            testDescription: "Host cut off is none", text: "GET / HTTP/1.1\r\nHost: www.exam", method: "GET", path: "/"),
        Example(
            testDescription: "Host with user information", text: "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", method: "GET",
            path: "/"),
        Example(
            testDescription: "Host with a query", text: "GET / HTTP/1.1\r\nHost: a?q\r\n\r\n", method: "GET",
            path: "/"),
        Example(
            testDescription: "Host with a port that is none", text: "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n",
            method: "GET", path: "/"),
        Example(
            testDescription: "a field that only begins like Host", text: "GET / HTTP/1.1\r\nHostile: a\r\n\r\n",
            method: "GET", path: "/"),
        Example(
            testDescription: "octets that do not print", text: "GET /\\\u{E9}\u{1} HTTP/1.1\r\n", method: "", path: nil),
        Example(
            testDescription: "octets above ASCII in path and host",
            text: "GET /\\\u{E9} HTTP/1.1\r\nHost: \u{E9}\r\n\r\n",
            method: "GET", path: "/\\\\\\195\\169", host: "\\195\\169"),
        Example(
            testDescription: "cut in the path", text: "GET /abc", method: "GET", path: "/abc...", isCut: true),
        Example(
            testDescription: "cut in the query", text: "GET /abc?to", method: "GET", path: "/abc", isCut: true),
        Example(
            testDescription: "cut in the version", text: "GET /abc HTTP/1", method: "GET", path: "/abc", isCut: true),
        Example(
            testDescription: "cut before the line's end", text: "GET /abc HTTP/1.1\r", method: "GET", path: "/abc",
            isCut: true),
        Example(
            testDescription: "absolute form cut in its host", text: "GET http://www.exam", method: "GET",
            path: "/...", isCut: true),
        // These are no requests.
        Example(testDescription: "nothing", text: "", method: ""),
        Example(testDescription: "half a method", text: "GE", method: ""),
        Example(testDescription: "a method and no target", text: "GET ", method: ""),
        Example(testDescription: "an unknown method", text: "HELLO /x HTTP/1.1\r\n", method: ""),
        Example(testDescription: "a small-letter method", text: "get /x HTTP/1.1\r\n", method: ""),
        Example(testDescription: "HTTP/0.9", text: "GET /x\r\n", method: ""),
        Example(testDescription: "HTTP/2", text: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", method: ""),
        Example(testDescription: "GET with HTTP/2", text: "GET /x HTTP/2.0\r\n", method: ""),
        Example(testDescription: "another protocol", text: "OPTIONS rtsp://a/b RTSP/1.0\r\n", method: ""),
        Example(testDescription: "text behind the version", text: "GET /x HTTP/1.1 y\r\n", method: ""),
        Example(testDescription: "cut, and not like a target", text: "GET them", method: ""),
        Example(testDescription: "a redis command", text: "GET key\r\n", method: ""),
    ])
    func readsRequests(_ example: Example) {
        let bytes = Array(example.text.utf8)
        guard let request = HTTPRequestView(bytes.span.bytes) else {
            #expect(example.method == "")
            return
        }
        #expect(request.method == example.method)
        #expect(request.path == example.path)
        #expect(request.host == example.host)
        #expect(request.isCut == example.isCut)
    }

    static let request = "DELETE http://u:p@a.example:80/p/q?r HTTP/1.1\r\nX: y\r\nHost: a.example\r\n\r\n"

    /// A prefix may say less than the whole, and nothing else.
    @Test(arguments: 0...request.utf8.count)
    func everyPrefixIsRightOrSilent(_ length: Int) {
        let bytes = Array(Self.request.utf8.prefix(length))
        guard let request = HTTPRequestView(bytes.span.bytes) else {
            #expect(length < "DELETE http".utf8.count)
            return
        }
        #expect([nil, "a.example"].contains(request.host))
        #expect([nil, "/...", "/p...", "/p/...", "/p/q...", "/p/q"].contains(request.path))
    }

    @Test func theSearchForHostIsBounded() {
        let filler = String(repeating: "X: y\r\n", count: HTTPRequestView.fieldsLimit / 6 + 1)
        let near = Array("GET / HTTP/1.1\r\nHost: a\r\n\(filler)".utf8)
        let far = Array("GET / HTTP/1.1\r\n\(filler)Host: a\r\n\r\n".utf8)
        #expect(HTTPRequestView(near.span.bytes)?.host == "a")
        #expect(HTTPRequestView(far.span.bytes)?.host == nil)
    }

    @Test func aLongPathIsCut() {
        let long = String(repeating: "a", count: 20000)
        for text in ["GET /\(long.prefix(3000)) HTTP/1.1\r\n\r\n", "GET /\(long) HTTP/1.1\r\n\r\n"] {
            let bytes = Array(text.utf8)
            let path = HTTPRequestView(bytes.span.bytes)?.path
            #expect(path == "/\(long.prefix(HTTPRequestView.pathCapacity - 1))...")
        }
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\n", 200), ("HTTP/1.0 404 Not Found\r\n", 404), ("HTTP/1.1 204\r\n", 204),
            ("HTTP/1.1 599", 599), ("HTTP/1.1 100 Continue\r\n\r\n", 100),
            ("HTTP/1.1 20", nil), ("HTTP/1.1 2000", nil), ("HTTP/1.1 600 x", nil), ("HTTP/1.1 099 x", nil),
            ("HTTP/1.1 2x0 OK", nil), ("HTTP/2.0 200 OK", nil), ("HTTP/1.1  200 OK", nil), ("http/1.1 200 OK", nil),
            ("HTTP/1.x 200 OK", nil), ("HTTPS/1.1 200 OK", nil), ("", nil),
        ] as [(String, UInt16?)])
    func readsStatusLines(_ text: String, _ status: UInt16?) {
        let bytes = Array(text.utf8)
        #expect(HTTPStatusView(bytes.span.bytes)?.status == status)
    }

    @Test(arguments: [(UInt16(100), true), (103, true), (101, false), (200, false)])
    func tellsInterimResponses(_ status: UInt16, _ isInterim: Bool) {
        let bytes = Array("HTTP/1.1 \(status) x\r\n".utf8)
        #expect(HTTPStatusView(bytes.span.bytes)?.isInterim == isInterim)
    }

    @Test(arguments: [UInt64(21), 22])
    func mutations(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<5000 {
            var bytes = Array((Bool.random(using: &random) ? Self.request : "HTTP/1.1 200 OK\r\n\r\n").utf8)
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let special: [UInt8] = [0x0A, 0x0D, 0x20, 0x3A, 0x40, 0x5B, 0x5D, 0x2F, 0x3F, 0, 0xFF]
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    special.randomElement(using: &random) ?? 0
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random) / 2)
            _ = HTTPStatusView(bytes.span.bytes)?.status
            guard let request = HTTPRequestView(bytes.span.bytes) else { continue }
            let texts = [request.path, request.host].compactMap { $0 }
            #expect(texts.allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
            #expect(texts.allSatisfy { !$0.contains("?") })
        }
    }
}
