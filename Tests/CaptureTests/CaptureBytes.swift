import Capture
import Glibc
import Model

/// A capture file put together byte by byte, in either byte order.
struct CaptureBytes: Sendable {
    var bytes: [UInt8] = []
    let isBigEndian: Bool

    init(bigEndian: Bool = false) { isBigEndian = bigEndian }

    mutating func append<Word: FixedWidthInteger>(_ words: Word...) {
        for word in words {
            var ordered = isBigEndian ? word.bigEndian : word.littleEndian
            withUnsafeBytes(of: &ordered) { bytes += $0 }
        }
    }

    // MARK: pcap

    mutating func pcapHeader(
        magic: UInt32 = 0xA1B2_C3D4, minor: UInt16 = 4, snapLength: UInt32 = 65535, linkType: UInt32 = 1
    ) {
        append(magic)
        append(UInt16(2), minor)
        append(UInt32(0), UInt32(0), snapLength, linkType)
    }

    mutating func record(
        seconds: UInt32, fraction: UInt32 = 0, frame: [UInt8], wireLength: Int? = nil, extra: [UInt8] = []
    ) {
        append(seconds, fraction, UInt32(frame.count), UInt32(wireLength ?? frame.count))
        bytes += extra + frame
    }

    // MARK: pcapng

    /// A whole block of `type` around `body`, padded.
    mutating func block(_ type: UInt32, _ body: (inout CaptureBytes) -> Void) {
        var inner = CaptureBytes(bigEndian: isBigEndian)
        body(&inner)
        while inner.bytes.count % 4 != 0 { inner.bytes.append(0) }
        let length = UInt32(inner.bytes.count + 12)
        append(type, length)
        bytes += inner.bytes
        append(length)
    }

    mutating func section(options: [(UInt16, [UInt8])] = []) {
        block(0x0A0D_0D0A) {
            $0.append(UInt32(0x1A2B_3C4D))
            $0.append(UInt16(1), UInt16(0))
            $0.append(Int64(-1))
            $0.options(options)
        }
    }

    mutating func interface(linkType: UInt16 = 1, snapLength: UInt32 = 0, options: [(UInt16, [UInt8])] = []) {
        block(1) {
            $0.append(linkType, UInt16(0))
            $0.append(snapLength)
            $0.options(options)
        }
    }

    mutating func enhanced(_ interface: UInt32 = 0, units: UInt64, frame: [UInt8], wireLength: Int? = nil) {
        block(6) {
            $0.append(interface, UInt32(units >> 32), UInt32(truncatingIfNeeded: units))
            $0.append(UInt32(frame.count), UInt32(wireLength ?? frame.count))
            $0.bytes += frame
        }
    }

    mutating func options(_ options: [(UInt16, [UInt8])]) {
        guard !options.isEmpty else { return }
        for (code, value) in options {
            append(code, UInt16(value.count))
            bytes += value
            while bytes.count % 4 != 0 { bytes.append(0) }
        }
        append(UInt32(0))
    }

    /// The value of an option that is a number of this file's byte order.
    func value<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
        var inner = CaptureBytes(bigEndian: isBigEndian)
        inner.append(word)
        return inner.bytes
    }
}

/// What a reader gave of a file.
struct Reading {
    struct Frame: Equatable {
        var bytes: [UInt8]
        var nanoseconds: Int64
        var wireLength: Int
        var interface: UInt16
        var linkType: LinkType
    }

    var frames: [Frame] = []
    var error: CaptureError?
    var interfaces: [FileInterface] = []
    var records: UInt64 = 0
    var framesCut: UInt64 = 0
    var framesUnsupported: UInt64 = 0
    var framesFiltered: UInt64 = 0
    var bytesRead: UInt64 = 0
    var totalBytes: UInt64?

    var times: [Int64] { frames.map(\.nanoseconds) }
    var contents: [[UInt8]] { frames.map(\.bytes) }

    init(_ file: consuming CaptureFile) {
        do throws(CaptureError) {
            while try file.advance() {
                let span = file.frame
                let bytes = (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
                let info = file.info
                frames.append(
                    Frame(
                        bytes: bytes, nanoseconds: info.time.nanoseconds, wireLength: info.wireLength,
                        interface: info.interface.index, linkType: info.linkType))
            }
        } catch {
            self.error = error
        }
        interfaces = file.interfaces
        records = file.records
        framesCut = file.framesCut
        framesUnsupported = file.framesUnsupported
        framesFiltered = file.framesFiltered
        bytesRead = file.bytesRead
        totalBytes = file.totalBytes
    }

    /// Reads `bytes` as a file named "test".
    init(_ bytes: [UInt8], filter: String? = nil) throws {
        self.init(
            try CaptureFile(descriptor: try unnamedFile(bytes), name: "test", closesDescriptor: true, filter: filter))
    }
}

struct SystemError: Error { let number = errno }

/// A file without a name, which goes with its descriptor.
func unnamedFile(_ bytes: [UInt8]) throws -> CInt {
    var path = Array("/tmp/wb-capture-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { throw SystemError() }
    unlink(path)
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, bytes.count - written) }
        guard count > 0 else { throw SystemError() }
        written += count
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
}
