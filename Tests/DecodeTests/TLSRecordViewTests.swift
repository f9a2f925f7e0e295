import Testing

@testable import Decode

@Suite struct TLSRecordViewTests {
    @Test func readsARecordAndTheOneBehindIt() throws {
        let bytes: [UInt8] = [
            /* change_cipher_spec */ 20, /* 3.3 */ 3, 3, /* length */ 0, 1, 1,
            /* application_data */ 23, 3, 3, 0, 3, 9, 9, 9,
            /* alert, fatal handshake_failure */ 21, 3, 3, 0, 2, 2, 40,
            /* handshake, cut */ 22, 3, 3, 0x40, 0x00, 11, 0,
        ]
        var records = TLSRecords(bytes.span.bytes)
        var seen: [String] = []
        while let record = records.next() {
            let alert = record.alert.map { " \($0.level) \($0.name) \($0.isFatal)" } ?? ""
            let type = record.handshakeType.map { " type \($0)" } ?? ""
            seen.append("\(record.contentType) \(record.fragment.byteCount)/\(record.length)\(alert)\(type)")
            #expect(record.isCut == (record.length == 0x4000))
            #expect(record.legacyVersion == 0x0303)
        }
        #expect(
            seen == [
                "changeCipherSpec 1/1", "applicationData 3/3", "alert 2/2 2 handshake_failure true",
                "handshake 2/16384 type 11",
            ])
    }

    @Test(
        arguments: [
            ("unknown type", [25, 3, 1, 0, 1, 0]), ("type of HTTP text", Array("GET / HTTP/1.1".utf8)),
            ("version 2.0", [22, 2, 0, 0, 1, 0]), ("version 3.5", [22, 3, 5, 0, 1, 0]),
            ("empty handshake", [22, 3, 1, 0, 0]), ("empty alert", [21, 3, 1, 0, 0]),
            ("change_cipher_spec of two", [20, 3, 3, 0, 2, 1, 1]), ("beyond the limit", [23, 3, 3, 0x48, 0x01]),
        ] as [(String, [UInt8])])
    func isNoRecord(_ name: String, _ bytes: [UInt8]) {
        let found = TLSRecordView(bytes.span.bytes) != nil
        #expect(!found, "\(name)")
    }

    @Test(arguments: 0..<5)
    func everyShortHeaderIsNoRecord(_ length: Int) {
        let bytes: [UInt8] = [23, 3, 3, 0, 0]
        let short = TLSRecordView(bytes.span.bytes.extracting(first: length)) != nil
        let whole = TLSRecordView(bytes.span.bytes) != nil
        #expect(!short && whole)
    }

    @Test(
        arguments: [
            ("encrypted", [21, 3, 3, 0, 26] + [UInt8](repeating: 1, count: 26)), ("cut", [21, 3, 3, 0, 2, 2]),
            ("encrypted and cut", [21, 3, 3, 0, 26, 2, 40]),
            ("level 3", [21, 3, 3, 0, 2, 3, 40]), ("not an alert", [23, 3, 3, 0, 2, 2, 40]),
        ] as [(String, [UInt8])])
    func isNoReadableAlert(_ name: String, _ bytes: [UInt8]) {
        guard let record = TLSRecordView(bytes.span.bytes) else {
            Issue.record("\(name) is a record")
            return
        }
        #expect(record.alert == nil, "\(name)")
    }
}
