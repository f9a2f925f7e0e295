import Foundation

@testable import Host

/// Datagrams that a kernel sent, from `Tests/Captures/netlink`.
struct Recording {
    /// `links` and `addresses` are the answers to the two dumps, `event` came unasked.
    var lines: [(kind: String, bytes: [UInt8])] = []

    init(_ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Captures/netlink/\(name).hex")
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            let digits = Array(parts[1].utf8)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
            }
            lines.append((String(parts[0]), bytes))
        }
    }

    func datagrams(_ kind: String) -> [[UInt8]] { lines.filter { $0.kind == kind }.map(\.bytes) }
}

/// A socket that answers from a script: the n-th request is answered by `answers[n]`, and what is said unasked
/// stands in `unasked`.
struct ScriptedSocket: NetlinkSocket {
    final class Script {
        var answers: [[NetlinkReception]]
        var waiting: [NetlinkReception] = []
        var requests: [[UInt8]] = []

        init(answers: [[NetlinkReception]]) { self.answers = answers }
    }

    var script: Script

    mutating func send(_ datagram: [UInt8]) throws(NetlinkError) {
        script.requests.append(datagram)
        if !script.answers.isEmpty { script.waiting += script.answers.removeFirst() }
    }

    mutating func receive() throws(NetlinkError) -> NetlinkReception {
        script.waiting.isEmpty ? .nothing : script.waiting.removeFirst()
    }
}

extension [UInt8] {
    /// Bytes 8..<12 of every message's header: the sequence number of the request it answers.
    func answering(_ sequence: UInt32, flags extra: UInt16 = 0) -> [UInt8] {
        var bytes = self
        var offset = 0
        while offset + 16 <= bytes.count {
            let length = bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
            for index in 0..<4 {
                bytes[offset + 8 + index] = UInt8(truncatingIfNeeded: sequence >> (8 * UInt32(index)))
            }
            bytes[offset + 6] |= UInt8(truncatingIfNeeded: extra)
            offset += Swift.max((length + 3) & ~3, 16)
        }
        return bytes
    }
}
