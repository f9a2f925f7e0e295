import Capture
import Glibc
import Model
import Testing

@Suite struct PcapFileTests {
    struct Form: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let magic: UInt32
        let bigEndian: Bool
        let nanosecondsPerUnit: Int64
        var extra: [UInt8] = []
    }

    static let forms = [
        Form(
            testDescription: "little-endian microseconds", magic: 0xA1B2_C3D4, bigEndian: false,
            nanosecondsPerUnit: 1000),
        Form(testDescription: "big-endian microseconds", magic: 0xA1B2_C3D4, bigEndian: true, nanosecondsPerUnit: 1000),
        Form(testDescription: "little-endian nanoseconds", magic: 0xA1B2_3C4D, bigEndian: false, nanosecondsPerUnit: 1),
        Form(testDescription: "big-endian nanoseconds", magic: 0xA1B2_3C4D, bigEndian: true, nanosecondsPerUnit: 1),
        Form(
            testDescription: "patched records of 24 bytes", magic: 0xA1B2_CD34, bigEndian: false,
            nanosecondsPerUnit: 1000, extra: [UInt8](repeating: 0xEE, count: 8)),
        Form(
            testDescription: "patched records, big-endian", magic: 0xA1B2_CD34, bigEndian: true,
            nanosecondsPerUnit: 1000, extra: [UInt8](repeating: 0xEE, count: 8)),
    ]

    @Test(arguments: forms) func reads(_ form: Form) throws {
        var file = CaptureBytes(bigEndian: form.bigEndian)
        file.pcapHeader(magic: form.magic, snapLength: 96, linkType: 101)
        file.record(seconds: 1_700_000_000, fraction: 123_456, frame: [1, 2, 3], extra: form.extra)
        file.record(seconds: .max, fraction: 7, frame: [4, 5], wireLength: 1500, extra: form.extra)
        let reading = try Reading(file.bytes)
        #expect(reading.error == nil)
        #expect(
            reading.frames == [
                .init(
                    bytes: [1, 2, 3], nanoseconds: 1_700_000_000_000_000_000 + 123_456 * form.nanosecondsPerUnit,
                    wireLength: 3, interface: 0, linkType: .raw),
                .init(
                    bytes: [4, 5], nanoseconds: 4_294_967_295_000_000_000 + 7 * form.nanosecondsPerUnit,
                    wireLength: 1500, interface: 0, linkType: .raw),
            ])
        #expect(reading.interfaces.map(\.snapLength) == [96])
        #expect(reading.interfaces.map(\.name) == [nil])
        #expect(reading.records == 2)
        #expect(reading.framesCut == 1)
        #expect(reading.bytesRead == UInt64(file.bytes.count))
        #expect(reading.totalBytes == UInt64(file.bytes.count))
    }

    /// Cut anywhere, a file gives the records before the cut, and then an error at the record that the cut is in.
    @Test(arguments: forms) func cutAtEveryByte(_ form: Form) throws {
        var file = CaptureBytes(bigEndian: form.bigEndian)
        file.pcapHeader(magic: form.magic)
        var ends = [file.bytes.count]
        for number in 1...3 {
            file.record(
                seconds: 1, frame: [UInt8](repeating: UInt8(number), count: 5 * number), extra: form.extra)
            ends.append(file.bytes.count)
        }
        let headerLength = 16 + form.extra.count
        for length in 0..<file.bytes.count {
            let bytes = Array(file.bytes[..<length])
            guard length >= 24 else {
                let error = #expect(throws: CaptureError.self) { try Reading(bytes) }
                let left = CaptureError.damaged(file: "test", offset: 0, .fileHeaderCut(needs: 24, left: length))
                switch length {
                case 0: #expect(error == .file("test", .empty))
                case 1..<4: #expect(error == .file("test", .notACapture(firstBytes: bytes)))
                case _: #expect(error == left)
                }
                continue
            }
            let reading = try Reading(bytes)
            let whole = ends.lastIndex { $0 <= length } ?? 0
            #expect(reading.frames.count == whole, "cut to \(length) bytes")
            let left = length - ends[whole]
            let record = UInt64(whole + 1)
            let damage: Damage? =
                if left == 0 { nil } else if left < headerLength {
                    .recordHeaderCut(record: record, needs: headerLength, left: left)
                } else {
                    .recordCut(record: record, claims: ends[whole + 1] - ends[whole], left: left)
                }
            #expect(
                reading.error == damage.map { .damaged(file: "test", offset: UInt64(ends[whole]), $0) },
                "cut to \(length) bytes")
        }
    }

    @Test func saysWhereItIsDamaged() throws {
        var file = CaptureBytes()
        file.pcapHeader()
        file.record(seconds: 1, frame: [1, 2, 3, 4])
        file.append(UInt32(2), UInt32(0), UInt32(70_000), UInt32(70_000))
        let cut = try Reading(file.bytes + [UInt8](repeating: 0, count: 312))
        #expect(cut.contents == [[1, 2, 3, 4]])
        #expect(
            cut.error.map(String.init(describing:))
                == "test: record 2 at byte 44 claims 70016 bytes, 328 are left: the file is cut or damaged")
        file.bytes.removeLast(8)
        file.append(UInt32(300_000), UInt32(300_000))
        #expect(
            try Reading(file.bytes).error
                == .damaged(file: "test", offset: 44, .recordTooLong(record: 2, claims: 300_000, limit: 262_144)))
    }

    @Test func anErrorIsThrownOnceAndThenTheFileIsOver() throws {
        var file = CaptureBytes()
        file.pcapHeader()
        file.bytes += [1, 2, 3]
        var reader = try CaptureFile(descriptor: unnamedFile(file.bytes), name: "test", closesDescriptor: true)
        #expect(throws: CaptureError.self) { try reader.advance() }
        let again = try reader.advance()
        let count = reader.frame.byteCount
        #expect(!again && count == 0)
    }

    /// A frame beyond libpcap's limit is read if the header announces it, which also makes the buffer grow.
    @Test func readsFramesUpToALargeSnapLength() throws {
        let frame = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var file = CaptureBytes()
        file.pcapHeader(snapLength: 1 << 20)
        file.record(seconds: 1, frame: [9])
        file.record(seconds: 2, frame: frame)
        file.record(seconds: 3, frame: [8])
        let reading = try Reading(file.bytes)
        #expect(reading.error == nil)
        #expect(reading.contents == [[9], frame, [8]])
    }

    @Test(arguments: [
        (UInt32(0x4000_0001), LinkType.ethernet), (0xF400_0065, .raw), (0x0000_0114, .linuxSLL2), (12, .raw12),
        (0, .null), (108, .loop), (113, .linuxSLL), (228, .ipv4), (229, .ipv6),
    ])
    func masksTheFrameCheckSequenceBits(word: UInt32, linkType: LinkType) throws {
        var file = CaptureBytes()
        file.pcapHeader(linkType: word)
        file.record(seconds: 1, frame: [1])
        #expect(try Reading(file.bytes).frames.map(\.linkType) == [linkType])
    }

    @Test func oldFilesMayExchangeTheLengths() throws {
        var file = CaptureBytes()
        file.pcapHeader(minor: 2)
        file.append(UInt32(1), UInt32(0), /* original */ UInt32(60), /* captured */ UInt32(2))
        file.bytes += [7, 8]
        let reading = try Reading(file.bytes)
        #expect(reading.contents == [[7, 8]])
        #expect(reading.frames.map(\.wireLength) == [60])
    }

    /// More than the buffer holds, from a file and through a pipe that gives a little at a time.
    @Test(arguments: [false, true]) func readsAcrossRefills(throughPipe: Bool) throws {
        var file = CaptureBytes()
        file.pcapHeader()
        var frames: [[UInt8]] = []
        for number in 0..<3000 {
            let frame = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: (number * 37) % 1500)
            frames.append(frame)
            file.record(seconds: UInt32(number), frame: frame)
        }
        let bytes = file.bytes
        let reading: Reading
        if throughPipe {
            var ends: [CInt] = [0, 0]
            guard pipe(&ends) == 0 else { throw SystemError() }
            let (source, sink) = (ends[0], ends[1])
            let writer = try TestThread {
                for start in stride(from: 0, to: bytes.count, by: 1000) {
                    let part = Array(bytes[start..<min(start + 1000, bytes.count)])
                    guard write(sink, part, part.count) == part.count else { break }
                }
                close(sink)
            }
            reading = Reading(try CaptureFile(descriptor: source, name: "pipe", closesDescriptor: true))
            writer.join()
            #expect(reading.totalBytes == nil)
        } else {
            reading = try Reading(bytes)
        }
        #expect(reading.error == nil)
        #expect(reading.contents == frames)
        #expect(reading.times.last == 2999_000_000_000)
        #expect(reading.bytesRead == UInt64(bytes.count))
    }
}
