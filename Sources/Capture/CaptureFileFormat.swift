import Glibc

extension CaptureFile {
    /// Bytes from the descriptor's position to the end of a regular file, `nil` for anything without an end.
    static func remainingBytes(of descriptor: CInt, name: String) throws(CaptureError) -> UInt64? {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .file(name, .unreadable(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw .file(name, .directory)
        case S_IFREG:
            let position = max(0, lseek(descriptor, 0, SEEK_CUR))
            return UInt64(clamping: Int64(status.st_size) - Int64(position))
        case _: return nil
        }
    }

    /// Tells the format by the first bytes and reads the pcap file header; a pcapng file begins with a section
    /// header block, which `advance` reads.
    static func format(_ window: inout FileWindow) throws(CaptureError) -> (format: Format, interface: FileInterface?) {
        guard try window.fill(4) else {
            throw .file(window.name, window.available == 0 ? .empty : notACapture(&window))
        }
        let magic = window.uint32(at: 0)
        if magic == PcapngSection.blockType { return (.pcapng, nil) }
        guard let layout = PcapLayout(magic: magic) else { throw .file(window.name, notACapture(&window)) }
        let (finalLayout, interface) = try layout.readFileHeader(&window)
        return (.pcap(finalLayout), interface)
    }

    /// Formats that are likely to be handed over by mistake, by their first bytes.
    private static func notACapture(_ window: inout FileWindow) -> FileProblem {
        _ = try? window.fill(8)
        let count = min(8, window.available)
        let span = window.bytes(at: 0, count: count)
        let bytes = (0..<count).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        let compressors: [(magic: [UInt8], tool: String)] = [
            ([0x1F, 0x8B], "gzip"),
            ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"),
            ([0x42, 0x5A, 0x68], "bzip2"),
            ([0x04, 0x22, 0x4D, 0x18], "lz4"),
        ]
        for compressor in compressors where bytes.starts(with: compressor.magic) {
            return .compressed(tool: compressor.tool)
        }
        return .notACapture(firstBytes: bytes)
    }
}
