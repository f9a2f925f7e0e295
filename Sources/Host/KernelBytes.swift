import Glibc
import Model

/// Bytes as the kernel laid them out in memory: host order, no promise of alignment.
///
/// The one place of this module that reads raw memory, and it checks before it does.
struct KernelBytes: Equatable {
    private let storage: [UInt8]
    /// Of `storage`.
    private let range: Range<Int>

    init(_ storage: [UInt8]) {
        self.storage = storage
        range = 0..<storage.count
    }

    private init(storage: [UInt8], range: Range<Int>) {
        self.storage = storage
        self.range = range
    }

    var count: Int { range.count }

    /// The part from `offset` of `length` bytes; `nil` when it does not lie within.
    func part(at offset: Int, length: Int) -> KernelBytes? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        let start = range.lowerBound + offset
        return KernelBytes(storage: storage, range: start..<start + length)
    }

    /// All from `offset` on; empty when that is the end or beyond it.
    func dropping(_ offset: Int) -> KernelBytes {
        let start = min(max(offset, 0), count)
        return KernelBytes(storage: storage, range: range.lowerBound + start..<range.upperBound)
    }

    /// A value of a kernel structure or integer; `nil` when fewer bytes are left than it takes.
    func load<Value: BitwiseCopyable>(_ type: Value.Type, at offset: Int = 0) -> Value? {
        guard offset >= 0, offset <= count, MemoryLayout<Value>.size <= count - offset else { return nil }
        let start = range.lowerBound + offset
        return unsafe storage.span.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: type)
    }

    /// The same in network byte order, as netfilter has its numbers.
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number? {
        load(type).map { Number(bigEndian: $0) }
    }

    /// An address in network byte order; `nil` unless it is as long as one of `family`, AF_INET or AF_INET6.
    func address(family: CInt) -> IPAddress? {
        switch (family, count) {
        case (AF_INET, 4): bigEndian(UInt32.self).map { IPAddress(v4: $0) }
        case (AF_INET6, 16):
            if let high = load(UInt64.self), let low = load(UInt64.self, at: 8) {
                IPAddress(v6High: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
            } else {
                nil
            }
        default: nil
        }
    }

    var octets: ArraySlice<UInt8> { storage[range] }

    static func == (left: KernelBytes, right: KernelBytes) -> Bool { left.octets == right.octets }
}
