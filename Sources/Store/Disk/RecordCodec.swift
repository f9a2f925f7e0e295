import CZstd

/// Packs records for the disk: zstd with a dictionary of records like them, which is what makes a single one small.
///
///     0            1
///     | dictionary | one zstd frame with size and checksum |
///
/// The first byte is the number of the dictionary that the frame was made with, 0 for none. The checksum of the frame
/// tells a record that was damaged from one that was not. Not to be used by two at once.
@safe struct RecordCodec: ~Copyable {
    private let compression: OpaquePointer
    private let decompression: OpaquePointer
    private var dictionaries: [UInt8: Dictionary] = [:]
    private var current: UInt8 = 0

    /// Of one record, unpacked; beyond it a frame is damaged, whatever it claims.
    static let byteLimit = 8 << 20
    /// A good trade: 7 to 1 in 10 µs.
    private static let level: CInt = 3

    /// One of both directions, ready for use.
    @safe private final class Dictionary {
        let compression: OpaquePointer
        let decompression: OpaquePointer

        init?(_ bytes: [UInt8]) {
            guard
                let compression = unsafe bytes.withUnsafeBytes({
                    unsafe ZSTD_createCDict($0.baseAddress, $0.count, RecordCodec.level)
                })
            else { return nil }
            guard
                let decompression = unsafe bytes.withUnsafeBytes({
                    unsafe ZSTD_createDDict($0.baseAddress, $0.count)
                })
            else {
                unsafe ZSTD_freeCDict(compression)
                return nil
            }
            unsafe self.compression = compression
            unsafe self.decompression = decompression
        }

        deinit {
            unsafe ZSTD_freeCDict(compression)
            unsafe ZSTD_freeDDict(decompression)
        }
    }

    /// `nil` when there is no memory for it.
    init?() {
        guard let compression = unsafe ZSTD_createCCtx() else { return nil }
        guard let decompression = unsafe ZSTD_createDCtx() else {
            unsafe ZSTD_freeCCtx(compression)
            return nil
        }
        unsafe self.compression = compression
        unsafe self.decompression = decompression
        _ = unsafe ZSTD_CCtx_setParameter(compression, ZSTD_c_compressionLevel, Self.level)
        _ = unsafe ZSTD_CCtx_setParameter(compression, ZSTD_c_checksumFlag, 1)
    }

    deinit {
        unsafe ZSTD_freeCCtx(compression)
        unsafe ZSTD_freeDCtx(decompression)
    }

    /// Knows one more dictionary; what is packed from now on is packed with it.
    ///
    /// - Parameter number: not 0.
    mutating func learn(_ bytes: [UInt8], as number: UInt8) {
        guard number > 0, !bytes.isEmpty, let dictionary = Dictionary(bytes) else { return }
        dictionaries[number] = dictionary
        current = number
        _ = unsafe ZSTD_CCtx_refCDict(compression, dictionary.compression)
    }

    func knows(_ number: UInt8) -> Bool { dictionaries[number] != nil }

    /// `nil` for what is longer than ``byteLimit``, and when there is no memory.
    mutating func pack(_ bytes: some RandomAccessCollection<UInt8>) -> [UInt8]? {
        guard bytes.count <= Self.byteLimit else { return nil }
        return unsafe bytes.withContiguousStorageIfAvailable { unsafe pack(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { unsafe pack($0) }
    }

    private func pack(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        let room = ZSTD_compressBound(bytes.count)
        var isDone = false
        let packed = unsafe [UInt8](unsafeUninitializedCapacity: room + 1) { output, count in
            unsafe output[0] = current
            let size = unsafe ZSTD_compress2(
                compression, output.baseAddress?.advanced(by: 1), room, bytes.baseAddress, bytes.count)
            isDone = ZSTD_isError(size) == 0
            count = isDone ? size + 1 : 1
        }
        return isDone ? packed : nil
    }

    /// `nil` for bytes that ``pack(_:)`` did not make, or that were changed since.
    mutating func unpack(_ packed: [UInt8]) -> [UInt8]? {
        guard let number = packed.first else { return nil }
        var dictionary: Dictionary?
        if number > 0 {
            guard let known = dictionaries[number] else { return nil }
            dictionary = known
        }
        return unsafe packed.withUnsafeBytes { buffer -> [UInt8]? in
            let frame = unsafe UnsafeRawBufferPointer(rebasing: buffer.dropFirst())
            let claimed = unsafe ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
            guard claimed != wb_zstd_size_unknown, claimed != wb_zstd_size_error,
                let size = Int(exactly: claimed), size <= Self.byteLimit
            else { return nil }
            var isDone = false
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(size, 1)) { output, count in
                let result =
                    if let dictionary {
                        unsafe ZSTD_decompress_usingDDict(
                            decompression, output.baseAddress, size, frame.baseAddress, frame.count,
                            dictionary.decompression)
                    } else {
                        unsafe ZSTD_decompressDCtx(
                            decompression, output.baseAddress, size, frame.baseAddress, frame.count)
                    }
                isDone = ZSTD_isError(result) == 0 && result == size
                count = isDone ? size : 0
            }
            return isDone ? bytes : nil
        }
    }
}
