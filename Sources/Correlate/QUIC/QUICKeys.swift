import Crypto
import CryptoExtras
import Model

/// How the packets of one side are protected: AES-128-GCM, with AES for the header (RFC 9001 §5).
struct QUICPacketKeys {
    let key: SymmetricKey
    let iv: [UInt8]
    let headerKey: SymmetricKey

    /// The keys of Initial packets, which anybody can derive from the client's first destination connection id
    /// (RFC 9001 §5.2, RFC 9369 §3.3). `nil` for a version that has no known salt.
    init?(version: QUICVersion, destination: QUICConnectionID, from party: Party) {
        guard let salt = Self.salt(version) else { return nil }
        let initial = KeyedHash(key: salt).code(for: destination.bytes)
        let labels = version == .v2 ? Labels.v2 : Labels.v1
        let side = party == .client ? Labels.client : Labels.server
        let secret = KeyedHash(key: KeyedHash(key: initial).code(for: side))
        key = SymmetricKey(data: secret.code(for: labels.key).prefix(16))
        iv = Array(secret.code(for: labels.iv).prefix(12))
        headerKey = SymmetricKey(data: secret.code(for: labels.headerKey).prefix(16))
    }

    /// What HKDF-Expand-Label hashes for one block of output, with an empty context (RFC 8446 §7.1, RFC 5869 §2.3).
    private struct Labels {
        let key: [UInt8]
        let iv: [UInt8]
        let headerKey: [UInt8]

        static let client = info("client in", byteCount: 32)
        static let server = info("server in", byteCount: 32)
        static let v1 = Labels(prefix: "quic")
        static let v2 = Labels(prefix: "quicv2")

        private init(prefix: String) {
            key = Self.info("\(prefix) key", byteCount: 16)
            iv = Self.info("\(prefix) iv", byteCount: 12)
            headerKey = Self.info("\(prefix) hp", byteCount: 16)
        }

        private static func info(_ label: String, byteCount: UInt8) -> [UInt8] {
            let name = Array("tls13 \(label)".utf8)
            return [0, byteCount, UInt8(name.count)] + name + [0, 1]
        }
    }

    private static func salt(_ version: QUICVersion) -> [UInt8]? {
        switch version {
        case .v1:
            [
                0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17, 0x9A, 0xE6, 0xA4, 0xC8, 0x0C, 0xAD,
                0xCC, 0xBB, 0x7F, 0x0A,
            ]
        case .v2:
            [
                0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93, 0x81, 0xBE, 0x6E, 0x26, 0x9D, 0xCB,
                0xF9, 0xBD, 0x2E, 0xD9,
            ]
        default: nil
        }
    }

    /// A packet without its protection: the frames in it, and its number.
    struct Opened {
        var number: UInt64
        var payload: [UInt8]
    }

    /// What the header is masked with (RFC 9001 §5.4.3); `sample` has 16 bytes.
    func headerMask(_ sample: [UInt8]) -> [UInt8]? {
        var mask = sample
        return (try? AES.permute(&mask, key: headerKey)) == nil ? nil : mask
    }

    /// Takes the protection off a packet (RFC 9001 §5.3, §5.4).
    ///
    /// - Parameters:
    ///   - packet: the packet's own bytes, from its flags to the end of its tag.
    ///   - offset: where its packet number begins.
    ///   - largest: the highest packet number of the same side so far, -1 for none.
    /// - Returns: `nil` when it is too short or not authentic.
    func open(_ packet: [UInt8], packetNumberAt offset: Int, largest: Int64) -> Opened? {
        // The sample lies as if the packet number took its four bytes.
        guard offset > 0, packet.count >= offset + 4 + 16 else { return nil }
        guard let mask = headerMask(Array(packet[(offset + 4)..<(offset + 20)])) else { return nil }
        let first = packet[0] ^ (mask[0] & 0x0F)
        let numberLength = Int(first & 3) + 1
        guard packet.count >= offset + numberLength + 16 else { return nil }
        var header = Array(packet[..<(offset + numberLength)])
        header[0] = first
        var truncated: UInt64 = 0
        for index in 0..<numberLength {
            header[offset + index] ^= mask[1 + index]
            truncated = truncated << 8 | UInt64(header[offset + index])
        }
        let number = Self.packetNumber(truncated, bits: UInt64(8 * numberLength), largest: largest)
        var nonce = iv
        for index in 0..<8 {
            nonce[nonce.count - 1 - index] ^= UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
        }
        let body = packet[(offset + numberLength)...]
        guard
            let box = try? AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: nonce), ciphertext: body.dropLast(16), tag: body.suffix(16)),
            let payload = try? AES.GCM.open(box, using: key, authenticating: header)
        else { return nil }
        return Opened(number: number, payload: Array(payload))
    }

    /// The packet number whose last bits are `truncated` and that is nearest to the one expected
    /// (RFC 9000 §17.1, Appendix A.3).
    static func packetNumber(_ truncated: UInt64, bits: UInt64, largest: Int64) -> UInt64 {
        let expected = UInt64(largest &+ 1)
        let window: UInt64 = 1 << bits
        let candidate = expected & ~(window - 1) | truncated
        if candidate &+ window / 2 <= expected && candidate < (1 << 62) - window { return candidate + window }
        if candidate > expected &+ window / 2 && candidate >= window { return candidate - window }
        return candidate
    }
}

/// HMAC with SHA-256 (RFC 2104). The library's own serves every hash and guards its keys; those of Initial packets are
/// no secret, and are derived for every connection: ten codes, at a fifth of the cost.
struct KeyedHash {
    private let inner: [UInt8]
    private let outer: [UInt8]

    private static let blockSize = 64

    /// - Parameter key: of a block at most.
    init(key: [UInt8]) {
        let block = key.prefix(Self.blockSize) + repeatElement(0, count: max(0, Self.blockSize - key.count))
        inner = block.map { $0 ^ 0x36 }
        outer = block.map { $0 ^ 0x5C }
    }

    /// 32 bytes.
    func code(for message: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(Self.blockSize + max(message.count, 32))
        text += inner
        text += message
        let digest = SHA256.hash(data: text)
        text.removeAll(keepingCapacity: true)
        text += outer
        unsafe digest.withUnsafeBytes { unsafe text.append(contentsOf: $0) }
        return unsafe SHA256.hash(data: text).withUnsafeBytes { unsafe Array($0) }
    }
}

/// The integrity tag of Retry packets (RFC 9001 §5.8, RFC 9369 §3.3.3): its key is public, so it proves that the
/// sender has seen the client's first packet, and no more.
enum QUICRetryIntegrity {
    /// - Parameters:
    ///   - packet: the whole Retry packet.
    ///   - original: the destination connection id of the client's Initial packet that it answers.
    static func holds(_ packet: [UInt8], version: QUICVersion, original: QUICConnectionID) -> Bool {
        guard packet.count >= 16, let (key, nonce) = secrets(version) else { return false }
        let pseudo = [original.byteCount] + original.bytes + packet.dropLast(16)
        guard let nonce = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.SealedBox(nonce: nonce, ciphertext: [UInt8](), tag: packet.suffix(16))
        else { return false }
        return (try? AES.GCM.open(box, using: SymmetricKey(data: key), authenticating: pseudo)) != nil
    }

    private static func secrets(_ version: QUICVersion) -> (key: [UInt8], nonce: [UInt8])? {
        switch version {
        case .v1:
            (
                [
                    0xBE, 0x0C, 0x69, 0x0B, 0x9F, 0x66, 0x57, 0x5A, 0x1D, 0x76, 0x6B, 0x54, 0xE3, 0x68, 0xC8, 0x4E,
                ], [0x46, 0x15, 0x99, 0xD3, 0x5D, 0x63, 0x2B, 0xF2, 0x23, 0x98, 0x25, 0xBB]
            )
        case .v2:
            (
                [
                    0x8F, 0xB4, 0xB0, 0x1B, 0x56, 0xAC, 0x48, 0xE2, 0x60, 0xFB, 0xCB, 0xCE, 0xAD, 0x7C, 0xCC, 0x92,
                ], [0xD8, 0x69, 0x69, 0xBC, 0x2D, 0x7C, 0x6D, 0x99, 0x90, 0xEF, 0xB0, 0x4A]
            )
        default: nil
        }
    }
}
