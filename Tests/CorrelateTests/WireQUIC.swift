import Crypto
import Model

@testable import Correlate

/// Writes QUIC packets of version 1 with their protection on, as RFC 9001 §5 tells.
struct WireQUIC {
    var version = QUICVersion.v1
    /// What keys are derived from.
    var original: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    var clientID: [UInt8] = [0xC1, 0xC2, 0xC3, 0xC4, 0xC5]
    var serverID: [UInt8] = [0x51, 0x52, 0x53, 0x54, 0x55, 0x56]

    func header(_ flags: UInt8, to destination: [UInt8], from source: [UInt8]) -> [UInt8] {
        [flags] + Wire.bytes32(version.rawValue) + [UInt8(destination.count)] + destination + [UInt8(source.count)]
            + source
    }

    /// An Initial packet of `frames`, padded so that it takes `length` bytes at least.
    func initial(from party: Party, number: UInt8, _ frames: [UInt8], to destination: [UInt8]? = nil, length: Int = 0)
        -> [UInt8]
    {
        let isClient = party == .client
        let flags: UInt8 = version == .v2 ? 0xD0 : 0xC0
        var head = header(
            flags, to: destination ?? (isClient ? original : clientID), from: isClient ? clientID : serverID)
        head.append(0)
        let room = max(4, length - head.count - 2 - 1 - 16)
        let payload = frames + [UInt8](repeating: 0, count: max(0, room - frames.count))
        let size = 1 + payload.count + 16
        head += [0x40 | UInt8(size >> 8), UInt8(size & 0xFF), number]
        return protect(head, payload, number, party)
    }

    private func protect(_ header: [UInt8], _ payload: [UInt8], _ number: UInt8, _ party: Party) -> [UInt8] {
        let id = QUICConnectionID(byteCount: original.count) { original[$0] }
        guard let keys = QUICPacketKeys(version: version, destination: id, from: party) else { return [] }
        var nonce = keys.iv
        nonce[11] ^= number
        guard let nonce = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.seal(payload, using: keys.key, nonce: nonce, authenticating: header)
        else { return [] }
        let sealed = Array(box.ciphertext) + Array(box.tag)
        // One byte of packet number: the sample begins three bytes into what is sealed.
        guard let mask = keys.headerMask(Array(sealed[3..<19])) else { return [] }
        var bytes = header
        bytes[0] ^= mask[0] & 0x0F
        bytes[header.count - 1] ^= mask[1]
        return bytes + sealed
    }

    func handshake(from party: Party) -> [UInt8] {
        let isClient = party == .client
        return header(
            version == .v2 ? 0xF0 : 0xE0, to: isClient ? serverID : clientID, from: isClient ? clientID : serverID)
            + [0x40, 100] + [UInt8](repeating: 0x77, count: 100)
    }

    func oneRTT(from party: Party, flags: UInt8 = 0x40) -> [UInt8] {
        [flags] + (party == .client ? serverID : clientID) + [UInt8](repeating: 0x33, count: 40)
    }

    static func crypto(_ bytes: some Collection<UInt8>, at offset: Int = 0) -> [UInt8] {
        [6] + QUICBytes.varint(UInt64(offset)) + QUICBytes.varint(UInt64(bytes.count)) + bytes
    }
}
