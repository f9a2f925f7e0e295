import Crypto
import Decode
import Model
import SwiftASN1

// X.509 by hand on top of SwiftASN1: swift-certificates refuses every key that it cannot use itself (RSA below 2048
// bits, DSA, Ed448, …), and the certificates of old and odd servers are the ones that one wants to see.

extension TLSCertificate {
    /// Longer ones are told by their fingerprint alone: what is read stays in proportion to what was sent.
    private static let byteLimit = 16 << 10

    /// - Parameter der: one certificate. What is wrong in it leaves the rest as it is.
    init(der: ArraySlice<UInt8>) {
        self.init(fingerprint: TLSFingerprints.hexadecimal(SHA256.hash(data: der)))
        guard der.count <= Self.byteLimit, let root = try? DER.parse(der) else { return }
        var parts = ASN1Children(root)
        guard let signed = parts.next() else { return }
        signatureAlgorithm = parts.next().flatMap { ObjectNames.algorithm($0) }
        var fields = ASN1Children(signed)
        guard var field = fields.next() else { return }
        // version [0] EXPLICIT: absent in version 1
        if field.identifier == .context(0) {
            guard let next = fields.next() else { return }
            field = next
        }
        if field.identifier == .integer, let octets = field.octets, !octets.isEmpty, octets.count <= 21 {
            serial = TLSFingerprints.hexadecimal(octets.count > 1 && octets.first == 0 ? octets.dropFirst() : octets)
        }
        _ = fields.next()  // signature: the algorithm once more
        guard let issuerName = fields.next() else { return }
        issuer = DistinguishedNameText(issuerName).text
        guard let validity = fields.next() else { return }
        var times = ASN1Children(validity)
        notBefore = times.next().flatMap { CertificateTime($0) }
        notAfter = times.next().flatMap { CertificateTime($0) }
        guard let subjectName = fields.next() else { return }
        subject = DistinguishedNameText(subjectName).text
        if let key = fields.next() { readKey(key) }
        var identifiers: (subject: ArraySlice<UInt8>?, authority: ArraySlice<UInt8>?) = (nil, nil)
        while let field = fields.next() {
            if field.identifier == .context(3) { readExtensions(field, &identifiers) }
        }
        let isSameKey =
            identifiers.subject == nil || identifiers.authority == nil
            || identifiers.subject == identifiers.authority
        isSelfSigned = issuerName.encodedBytes == subjectName.encodedBytes && isSameKey
    }

    /// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    private mutating func readKey(_ node: ASN1Node) {
        var parts = ASN1Children(node)
        guard let algorithm = parts.next(), let key = parts.next() else { return }
        var details = ASN1Children(algorithm)
        guard let type = details.next() else { return }
        keyType = ObjectNames.name(type)
        switch keyType {
        case "rsa":
            // RSAPublicKey (RFC 8017 A.1.1): the modulus comes first.
            guard let bits = try? ASN1BitString(derEncoded: key), let inner = try? DER.parse(bits.bytes) else { return }
            var numbers = ASN1Children(inner)
            guard let modulus = numbers.next()?.octets?.drop(while: { $0 == 0 }), let first = modulus.first else {
                return
            }
            keyBits = modulus.count * 8 - first.leadingZeroBitCount
        case "ec":
            guard let curve = details.next(), let name = ObjectNames.name(curve) else { return }
            keyCurve = name
            keyBits = ObjectNames.bits(ofCurve: name)
        default: break
        }
    }

    private mutating func readExtensions(
        _ node: ASN1Node, _ identifiers: inout (subject: ArraySlice<UInt8>?, authority: ArraySlice<UInt8>?)
    ) {
        var outer = ASN1Children(node)
        guard let list = outer.next() else { return }
        var extensions = ASN1Children(list)
        while let next = extensions.next() {
            var parts = ASN1Children(next)
            guard let type = parts.next()?.octets, var value = parts.next() else { continue }
            // critical BOOLEAN DEFAULT FALSE
            if value.identifier == .boolean {
                guard let next = parts.next() else { continue }
                value = next
            }
            guard value.identifier == .octetString, let octets = value.octets else { continue }
            switch Array(type) {
            case [0x55, 0x1D, 0x11]: readNames(octets)
            case [0x55, 0x1D, 0x0E]: identifiers.subject = (try? DER.parse(octets))?.octets
            case [0x55, 0x1D, 0x23]:
                guard let inner = try? DER.parse(octets) else { continue }
                var fields = ASN1Children(inner)
                if let first = fields.next(), first.identifier == .context(0) { identifiers.authority = first.octets }
            default: continue
            }
        }
    }

    /// SubjectAltName (RFC 5280 §4.2.1.6): its DNS names and addresses.
    private mutating func readNames(_ octets: ArraySlice<UInt8>) {
        guard let list = try? DER.parse(octets) else { return }
        var entries = ASN1Children(list)
        while let entry = entries.next() {
            guard let octets = entry.octets else { continue }
            let name: String?
            switch entry.identifier {
            case .context(2): name = unsafe HostText.name(Array(octets).span.bytes)
            case .context(7): name = IPAddress(octets: octets)?.description
            default: continue
            }
            guard let name, names.count < Self.nameCapacity else {
                namesLeftOut += 1
                continue
            }
            names.append(name)
        }
    }
}

extension IPAddress {
    fileprivate init?(octets: ArraySlice<UInt8>) {
        func number(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }
        switch octets.count {
        case 4: self.init(v4: UInt32(truncatingIfNeeded: number(octets)))
        case 16: self.init(v6High: number(octets.prefix(8)), low: number(octets.suffix(8)))
        default: return nil
        }
    }
}

extension CertificateTime {
    /// UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5); `nil` for anything else.
    fileprivate init?(_ node: ASN1Node) {
        let fields: [Int]
        if let time = try? UTCTime(derEncoded: node) {
            fields = [time.year, time.month, time.day, time.hours, time.minutes, time.seconds]
        } else if let time = try? GeneralizedTime(derEncoded: node) {
            fields = [time.year, time.month, time.day, time.hours, time.minutes, time.seconds]
        } else {
            return nil
        }
        guard (0...9999).contains(fields[0]) else { return nil }
        func digits(_ index: Int, _ count: Int) -> String {
            let text = String(fields[index])
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let text =
            "\(digits(0, 4))-\(digits(1, 2))-\(digits(2, 2))T\(digits(3, 2)):\(digits(4, 2)):\(digits(5, 2))Z"
        let clock = fields[3] * 3600 + fields[4] * 60 + fields[5]
        self.init(seconds: Int64(Self.days(fields[0], fields[1], fields[2]) * 86400 + clock), text: text)
    }

    /// Days from 1970-01-01 to a Gregorian date; years begin in March, so that the leap day comes last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
