import SwiftASN1

/// A distinguished name as RFC 4514 writes it, the most specific part first: `CN=www.example.org,O=Example,C=NO`.
///
/// The result is printable ASCII: every other octet of the UTF-8 is escaped as `\XX`. It ends in `...` when it is longer
/// than ``capacity``, or has more attributes than are read.
struct DistinguishedNameText {
    static let capacity = 512
    private static let attributeCapacity = 32

    /// `nil` when it is no name, or empty.
    let text: String?

    init(_ name: ASN1Node) {
        var parts: [[String]] = []
        var count = 0
        var isCut = false
        var sets = ASN1Children(name)
        while let set = sets.next(), !isCut {
            var attributes = ASN1Children(set)
            var group: [String] = []
            while let attribute = attributes.next() {
                count += 1
                guard count <= Self.attributeCapacity else {
                    isCut = true
                    break
                }
                var pair = ASN1Children(attribute)
                guard let type = pair.next(), let value = pair.next() else { continue }
                group.append("\(ObjectNames.attribute(type))=\(Self.escaped(value))")
            }
            if !group.isEmpty { parts.append(group) }
        }
        let whole = parts.reversed().map { $0.joined(separator: "+") }.joined(separator: ",")
        if whole.isEmpty {
            text = nil
        } else {
            text = isCut || whole.utf8.count > Self.capacity ? "\(whole.prefix(Self.capacity))..." : whole
        }
    }

    /// RFC 4514 §2.4.
    private static func escaped(_ value: ASN1Node) -> String {
        let limit = value.encodedBytes.prefix(capacity)
        guard let octets = utf8(value) else { return "#" + TLSFingerprints.hexadecimal(limit) }
        var text: [UInt8] = []
        let backslash = UInt8(ascii: "\\")
        for (index, octet) in octets.prefix(capacity).enumerated() {
            switch octet {
            case UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "\""), backslash, UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: ";"):
                text += [backslash, octet]
            case UInt8(ascii: "#") where index == 0: text += [backslash, octet]
            case UInt8(ascii: " ") where index == 0 || index == octets.count - 1: text += [backslash, octet]
            case 0x20...0x7E: text.append(octet)
            default: text += [backslash] + Array(TLSFingerprints.hexadecimal(CollectionOfOne(octet)).utf8)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The octets of a string in UTF-8; `nil` when it is no string, or of a kind that nobody uses.
    private static func utf8(_ value: ASN1Node) -> [UInt8]? {
        guard let octets = value.octets else { return nil }
        switch value.identifier {
        case .utf8String, .printableString, .ia5String, .numericString: return Array(octets)
        // TeletexString: in certificates it holds Latin 1.
        case .teletexString: return Array(String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) })).utf8)
        case .bmpString:
            guard octets.count % 2 == 0 else { return nil }
            let units = stride(from: octets.startIndex, to: octets.endIndex, by: 2).map {
                UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
            }
            return Array(String(decoding: units, as: UTF16.self).utf8)
        default: return nil
        }
    }
}
