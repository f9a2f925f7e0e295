import Model
import Testing

@testable import Correlate

/// Two certificates that openssl made; what they say is what `openssl x509 -text` says of them.
@Suite struct CertificateTests {
    static let modern = hexadecimal(
        """
        308201eb30820192a00302010202020102300a06082a8648ce3d0403023035310b3009060355040613024e4f3112301006035504
        0a0c094f6c642c20496e632e3112301006035504030c09612e6578616d706c653020170d3236313132313036353934375a180f32
        313236313032383036353934375a3035310b3009060355040613024e4f31123010060355040a0c094f6c642c20496e632e311230
        1006035504030c09612e6578616d706c653059301306072a8648ce3d020106082a8648ce3d030107034200041eabb513bac0a7ff
        b76b4e3091d2cb93bdfc886cac03273d424a86ddbf897e08b13ceab6e9bf63c69b27c7d97e8373d917184542f0e140c51bac6d6f
        1b5262b6a3818f30818c301d0603551d0e0416041470544f2d9a662c1a816dbd71e2b6807bb274cf51301f0603551d2304183016
        801470544f2d9a662c1a816dbd71e2b6807bb274cf51300f0603551d130101ff040530030101ff30390603551d11043230308209
        612e6578616d706c65820b2a2e622e6578616d706c658704c0000207871020010db8000000000000000000000007300a06082a86
        48ce3d0403020347003044022050b5b729cd06229515975136065b2be5a310c7377a316a2fc19cdde4f02ebb600220619827af2a
        24757704c5d039341302eb5e0376dd57cb74407ec2c036fce00707
        """)
    /// Version 1, RSA of 1024 bits, SHA-1, expired in the year 2000.
    static let old = hexadecimal(
        """
        3082019e3082010702143825efbe5de89546241c170a478c489d21799dea300d06092a864886f70d0101050500300e310c300a06
        035504030c036f6c64301e170d3939303130313030303030305a170d3030303230313030303030305a300e310c300a0603550403
        0c036f6c6430819f300d06092a864886f70d010101050003818d0030818902818100ba050778ca61fdb4d8103fbd8c6e7a03bc98
        77889152219274a74dca1943862411901a3478180edfb9bf0630b47e934587abe6f0389ce4cc28a14e5decd6c463baffecf253d6
        f8cdaeac0b84229574be27e1eb35e3bf72892806350db8e069378110cc999dcbed1a33fadc40f5131db65e161c428463b741e7f7
        c2c13af9c83b0203010001300d06092a864886f70d010105050003818100a462689f2c6767faa05e461c94ef28fa91a0fb883664
        bb18bc9e475031067fd361599af87a97312a975add8140f9b971d22ea9e9dbbb62f4bce6747e450d16b3a11c519b57398ddf7661
        3c54eb91864f20fb39d81630a2c038bc585c369a638fbaad0a85b1d54f00194f5e1e3b807c6dd2d7e07867d191bb4f47629b2768
        b5b3
        """)

    private static func hexadecimal(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func message(_ certificates: [[UInt8]]) -> [UInt8] {
        func vector24(_ bytes: [UInt8]) -> [UInt8] {
            [UInt8(bytes.count >> 16), UInt8(bytes.count >> 8 & 255), UInt8(bytes.count & 255)] + bytes
        }
        return vector24(certificates.flatMap(vector24))
    }

    @Test func readsACertificate() {
        let certificate = TLSCertificate(der: Self.modern[...])
        #expect(
            certificate.fingerprint == "64ec5fa0ed4b9cb0d6ba4aef60f0493bd7fce457e4bc3891ddb5c07917568bf4")
        #expect(certificate.subject == "CN=a.example,O=Old\\, Inc.,C=NO" && certificate.issuer == certificate.subject)
        #expect(certificate.serial == "0102" && certificate.isSelfSigned == true)
        #expect(
            certificate.notBefore?.text == "2026-11-21T06:59:47Z" && certificate.notBefore?.seconds == 1_795_244_387)
        #expect(certificate.notAfter?.text == "2126-10-28T06:59:47Z" && certificate.notAfter?.seconds == 4_948_844_387)
        #expect(certificate.names == ["a.example", "*.b.example", "192.0.2.7", "2001:db8::7"])
        #expect(certificate.keyType == "ec" && certificate.keyCurve == "secp256r1" && certificate.keyBits == 256)
        #expect(certificate.signatureAlgorithm == "ecdsa-with-SHA256")
    }

    @Test func readsAnOldCertificate() {
        let certificate = TLSCertificate(der: Self.old[...])
        #expect(
            certificate.fingerprint == "7a83e4fd852e5abdf36b1da607863b174d27d646ba6f0ef278793f979bd6324a")
        #expect(certificate.subject == "CN=old" && certificate.isSelfSigned == true && certificate.names.isEmpty)
        #expect(certificate.serial == "3825efbe5de89546241c170a478c489d21799dea")
        #expect(
            certificate.notBefore?.text == "1999-01-01T00:00:00Z"
                && certificate.notAfter?.text == "2000-02-01T00:00:00Z")
        #expect(certificate.keyType == "rsa" && certificate.keyBits == 1024)
        #expect(certificate.signatureAlgorithm == "sha1WithRSAEncryption")
        #expect(certificate.isExpired(at: Timestamp(seconds: 949_363_200, nanoseconds: 0)) == false)
        #expect(certificate.isExpired(at: Timestamp(seconds: 949_363_201, nanoseconds: 0)) == true)
        #expect(certificate.isNotYetValid(at: Timestamp(seconds: 900_000_000, nanoseconds: 0)) == true)
        #expect(certificate.isFor("old") == nil)
    }

    @Test(arguments: [
        ("a.example", true), ("A.EXAMPLE", true), ("x.a.example", false), ("x.b.example", true), ("b.example", false),
        ("x.y.b.example", false), (".b.example", false), ("192.0.2.7", true), ("192.0.2.8", false),
    ])
    func isForAHost(_ host: String, _ expected: Bool) {
        #expect(TLSCertificate(der: Self.modern[...]).isFor(host) == expected)
    }

    @Test func readsAChainOnce() {
        let cache = CertificateCache(capacity: 2)
        let body = Self.message([Self.modern, Self.old, Self.old, Self.old, Self.old, Self.old])
        let chain = cache.chain(body.span.bytes)
        #expect(chain.count == 6 && chain.certificates.count == 4)
        #expect(chain.certificates.first?.subject != chain.certificates.last?.subject)
        #expect(cache.chain(body.span.bytes) == chain && cache.summary.count == 1)
        _ = (cache.chain([0, 0, 0].span.bytes), cache.chain([0, 0, 0, 1].span.bytes))
        #expect(cache.summary.count == 2 && cache.summary.evictions == 1)
        #expect(cache.chain([0, 0, 0].span.bytes) == TLSCertificateChain())
    }

    /// What is cut or wrong leaves the rest: no trap, no wild text.
    private func exhaust(_ der: [UInt8]) {
        let certificate = TLSCertificate(der: der[...])
        let texts = [certificate.subject, certificate.issuer, certificate.serial].compactMap { $0 } + certificate.names
        #expect(texts.allSatisfy { $0.utf8.count <= 1024 && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        #expect(certificate.names.count <= TLSCertificate.nameCapacity)
    }

    @Test func everyPrefix() {
        for length in 0...Self.modern.count {
            exhaust(Array(Self.modern[..<length]))
            let chain = TLSCertificateChain(Self.message([Self.modern, Self.old])[..<length])
            #expect(chain.count <= 1)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func mutations(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var der = Bool.random(using: &random) ? Self.modern : Self.old
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                der[Int.random(in: 0..<der.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            exhaust(der)
        }
    }
}
