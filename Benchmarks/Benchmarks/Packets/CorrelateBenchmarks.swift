import API
import Benchmark
import Correlate
import Model
import Report

/// A correlator and the time on its wire.
private final class Host {
    private var correlator: Correlator
    private var time: Int64 = 1_700_000_000_000_000_000
    private var port: UInt16 = 1024

    init(keepsRecords: Bool) {
        var settings = CorrelatorSettings()
        settings.keepsRecords = keepsRecords
        settings.flowCapacity = 1 << 16
        correlator = Correlator(settings)
    }

    func observe(_ frame: [UInt8]) {
        time += 1000
        correlator.observe(
            frame.span.bytes,
            FrameInfo(
                time: Timestamp(nanoseconds: time), wireLength: frame.count, interface: InterfaceID(0),
                linkType: .ethernet))
        if correlator.hasFinished { blackHole(correlator.takeFinished().count) }
    }

    /// Everything that lingers is over after this.
    func wait() { time += 100_000_000_000 }

    func nextPort() -> UInt16 {
        port = port == .max ? 1024 : port + 1
        return port
    }

    func records() -> [Model.Record] {
        while correlator.finish(atMost: 1024) {}
        return correlator.takeFinished()
    }
}

/// One connection: the frames that open it, and one of its segments that comes again and again, its numbers patched.
private final class Connection {
    let host: Host
    private var segment: [UInt8]
    private var acknowledgment: [UInt8]
    private var sequence: UInt32 = 1001
    private let length: UInt32
    /// Where the segment's header begins.
    private let transport: Int

    /// - Parameter opening: what each side says after the handshake: the client's is at even places.
    init(_ opening: [[UInt8]], body: [UInt8], in carrier: Carrier = .ipv4, keepsRecords: Bool = true) {
        host = Host(keepsRecords: keepsRecords)
        func frame(_ segment: [UInt8], _ isReply: Bool) -> [UInt8] { carrier.frame(segment, isReply: isReply) }
        host.observe(frame(Frames.tcp(40000, 443, 0x02, 0, 0), false))
        host.observe(frame(Frames.tcp(443, 40000, 0x12, 1000, 1), true))
        host.observe(frame(Frames.tcp(40000, 443, 0x10, 1, 1001), false))
        var client: UInt32 = 1
        for (index, words) in opening.enumerated() {
            if index & 1 == 0 {
                host.observe(frame(Frames.tcp(40000, 443, 0x18, client, sequence, words), false))
                client += UInt32(words.count)
            } else {
                host.observe(frame(Frames.tcp(443, 40000, 0x18, sequence, client, words), true))
                sequence += UInt32(words.count)
            }
        }
        segment = frame(Frames.tcp(443, 40000, 0x10, sequence, client, body), true)
        acknowledgment = frame(Frames.tcp(40000, 443, 0x10, client, sequence), false)
        length = UInt32(body.count)
        transport = carrier.frame([], isReply: true).count
    }

    @inline(never)
    func receive() {
        patch(&segment, at: transport + 4)
        host.observe(segment)
        sequence &+= length
    }

    @inline(never)
    func acknowledge() {
        patch(&acknowledgment, at: transport + 8)
        host.observe(acknowledgment)
    }

    private func patch(_ frame: inout [UInt8], at offset: Int) {
        for index in 0..<4 { frame[offset + index] = UInt8(truncatingIfNeeded: sequence >> UInt32(24 - 8 * index)) }
    }
}

/// What segments travel in.
private enum Carrier {
    case ipv4, ipv6, vxlan, gre, pppoe

    func frame(_ segment: [UInt8], isReply: Bool) -> [UInt8] {
        let ethernet = Frames.ipv4(6, segment, isReply: isReply)
        switch self {
        case .ipv4: return ethernet
        case .ipv6: return Frames.ipv6(6, segment, isReply: isReply)
        case .vxlan:
            let datagram = Frames.udp(55555, 4789, [8, 0, 0, 0, 0, 0, 42, 0] + ethernet)
            return Frames.ipv4(17, datagram, isReply: isReply)
        case .gre: return Frames.ipv4(47, [0, 0, 8, 0] + ethernet[14...], isReply: isReply)
        case .pppoe:
            let packet = [0, 0x21] + ethernet[14...]
            return Frames.ethernet(
                0x8864, [0x11, 0, 0, 7] + Frames.big(UInt16(packet.count)) + packet, isReply: isReply)
        }
    }
}

/// One exchange of datagrams whose packets are always the same.
private final class Datagrams {
    let host = Host(keepsRecords: true)
    private let request: [UInt8]
    private let answer: [UInt8]

    init(_ service: UInt16, opening: [[UInt8]] = [], _ request: [UInt8], _ answer: [UInt8]) {
        func frame(_ payload: [UInt8], _ isReply: Bool) -> [UInt8] {
            let datagram = Frames.udp(isReply ? service : 40000, isReply ? 40000 : service, payload)
            return Frames.ipv4(17, datagram, isReply: isReply)
        }
        for (index, words) in opening.enumerated() { host.observe(frame(words, index & 1 != 0)) }
        self.request = frame(request, false)
        self.answer = frame(answer, true)
    }

    /// A connection whose sides go by ids, past its handshake.
    static func quic() -> Datagrams {
        let (client, server): ([UInt8], [UInt8]) = ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11])
        func long(_ flags: UInt8, _ to: [UInt8], _ from: [UInt8], _ rest: [UInt8]) -> [UInt8] {
            [flags, 0, 0, 0, 1, UInt8(to.count)] + to + [UInt8(from.count)] + from + rest
        }
        let handshake: [UInt8] = [0x40, 100] + [UInt8](repeating: 0x77, count: 100)
        let initial: [UInt8] = [0, 0x44, 0xE0] + [UInt8](repeating: 0x55, count: 0x4E0)
        return Datagrams(
            443,
            opening: [
                long(0xC0, [UInt8](repeating: 9, count: 8), client, initial), long(0xE0, client, server, handshake),
                long(0xE0, server, client, handshake),
            ], [0x40] + server + [UInt8](repeating: 0x33, count: 40),
            [0x40] + client + [UInt8](repeating: 0x33, count: 1200))
    }

    @inline(never)
    func exchange() {
        host.observe(request)
        host.observe(answer)
    }
}

func correlateBenchmarks() {
    let body = [UInt8](repeating: 0x55, count: 1400)
    let handshake = [Samples.clientHello, Samples.serverHello, Samples.applicationData(60)]
    let record = Samples.applicationData(1395)
    let download = [Samples.request, Samples.response(length: 1 << 40)]
    // Two chunks a segment; it begins in the middle of a size.
    let chunk = Array("2b0\r\n".utf8) + [UInt8](repeating: 0x55, count: 0x2B0) + [0x0D, 0x0A]
    let chunks = [Samples.request, Samples.chunkedResponse + chunk[..<2]]
    let chunked = Array(chunk[2...] + chunk + chunk[..<2])
    let unknown: [[UInt8]] = [[1, 2, 3, 4]]
    let established: [(String, () -> Connection)] = [
        ("unknown, IPv4", { Connection(unknown, body: body) }),
        ("unknown, IPv6", { Connection(unknown, body: body, in: .ipv6) }),
        ("unknown, IPv4, summary", { Connection(unknown, body: body, keepsRecords: false) }),
        ("behind a TLS handshake", { Connection(handshake, body: record) }),
        ("in an HTTP body", { Connection(download, body: body) }),
        ("in an HTTP body, summary", { Connection(download, body: body, keepsRecords: false) }),
        ("in an HTTP body of chunks", { Connection(chunks, body: chunked) }),
        ("in an HTTP body of chunks, summary", { Connection(chunks, body: chunked, keepsRecords: false) }),
        ("unknown, in VXLAN", { Connection(unknown, body: body, in: .vxlan) }),
        ("unknown, in GRE", { Connection(unknown, body: body, in: .gre) }),
        ("unknown, in PPPoE", { Connection(unknown, body: body, in: .pppoe) }),
    ]
    for (name, make) in established { measure("Data segment, \(name)", isFree: true, make) { $0.receive() } }
    measure("Data segment and pure ACK", isFree: true, { Connection(unknown, body: body) }) {
        $0.receive()
        $0.acknowledge()
    }
    measure("Two datagrams of an exchange", isFree: true, { Datagrams(5000, body, body) }) { $0.exchange() }
    measure("Two packets of QUIC past its handshake", isFree: true, Datagrams.quic) { $0.exchange() }
    measure("Connection of six packets, whole", { Host(keepsRecords: true) }) { connect($0) }
    measure("Connection of six packets, whole, summary", { Host(keepsRecords: false) }) { connect($0) }
    measure("DNS exchange, whole", { Host(keepsRecords: true) }) { exchange($0, 53) }
    measure("DNS exchange, whole, summary", { Host(keepsRecords: false) }) { exchange($0, 53) }
    measure("UDP exchange, whole, summary", { Host(keepsRecords: false) }) { exchange($0, 5000) }
    measure("Two fragments, whole, summary", { Host(keepsRecords: false) }) { host in
        let id = host.nextPort()
        let datagram = Frames.udp(40000, 5000, [UInt8](repeating: 1, count: 2000))
        host.observe(Frames.ipv4(17, Array(datagram[..<1480]), isReply: false, fragment: 0x2000, id: id))
        host.observe(Frames.ipv4(17, Array(datagram[1480...]), isReply: false, fragment: 185, id: id))
    }
    measure("Record of a connection, as JSON", oneRecord) { record in
        var writer = JSONWriter()
        RecordRenderer().writeLine(record, to: &writer)
        blackHole(writer.bytes.count)
    }
}

private func connect(_ host: Host) {
    let port = host.nextPort()
    for (isReply, flags, sequence, acknowledgment): (Bool, UInt8, UInt32, UInt32) in [
        (false, 0x02, 0, 0), (true, 0x12, 1000, 1), (false, 0x10, 1, 1001), (false, 0x11, 1, 1001),
        (true, 0x11, 1001, 2), (false, 0x10, 2, 1002),
    ] {
        let segment = Frames.tcp(isReply ? 443 : port, isReply ? port : 443, flags, sequence, acknowledgment)
        host.observe(Frames.ipv4(6, segment, isReply: isReply))
    }
}

private func exchange(_ host: Host, _ service: UInt16) {
    let port = host.nextPort()
    host.observe(Frames.ipv4(17, Frames.udp(port, service, Samples.query(id: port)), isReply: false))
    host.observe(Frames.ipv4(17, Frames.udp(service, port, Samples.answer(id: port)), isReply: true))
}

private func oneRecord() -> Model.Record {
    let connection = Connection(
        [Samples.clientHello, Samples.serverHello, Samples.applicationData(60)], body: Samples.applicationData(500))
    connection.receive()
    guard let record = connection.host.records().first else { fatalError("no record was made") }
    return record
}
