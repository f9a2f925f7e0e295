package import Model

/// One TCP header, read in place (RFC 9293 §3.1); bytes:
///
///     0        2             4          8       12             13      14       16         18       20
///     | source | destination | sequence | ack. | offset|rsvd. | flags | window | checksum | urgent | options …
package struct TCPView: ~Escapable {
    private let bytes: RawSpan

    /// - Throws: ``DecodeError`` when the header was not captured whole or its data offset is under 20 bytes.
    ///   `options` may be cut: a segment whose 20 bytes are there is worth reading.
    @inline(__always)
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 20 else { throw .truncated(.tcp, at: offset, needs: 20, has: bytes.byteCount) }
        let headerLength = Int(bytes.uint8(at: 12) >> 4) * 4
        guard headerLength >= 20 else {
            throw .invalid(.tcp, at: offset + 12, field: .dataOffset, value: headerLength)
        }
        self.bytes = bytes
    }

    package var sourcePort: UInt16 { @inline(__always) get { bytes.uint16(at: 0) } }
    package var destinationPort: UInt16 { @inline(__always) get { bytes.uint16(at: 2) } }
    package var sequenceNumber: UInt32 { @inline(__always) get { bytes.uint32(at: 4) } }
    package var acknowledgmentNumber: UInt32 { @inline(__always) get { bytes.uint32(at: 8) } }
    /// Bytes, options included.
    package var headerLength: Int { @inline(__always) get { Int(bytes.uint8(at: 12) >> 4) * 4 } }
    package var flags: TCPFlags { @inline(__always) get { TCPFlags(rawValue: bytes.uint8(at: 13)) } }
    /// Unscaled.
    package var window: UInt16 { @inline(__always) get { bytes.uint16(at: 14) } }

    /// Reads the options that matter for a handshake; stops quietly at the first that is cut or makes no sense.
    package var options: TCPOptions {
        var options = TCPOptions()
        forEachOption { kind, position, length in
            switch (kind, length) {
            case (2, 4): options.maximumSegmentSize = bytes.uint16(at: position + 2)
            case (3, 3): options.windowScale = bytes.uint8(at: position + 2)
            case (4, 2): options.selectiveAcknowledgment = true
            case (8, 10): options.timestamps = true
            case (30, _): options.multipath = true
            case (34, _): options.fastOpen = true
            default: break
            }
        }
        return options
    }

    /// TSval of the timestamps option (RFC 7323 §3).
    package var timestampValue: UInt32? {
        var value: UInt32?
        forEachOption { kind, position, length in
            if kind == 8, length == 10 { value = bytes.uint32(at: position + 2) }
        }
        return value
    }

    /// Calls `body` with each option's kind, place and length, header included.
    @inline(__always)
    private func forEachOption(_ body: (UInt8, Int, Int) -> Void) {
        let end = min(headerLength, bytes.byteCount)
        var position = 20
        while position < end {
            let kind = bytes.uint8(at: position)
            if kind == 0 { break }
            if kind == 1 {
                position += 1
                continue
            }
            guard position + 2 <= end else { break }
            let length = Int(bytes.uint8(at: position + 1))
            guard length >= 2, position + length <= end else { break }
            body(kind, position, length)
            position += length
        }
    }
}

/// The control bits of a TCP header (RFC 9293 §3.1).
///
/// Not an `OptionSet`: its generic operations are calls from another module, and every segment makes several.
public struct TCPFlags: Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt8

    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    @inlinable public static var none: TCPFlags { TCPFlags(rawValue: 0) }
    @inlinable public static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
    @inlinable public static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
    @inlinable public static var rst: TCPFlags { TCPFlags(rawValue: 0x04) }
    @inlinable public static var psh: TCPFlags { TCPFlags(rawValue: 0x08) }
    @inlinable public static var ack: TCPFlags { TCPFlags(rawValue: 0x10) }
    @inlinable public static var urg: TCPFlags { TCPFlags(rawValue: 0x20) }
    @inlinable public static var ece: TCPFlags { TCPFlags(rawValue: 0x40) }
    @inlinable public static var cwr: TCPFlags { TCPFlags(rawValue: 0x80) }

    @inlinable public static func | (left: TCPFlags, right: TCPFlags) -> TCPFlags {
        TCPFlags(rawValue: left.rawValue | right.rawValue)
    }

    @inlinable public func contains(_ flag: TCPFlags) -> Bool { rawValue & flag.rawValue == flag.rawValue }

    /// Whether any of `flags` is set.
    @inlinable public func intersects(_ flags: TCPFlags) -> Bool { rawValue & flags.rawValue != 0 }
}
