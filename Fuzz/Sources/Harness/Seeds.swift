import API
import Capture
import Decode
import Glibc
import Model

/// Makes seeds out of captures: one folder for each target, one file for each seed, named by its content.
struct Seeds {
    let folder: String

    func write(from paths: [String]) throws {
        for target in Target.allCases { mkdir("\(folder)/\(target.rawValue)", 0o755) }
        writeDHCP()
        writeKernel()
        writeFacts()
        writeConditions()
        for path in paths {
            if path.hasSuffix(".hex") {
                write(netlink(path), .netlink)
                for reader: UInt8 in 0..<4 { write([reader] + netlink(path), .kernel) }
                continue
            }
            let whole = contents(path)
            if whole.count <= 4096 { write(whole, .file) }
            let capture = try read(path)
            writeFrames(capture)
            writeFlows(capture)
            if whole.count <= 4096 { write(pcapng(capture), .file) }
        }
    }

    private struct Captured {
        var bytes: [UInt8]
        var info: FrameInfo
        var packet: Packet

        var payload: [UInt8] { packet.payload(in: bytes.span.bytes).withUnsafeBytes { Array($0) } }
    }

    private func read(_ path: String) throws -> [Captured] {
        var file = try CaptureFile(path: path)
        var decoder = FrameDecoder()
        var capture: [Captured] = []
        while try file.advance(), capture.count < 4096 {
            let bytes = file.frame.withUnsafeBytes { Array($0) }
            capture.append(Captured(bytes: bytes, info: file.info, packet: decoder.decode(file.frame, file.info)))
        }
        return capture
    }

    private func writeFrames(_ capture: [Captured]) {
        var sequence = FrameSequence(options: 0)
        var last = capture.first?.info.time ?? .distantPast
        var size = 0
        for frame in capture {
            let link = UInt8(LinkType.allCases.firstIndex(of: frame.info.linkType) ?? 0)
            if frame.bytes.count <= 600 { write([link, 0] + frame.bytes, .frame) }
            let step = (frame.info.time - last).nanoseconds
            last = frame.info.time
            let class_ = FrameSequence.steps.prefix(14).lastIndex { $0 <= step } ?? 0
            let cut = min(31, (frame.info.wireLength - frame.bytes.count + 7) / 8)
            size += frame.bytes.count + 4
            guard size <= 12_000, sequence.entries.count < 100 else { break }
            sequence.entries.append(
                .init(kind: link | UInt8(class_) << 4, cut: UInt8(max(0, cut)), bytes: frame.bytes))
        }
        if !sequence.entries.isEmpty { write(sequence.bytes, .packets) }
    }

    /// What each pair of endpoints said to each other.
    private func writeFlows(_ capture: [Captured]) {
        var flows: [[Captured]] = []
        for frame in capture where (frame.packet.kind == .tcp || frame.packet.kind == .udp) && !frame.payload.isEmpty {
            let packet = frame.packet
            let known = flows.firstIndex { flow in
                let first = flow[0].packet
                return first.kind == packet.kind
                    && (first.source == packet.source && first.sourcePort == packet.sourcePort
                        && first.destination == packet.destination && first.destinationPort == packet.destinationPort
                        || first.source == packet.destination && first.sourcePort == packet.destinationPort
                            && first.destination == packet.source && first.destinationPort == packet.sourcePort)
            }
            if let known { flows[known].append(frame) } else { flows.append([frame]) }
        }
        for flow in flows {
            var bytes: [UInt8] = [flow[0].packet.source.version == .v6 ? 1 : 0]
            for frame in flow where bytes.count < 8192 {
                let isReply =
                    frame.packet.source != flow[0].packet.source || frame.packet.sourcePort != flow[0].packet.sourcePort
                bytes += [isReply ? 0x80 : 0] + length(frame.payload) + frame.payload
            }
            let ports = (flow[0].packet.sourcePort, flow[0].packet.destinationPort)
            if flow[0].packet.kind == .tcp {
                switch flow[0].payload.prefix(3) {
                case [22, 3, 1], [22, 3, 3]:
                    write(bytes, .tls)
                    writeQUIC(flow[0].payload)
                case _ where ports.0 == 53 || ports.1 == 53: write(bytes, .stream)
                default: write(bytes, .http)
                }
            } else {
                switch ports {
                case (53, _), (_, 53), (5353, _), (5355, _), (_, 5355), (137, _):
                    write(bytes, .dns)
                    if let first = flow.last?.payload {
                        write([0] + [0] + length(length16(first)) + length16(first), .stream)
                    }
                case (67, _), (68, _), (546, _), (547, _): write(bytes, .dhcp)
                case (443, _), (_, 443), (4433, _), (_, 4433), (8443, _), (_, 8443):
                    // As it was sent: it opens only while nothing of it is changed.
                    write(marked(bytes, 0x10), .quic)
                default: break
                }
                let datagram = Frames.udp(ports.0, ports.1, flow[0].payload)
                let half = UInt8(min(255, datagram.count / 16))
                write([0, 2, 0, half, 1, half, 255, 0] + datagram, .fragments)
                write([1, 3, half, 255, 0, 0, half, 1, 0, half, 1] + datagram, .fragments)
            }
        }
    }

    /// A ClientHello as QUIC carries it: in a CRYPTO frame (RFC 9000 §19.6), whole and in two parts out of order.
    private func writeQUIC(_ record: [UInt8]) {
        guard record.count > 9, record[5] == 1 else { return }
        let hello = Array(record.dropFirst(5).prefix(1000))
        func frame(_ part: ArraySlice<UInt8>) -> [UInt8] {
            [6] + Frames.big(UInt16(part.startIndex) | 0x4000) + Frames.big(UInt16(part.count) | 0x4000) + part
        }
        let whole = frame(hello[...])
        let middle = hello.count / 2
        let parts = frame(hello[middle...]) + [1] + frame(hello[..<middle])
        for version: UInt8 in [0, 2] {
            write([version, 0] + length(whole) + whole + [0x80, 5, 0, 6, 0x40, 0, 1, 2], .quic)
            write([version, 0x60] + length(parts) + parts + [0xA0, 2, 0, 9, 9], .quic)
        }
    }

    private func marked(_ bytes: [UInt8], _ mark: UInt8) -> [UInt8] {
        var bytes = bytes
        var position = 1
        while position + 3 <= bytes.count {
            bytes[position] |= mark
            position += 3 + Int(bytes[position + 1]) + Int(bytes[position + 2]) << 8
        }
        return bytes
    }

    private func length(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8 & 0xFF)] }
    private func length16(_ bytes: [UInt8]) -> [UInt8] { Frames.big(UInt16(truncatingIfNeeded: bytes.count)) + bytes }

    /// An address asked for, offered, taken and confirmed (RFC 2131 §3.1).
    private func writeDHCP() {
        func message(_ operation: UInt8, _ type: UInt8, _ options: [UInt8]) -> [UInt8] {
            var bytes: [UInt8] = [operation, 1, 6, 0, 1, 2, 3, 4] + [UInt8](repeating: 0, count: 20)
            bytes += [2, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 202)
            bytes += [0x63, 0x82, 0x53, 0x63, 53, 1, type] + options + [255]
            return [operation == 2 ? 0x80 : 0] + length(bytes) + bytes
        }
        let server: [UInt8] = [54, 4, 192, 0, 2, 1]
        let lease: [UInt8] =
            server + [
                51, 4, 0, 0, 14, 16, 1, 4, 255, 255, 255, 0, 3, 4, 192, 0, 2, 1, 6, 8, 192, 0, 2, 1, 192, 0, 2, 2,
            ]
        let name = [12, 4] + Array("host".utf8)
        write(
            [0] + message(1, 1, name + [55, 3, 1, 3, 6]) + message(2, 2, lease)
                + message(1, 3, [50, 4, 192, 0, 2, 9] + server) + message(2, 5, lease + [15, 3] + Array("lan".utf8)),
            .dhcp)
        write([0] + message(1, 3, [50, 4, 192, 0, 2, 9]) + message(2, 6, server), .dhcp)
    }

    /// What no recording has: records of tracepoints, formats, rules, control groups.
    private func writeKernel() {
        func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func sample(_ record: [UInt8]) -> [UInt8] {
            let padded = record + [UInt8](repeating: 0, count: (8 - (4 + record.count) % 8) % 8)
            let body =
                little(Int32(7)) + little(Int32(7)) + little(Int64(5)) + little(UInt32(padded.count)) + padded
            // PERF_RECORD_SAMPLE is 9.
            return little(UInt32(9)) + little(UInt16(0)) + little(UInt16(8 + body.count)) + body
        }
        func change(_ old: Int32, _ new: Int32, _ port: UInt16) -> [UInt8] {
            little(UInt16(1520)) + [0, 0] + little(Int32(7)) + little(UInt64(1)) + little(old) + little(new)
                + little(port) + little(UInt16(80)) + little(UInt16(2)) + little(UInt16(6))
                + [192, 0, 2, 1, 198, 51, 100, 2] + [UInt8](repeating: 0, count: 32)
        }
        let lookup: [UInt8] =
            little(UInt16(1499)) + [UInt8](repeating: 0, count: 22) + [6, 0, 0, 0, 0, 0, 0, 0, 198, 51, 100, 2]
            + [UInt8](repeating: 0, count: 8) + little(UInt16(40000)) + little(UInt16(80))
        let exec = little(UInt16(317)) + [0, 0, 7, 0, 0, 0, 16, 0, 4, 0, 7, 0, 0, 0] + Array("/a\u{0}\u{0}".utf8)
        let records = sample(change(7, 2, 0)) + sample(lookup) + sample(change(2, 1, 40000)) + sample(exec)
        write([4] + records, .kernel)
        write([5] + Array(TracepointSamples.stateChange.utf8) + [0] + records, .kernel)
        write([5] + Array(TracepointSamples.routeLookup.utf8) + [0] + records, .kernel)
        write(
            [6]
                + Array(
                    #"{"nftables": [{"metainfo": {}}, {"rule": {"family": "ip", "table": "nat", "chain": "post", "#.utf8
                )
                + Array(
                    #""handle": 4, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "#.utf8)
                + Array(
                    #""field": "saddr"}}, "right": {"prefix": {"addr": "192.0.2.0", "len": 24}}}}, {"counter": "#.utf8)
                + Array(#"{"packets": 1, "bytes": 1}}, {"masquerade": null}]}}]}"#.utf8), .kernel)
        write([7] + Array("/user.slice/user-1000.slice/user@1000.service/app.slice/x\\x2dy.service".utf8), .kernel)
        write([7] + Array("/system.slice/docker-0123456789abcdef.scope".utf8), .kernel)
    }

    /// A request through a router that rewrites its source, seen on both sides, with all that is told of it.
    private func writeFacts() {
        let (inside, outside): (UInt8, UInt8) = (0b1100_1001, 0b1101_1010)
        func both(_ flags: UInt8, _ from: UInt8) -> [UInt8] {
            [0, inside, flags | from << 2 | 0x40, 0x40, 0, outside, flags | from << 2 | 0x58, 0x30]
        }
        let shake = both(0, 0) + both(1, 1) + both(2, 0)
        let owner: [UInt8] = [10, inside, 0, 0x11]
        let translation: [UInt8] = [6, inside, 0b0111_1110, 0x20, 12, inside, 0, 0]
        let ended: [UInt8] = [6, inside, 0b0111_1110, 0x81]
        write([0] + owner + shake + translation + ended, .facts)
        write([2] + translation + shake + owner + both(3, 0) + both(3, 1) + ended, .facts)
        write([5, 14, 1, 0, 0, 13, inside, 0, 0, 9, 0, 0, 0] + shake + [15, 1, 0, 1], .facts)
    }

    /// The example of each field by itself and as a parameter, all operators, and what is almost right.
    private func writeConditions() {
        let conditions =
            RequestField.allCases.map(\.example) + [
                "process = curl and failed and to.port in (80, 443) or not (name ~ '*.example.org' && duration >= 1.5s)",
                #"to in [2001:db8::/32]:443 || verdict != "a \" b" or severity<warning"#, "port not in (53,80)",
                "failed and (", "to.port = ", "protcol = tcp", "not not not !failed",
            ]
        for condition in conditions { write([0] + Array(condition.utf8), .condition) }
        let queries = [
            "process=curl&to=example.org:443&failed=true&where=failed+and+port%3D80&limit=10",
            "since=10m&until=2026-11-21T10:42:07Z&protocol=tcp&direction=outbound&stage=connect&state=refused",
            "pid=4711&user=alice&unit=nginx&port=53&cursor=x", "limit=0", "failed=true&failed=false", "to=%ff%00",
        ]
        for query in queries { write([1] + Array(query.utf8), .condition) }
    }

    /// Lines of `kind hexadecimal`.
    private func netlink(_ path: String) -> [UInt8] {
        String(decoding: contents(path), as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .flatMap { line -> [UInt8] in
                guard let digits = line.split(separator: " ").last.map({ Array($0.utf8) }) else { return [] }
                let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                    UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
                }
                return length(bytes) + bytes
            }
    }

    /// The same frames in the other format: a section, an interface with a name, a packet each.
    private func pcapng(_ capture: [Captured]) -> [UInt8] {
        func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
            let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
            return little(type) + little(padded.count + 12) + padded + little(padded.count + 12)
        }
        var bytes = block(0x0A0D_0D0A, little(0x1A2B_3C4D) + [1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8))
        let link = Int(capture.first?.info.linkType.rawValue ?? 1)
        bytes += block(
            1, little(link) + little(65535) + [2, 0, 4, 0] + Array("eth0".utf8) + [9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0])
        for frame in capture {
            let time = Int(frame.info.time.nanoseconds)
            bytes += block(
                6,
                little(0) + little(time >> 32) + little(time) + little(frame.bytes.count)
                    + little(frame.info.wireLength)
                    + frame.bytes)
        }
        return bytes
    }

    private func contents(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
        return bytes
    }

    private func write(_ bytes: [UInt8], _ target: Target) {
        guard !bytes.isEmpty else { return }
        let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        guard let file = fopen("\(folder)/\(target.rawValue)/\(String(hash, radix: 16))", "wb") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
