import Capture
import Glibc
import Testing

@Suite struct CaptureFileProblemTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        /// What the error begins with.
        let sentence: String
    }

    @Test(arguments: [
        Row(
            testDescription: "empty", bytes: [],
            sentence: "test: the file is empty; a capture file begins with a header"),
        Row(
            testDescription: "gzip", bytes: [0x1F, 0x8B, 8, 0, 0],
            sentence: "test: the file is compressed; decompress it first: gzip -dc test | waybill read -"),
        Row(
            testDescription: "zstd", bytes: [0x28, 0xB5, 0x2F, 0xFD, 0],
            sentence: "test: the file is compressed; decompress it first: zstd -dc test | waybill read -"),
        Row(
            testDescription: "xz", bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0],
            sentence: "test: the file is compressed; decompress it first: xz -dc test | waybill read -"),
        Row(
            testDescription: "ELF", bytes: [0x7F, 0x45, 0x4C, 0x46],
            sentence: "test: not a pcap or pcapng file (it begins with 7f 45 4c 46); "
                + "if another capture program wrote it, convert it with: editcap -F pcapng FILE NEW"),
        Row(
            testDescription: "pcap of the future",
            bytes: [0xD4, 0xC3, 0xB2, 0xA1, 3, 0, 4, 0] + [UInt8](repeating: 0, count: 16),
            sentence: "test: pcap version 3.4 is not known, or the header is damaged"),
        Row(
            testDescription: "link type",
            bytes: [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0]
                + [UInt8](repeating: 0, count: 12) + [0xDD, 0, 0, 0],
            sentence: "test: link type 221"),
    ])
    func refuses(_ row: Row) throws {
        let error = #expect(throws: CaptureError.self) { try Reading(row.bytes) }
        let sentence = String(describing: try #require(error))
        #expect(sentence.hasPrefix(row.sentence), "\(sentence)")
    }

    @Test func refusesWhatIsNoFile() {
        #expect(throws: CaptureError.file("/nonexistent/x.pcap", .missing)) {
            try _ = CaptureFile(path: "/nonexistent/x.pcap").name
        }
        #expect(throws: CaptureError.file("/", .directory)) { try _ = CaptureFile(path: "/").name }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every file")) func refusesAForbiddenFile() {
        #expect(throws: CaptureError.file("/etc/shadow", .forbidden)) { try _ = CaptureFile(path: "/etc/shadow").name }
    }
}
