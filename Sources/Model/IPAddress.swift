/// An IPv4 or IPv6 address: a fixed-size value, usable as a map key without touching the heap.
///
/// IPv4 sits in the low 32 bits of `low`, `high` is zero. The version is part of the value: an
/// IPv4-mapped IPv6 address seen on the wire never equals the IPv4 address inside it.
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    public let high: UInt64
    public let low: UInt64
    public let version: Version

    public enum Version: UInt8, Sendable, BitwiseCopyable { case v4 = 4, v6 = 6 }

    @inlinable public init(v4 bits: UInt32) {
        high = 0
        low = UInt64(bits)
        version = .v4
    }

    @inlinable public init(v6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        version = .v6
    }

    @inlinable public static var anyIPv4: IPAddress { IPAddress(v4: 0) }
    @inlinable public static var anyIPv6: IPAddress { IPAddress(v6High: 0, low: 0) }

    /// `0.0.0.0` or `::`.
    @inlinable public var isUnspecified: Bool { high == 0 && low == 0 }

    /// 127.0.0.0/8 or ::1 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
    @inlinable public var isLoopback: Bool {
        switch version {
        case .v4: low >> 24 == 127
        case .v6: high == 0 && low == 1
        }
    }

    /// 224.0.0.0/4 or ff00::/8 (RFC 5771, RFC 4291 §2.7).
    @inlinable public var isMulticast: Bool {
        switch version {
        case .v4: low >> 28 == 0xE
        case .v6: high >> 56 == 0xFF
        }
    }

    /// 255.255.255.255 (RFC 919); a subnet's own broadcast address needs the prefix to tell.
    @inlinable public var isLimitedBroadcast: Bool { version == .v4 && low == 0xFFFF_FFFF }

    /// 169.254.0.0/16 or fe80::/10 (RFC 3927, RFC 4291 §2.5.6).
    @inlinable public var isLinkLocal: Bool {
        switch version {
        case .v4: low >> 16 == 0xA9FE
        case .v6: high >> 54 == 0x3FA
        }
    }
}

extension IPAddress: Comparable {
    @inlinable public static func == (left: IPAddress, right: IPAddress) -> Bool {
        left.low == right.low && left.high == right.high && left.version == right.version
    }

    /// IPv4 before IPv6, then by value.
    @inlinable public static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.version != right.version { return left.version.rawValue < right.version.rawValue }
        return left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the canonical form of RFC 5952 §4: lower case, no leading zeros, the longest run of
    /// two or more zero groups as `::`, and dotted decimal inside `::ffff:0:0/96`.
    public var description: String {
        var text = AddressText()
        append(to: &text)
        return text.text
    }

    func append(to text: inout AddressText) {
        switch version {
        case .v4: Self.append(dotted: low, to: &text)
        case .v6: appendCanonicalIPv6(to: &text)
        }
    }

    private static func append(dotted bits: UInt64, to text: inout AddressText) {
        for shift in stride(from: UInt64(24), through: 0, by: -8) {
            text.append(decimal: UInt16(truncatingIfNeeded: bits >> shift & 255))
            if shift > 0 { text.append(".") }
        }
    }

    /// Group `index` of eight, 16 bits each.
    private func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)))
    }

    private func appendCanonicalIPv6(to text: inout AddressText) {
        if high == 0 && low >> 32 == 0xFFFF {
            for character in "::ffff:".unicodeScalars { text.append(character) }
            Self.append(dotted: low & 0xFFFF_FFFF, to: &text)
            return
        }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8 && group(end) == 0 { end += 1 }
            if end - start >= 2 && end - start > best.count { best = start..<end }
            start = max(end, start + 1)
        }
        var index = 0
        var needsColon = false
        while index < 8 {
            if index == best.lowerBound && !best.isEmpty {
                text.append(":")
                text.append(":")
                index = best.upperBound
                needsColon = false
                continue
            }
            if needsColon { text.append(":") }
            text.append(hexadecimal: group(index))
            needsColon = true
            index += 1
        }
    }
}

extension IPAddress: LosslessStringConvertible {
    /// Reads dotted decimal (four parts, no leading zeros) or any RFC 4291 §2.2 form; `nil` for anything else.
    public init?(_ text: String) {
        if text.contains(":") {
            guard let value = Self.parseIPv6(text) else { return nil }
            self = value
        } else {
            guard let bits = Self.parseIPv4(text[...]) else { return nil }
            self.init(v4: bits)
        }
    }

    private static func parseIPv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard !part.isEmpty, part.count <= 3, part.allSatisfy({ $0.isASCII && $0.isNumber }),
                part.count == 1 || part.first != "0", let octet = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(octet)
        }
        return bits
    }

    private static func parseGroups(_ text: Substring) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1 && part.contains(".") {
                guard let bits = parseIPv4(part) else { return nil }
                groups += [UInt16(bits >> 16), UInt16(bits & 0xFFFF)]
                continue
            }
            guard (1...4).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups.count <= 8 ? groups : nil
    }

    private static func parseIPv6(_ text: String) -> IPAddress? {
        var groups: [UInt16]
        let characters = Array(text)
        var gap: Int?
        for index in characters.indices.dropLast() where characters[index] == ":" && characters[index + 1] == ":" {
            if gap != nil { return nil }
            gap = index
        }
        if let gap {
            guard let head = parseGroups(Substring(String(characters[..<gap]))),
                let tail = parseGroups(Substring(String(characters[(gap + 2)...]))),
                head.count + tail.count <= 7
            else { return nil }
            groups = head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
        } else {
            guard let all = parseGroups(text[...]), all.count == 8 else { return nil }
            groups = all
        }
        let high = groups[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        let low = groups[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        return IPAddress(v6High: high, low: low)
    }
}

/// A network: an address and how many leading bits of it count.
package struct IPPrefix: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    package let length: Int

    /// `nil` when `length` is not within the address's bits.
    package init?(address: IPAddress, length: Int) {
        guard (0...(address.version == .v4 ? 32 : 128)).contains(length) else { return nil }
        self.address = address
        self.length = length
    }

    /// Reads `192.0.2.0/24`, `2001:db8::/32`, or a bare address as a network of one.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self.init(address: address, length: address.version == .v4 ? 32 : 128)
            return
        }
        guard !parts[1].isEmpty, parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let length = Int(parts[1]) else {
            return nil
        }
        self.init(address: address, length: length)
    }

    package func contains(_ other: IPAddress) -> Bool {
        guard other.version == address.version else { return false }
        let width = address.version == .v4 ? 32 : 128
        let own = UInt128(address.high) << 64 | UInt128(address.low)
        let theirs = UInt128(other.high) << 64 | UInt128(other.low)
        return length == 0 || (own ^ theirs) >> UInt128(width - length) == 0
    }

    package var description: String { "\(address)/\(length)" }
}
