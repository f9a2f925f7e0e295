/// Where a request goes: the filter `to`.
///
///     example.org            the name and everything under it
///     192.0.2.1              an address, 2001:db8::1 likewise
///     192.0.2.0/24           a network
///     192.0.2.1:443          any of these with a port; IPv6 in brackets, [2001:db8::1]:443
package struct Destination: Sendable, Hashable, CustomStringConvertible {
    package var host: Host
    package var port: UInt16?

    /// Addresses stay text here: the contract knows their shape, `Report` what they mean.
    package enum Host: Sendable, Hashable {
        /// In lower case, without the final dot.
        case name(String)
        case address(String)
        case network(address: String, length: Int)
    }

    package static let forms = [
        "a name (example.org)", "an address (192.0.2.1, 2001:db8::1)", "a network (192.0.2.0/24)",
        "each with a port (example.org:443, [2001:db8::1]:443)",
    ]

    /// `nil` when the text has none of these forms.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 300 else { return nil }
        var hostText = text[...]
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let rest = text[text.index(after: end)...]
            hostText = text[text.index(after: text.startIndex)..<end]
            guard hostText.contains(":") else { return nil }
            if !rest.isEmpty {
                guard rest.first == ":", let port = Self.port(rest.dropFirst()) else { return nil }
                self.port = port
            }
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            guard let port = Self.port(text[text.index(after: colon)...]) else { return nil }
            self.port = port
            hostText = text[..<colon]
        }
        guard let host = Self.host(hostText) else { return nil }
        self.host = host
    }

    package var description: String {
        let text =
            switch host {
            case .name(let name): name
            case .address(let address): address
            case .network(let address, let length): "\(address)/\(length)"
            }
        guard let port else { return text }
        return text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
    }

    private static func port(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? UInt16(text) : nil
    }

    private static func host(_ text: Substring) -> Host? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first, !address.isEmpty, parts.count <= 2 else { return nil }
        let isAddress = address.contains(":") ? isIPv6(address) : isIPv4(address)
        if parts.count == 2 {
            guard isAddress, parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]),
                length <= (address.contains(":") ? 128 : 32)
            else { return nil }
            return .network(address: String(address), length: length)
        }
        if isAddress { return .address(String(address)) }
        return name(address)
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { (48...57).contains($0) } && UInt8(part) != nil
                    && (part.utf8.count == 1 || !part.hasPrefix("0"))
            }
    }

    /// RFC 4291 §2.2: up to eight groups of one to four digits, one `::`, perhaps dotted decimal at the end.
    private static func isIPv6(_ text: Substring) -> Bool {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return false }
        var groups = 0
        for (position, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() {
                if position == halves.count - 1, index == parts.count - 1, part.contains(".") {
                    guard isIPv4(part) else { return false }
                    groups += 2
                    continue
                }
                guard (1...4).contains(part.utf8.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
                    return false
                }
                groups += 1
            }
        }
        return halves.count == 2 ? groups <= 7 : groups == 8
    }

    /// A name is not checked against RFC 1123: DNS carries others too. It only cannot look like a broken address, nor end
    /// with a label of no length.
    private static func name(_ text: Substring) -> Host? {
        let name = (text.hasSuffix(".") && text.count > 1 ? text.dropLast() : text).lowercased()
        guard !name.contains(where: { ":[]/ ".contains($0) || $0.isNewline }), name.utf8.count <= 255,
            !name.hasSuffix("."), !name.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        return .name(name)
    }
}
