/// A connection id of QUIC version 1 or 2: 0 to 20 bytes (RFC 9000 §17.2), as a value without heap.
package struct QUICConnectionID: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The bytes in order, the first one highest, zeros behind the last.
    package private(set) var high: UInt64 = 0
    package private(set) var middle: UInt64 = 0
    package private(set) var low: UInt32 = 0
    package let byteCount: UInt8

    package static let capacity = 20

    /// - Parameter byteCount: at most ``capacity``; what is beyond is left out.
    package init(byteCount: Int, byte: (Int) -> UInt8) {
        let count = max(0, min(byteCount, Self.capacity))
        self.byteCount = UInt8(truncatingIfNeeded: count)
        for index in 0..<count {
            let value = byte(index)
            switch index {
            case 0..<8: high |= UInt64(value) &<< UInt64(8 * (7 - index))
            case 8..<16: middle |= UInt64(value) &<< UInt64(8 * (15 - index))
            default: low |= UInt32(value) &<< UInt32(8 * (19 - index))
            }
        }
    }

    package var isEmpty: Bool { byteCount == 0 }

    package var bytes: [UInt8] {
        (0..<Int(byteCount)).map { index in
            switch index {
            case 0..<8: UInt8(truncatingIfNeeded: high &>> UInt64(8 * (7 - index)))
            case 8..<16: UInt8(truncatingIfNeeded: middle &>> UInt64(8 * (15 - index)))
            default: UInt8(truncatingIfNeeded: low &>> UInt32(8 * (19 - index)))
            }
        }
    }

    /// Lower-case hexadecimal; empty for an id of no bytes.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
