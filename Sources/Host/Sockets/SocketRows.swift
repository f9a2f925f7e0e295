import Model

/// A table of sockets as text: /proc/PID/net/tcp, udp, icmp and their kin for IPv6 (proc_pid_net(5)).
///
///     sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode …
///     0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 …
///
/// Addresses are words as they stand in memory, ports are numbers, both in hexadecimal.
struct SocketRows {
    private(set) var sockets: [KernelSocket] = []

    init(_ text: String, _ transport: TransportProtocol) {
        for line in text.split(separator: "\n").dropFirst() {
            if let socket = KernelSocket(row: line, transport) { sockets.append(socket) }
        }
    }

    /// The tables that a socket of `tuple` may stand in, as process `pid` sees them; `nil` when none can be read.
    init?(_ folder: ProcFolder, _ pid: String, _ transport: TransportProtocol) {
        let names =
            switch transport {
            case .tcp: ["tcp", "tcp6"]
            case .udp: ["udp", "udp6"]
            case .icmp: ["icmp"]
            case .icmpv6: ["icmp6"]
            }
        let texts = names.compactMap { folder.socketTable(pid, $0) }
        guard !texts.isEmpty else { return nil }
        for text in texts { sockets += SocketRows(text, transport).sockets }
    }

    func find(_ tuple: FlowTuple) -> SocketAnswer { SocketAnswer(sockets, tuple) }
}

extension KernelSocket {
    init?(row: Substring, _ transport: TransportProtocol) {
        let columns = row.split(separator: " ", maxSplits: 10, omittingEmptySubsequences: true)
        guard columns.count >= 10, let local = Endpoint(row: columns[1]), let remote = Endpoint(row: columns[2]),
            let state = UInt8(columns[3], radix: 16), let user = UInt32(columns[7]), let inode = UInt64(columns[9])
        else { return nil }
        self.init(
            transport: transport, local: local, remote: remote, state: SocketState(rawValue: state), user: user,
            inode: inode)
    }
}

extension Endpoint {
    fileprivate init?(row text: Substring) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { return nil }
        let words = (0..<parts[0].utf8.count / 8).compactMap { index in
            UInt32(parts[0].dropFirst(index * 8).prefix(8), radix: 16)
        }
        func word(_ index: Int) -> UInt64 { UInt64(UInt32(bigEndian: words[index])) }
        switch (parts[0].utf8.count, words.count) {
        case (8, 1): self.init(IPAddress(v4: UInt32(bigEndian: words[0])), port)
        case (32, 4):
            let address = IPAddress(v6High: word(0) << 32 | word(1), low: word(2) << 32 | word(3))
            self.init(address.unmapped, port)
        default: return nil
        }
    }
}
