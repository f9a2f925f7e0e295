import Crypto
import CryptoExtras
import Model

/// QUIC datagrams on port 443: options, then packets. What an input says stands inside the encryption: with public
/// keys a mutated packet would never open again.
///
///     options: 1 | control: 1, length: 2, frames or bytes … | …
enum QUICTarget {
    static func run(_ bytes: RawSpan) {
        var input = Input(bytes)
        let options = input.byte()
        var talk = Talk(version: options & 4 != 0 ? 0xFF00_0020 : options & 2 != 0 ? 0x6B33_43CF : 1)
        var exchange = DatagramTarget.Exchange(isVersion6: options & 1 != 0)
        var datagram: [UInt8] = []
        while !input.isAtEnd && exchange.frames.count < 60 {
            let control = input.byte()
            datagram += talk.packet(input.take(min(1400, Int(input.uint16()))), control)
            if control & 8 != 0 && datagram.count < 1500 { continue }
            let port: UInt16 = control & 0x70 == 0x70 ? 40001 : 40000
            exchange.send(datagram, control & 0x80, between: (port, 443))
            datagram = []
        }
        var trial = Trial()
        trial.hasSmallTables = options & 0xC0 == 0xC0
        trial.run(exchange.frames)
    }

    private struct Talk {
        private let version: UInt32
        private let original: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        private let client: [UInt8] = [0xC1, 0xC2, 0xC3, 0xC4]
        private let server: [UInt8] = [0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58]
        private var hasServerSpoken = false
        private var numbers: [UInt32] = [0, 0]
        private let keys: [Keys]

        init(version: UInt32) {
            self.version = version
            keys = ["client in", "server in"].map { [original] in
                Keys(version: version, connection: original, label: $0)
            }
        }

        private var isVersion2: Bool { version == 0x6B33_43CF }

        /// Bit 7: the server speaks. Bits 6–4: what kind of packet. Bit 3: more in the same datagram.
        mutating func packet(_ content: [UInt8], _ control: UInt8) -> [UInt8] {
            let isServer = control & 0x80 != 0
            if isServer { hasServerSpoken = true }
            switch control >> 4 & 7 {
            case 1: return content
            case 2: return [0x40] + (isServer ? client : server) + content
            case 3: return header(2, isServer) + variable(content.count) + content
            case 4: return header(3, isServer) + content
            case 5: return [0xC0, 0, 0, 0, 0] + connections(isServer) + content
            case 6: return initial(content, isServer, token: [1, 2, 3])
            default: return initial(content, isServer, token: [])
            }
        }

        private func connections(_ isServer: Bool) -> [UInt8] {
            let destination = isServer ? client : hasServerSpoken ? server : original
            let source = isServer ? server : client
            return [UInt8(destination.count)] + destination + [UInt8(source.count)] + source
        }

        /// `type` as in version 1; version 2 numbers them one further (RFC 9369 §3.2).
        private func header(_ type: UInt8, _ isServer: Bool) -> [UInt8] {
            [0xC3 | (isVersion2 ? (type + 1) & 3 : type) << 4] + Frames.big(version) + connections(isServer)
        }

        private func variable(_ value: Int) -> [UInt8] {
            Frames.big(UInt16(truncatingIfNeeded: value) & 0x3FFF | 0x4000)
        }

        /// RFC 9001 §5: sealed, then its header masked.
        private mutating func initial(_ content: [UInt8], _ isServer: Bool, token: [UInt8]) -> [UInt8] {
            let side = isServer ? 1 : 0
            let number = numbers[side]
            numbers[side] += 1
            let plain =
                content.count < 1100 && !isServer
                ? content + [UInt8](repeating: 0, count: 1100 - content.count) : content + [0, 0, 0, 0]
            var head = header(0, isServer) + [UInt8(token.count)] + token + variable(4 + plain.count + 16)
            let start = head.count
            head += Frames.big(number)
            let key = keys[side]
            var nonce = key.iv
            for (index, byte) in Frames.big(number).enumerated() { nonce[8 + index] ^= byte }
            guard let nonce = try? AES.GCM.Nonce(data: nonce),
                let box = try? AES.GCM.seal(plain, using: key.key, nonce: nonce, authenticating: head)
            else { return content }
            var packet = head + [UInt8](box.ciphertext) + [UInt8](box.tag)
            var mask = Array(packet[start + 4..<start + 20])
            guard (try? AES.permute(&mask, key: key.mask)) != nil else { return content }
            packet[0] ^= mask[0] & 0x0F
            for index in 0..<4 { packet[start + index] ^= mask[index + 1] }
            return packet
        }
    }

    private struct Keys {
        let key: SymmetricKey
        let iv: [UInt8]
        let mask: SymmetricKey

        init(version: UInt32, connection: [UInt8], label: String) {
            let isVersion2 = version == 0x6B33_43CF
            // RFC 9001 §5.2, RFC 9369 §3.3.1.
            let salt: [UInt8] =
                isVersion2
                ? [
                    0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93, 0x81, 0xBE, 0x6E, 0x26, 0x9D, 0xCB,
                    0xF9, 0xBD, 0x2E, 0xD9,
                ]
                : [
                    0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17, 0x9A, 0xE6, 0xA4, 0xC8, 0x0C, 0xAD,
                    0xCC, 0xBB, 0x7F, 0x0A,
                ]
            let common = HKDF<SHA256>.extract(inputKeyMaterial: SymmetricKey(data: connection), salt: salt)
            let secret = Self.expand(SymmetricKey(data: common), label, 32)
            let word = isVersion2 ? "quicv2" : "quic"
            key = Self.expand(secret, word + " key", 16)
            iv = Self.expand(secret, word + " iv", 12).withUnsafeBytes { Array($0) }
            mask = Self.expand(secret, word + " hp", 16)
        }

        /// HKDF-Expand-Label (RFC 8446 §7.1).
        private static func expand(_ secret: SymmetricKey, _ label: String, _ count: Int) -> SymmetricKey {
            let label = Array("tls13 \(label)".utf8)
            let info = [0, UInt8(count), UInt8(label.count)] + label + [0]
            return HKDF<SHA256>.expand(pseudoRandomKey: secret, info: info, outputByteCount: count)
        }
    }
}
