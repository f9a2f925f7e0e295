/// What an input is fed to. The raw values are the names of the folders with the corpora.
enum Target: String, CaseIterable, Sendable {
    /// One frame; the first byte says of which link type.
    case frame
    /// Datagrams between a host and a resolver, plain and multicast; each is also walked as a message.
    case dns
    /// A TCP connection on port 443.
    case tls
    /// A TCP connection on port 80.
    case http
    /// A TCP connection on port 53.
    case stream
    /// Datagrams on port 443; the harness encrypts what is to be encrypted.
    case quic
    /// Datagrams between DHCP's ports.
    case dhcp
    /// One datagram or segment in IP fragments of any order and overlap.
    case fragments
    /// A capture file.
    case file
    /// Datagrams of a netlink socket, for the watcher of links.
    case netlink
    /// Answers of netlink, records of tracepoints, rules of nft: one of all that asks the kernel.
    case kernel
    /// Frames of a few hosts, and what the kernel says of them.
    case facts
    /// Frames with times, of any link types.
    case packets
    /// A condition on requests, or a query string that may have one.
    case condition

    nonisolated(unsafe) static var current = Target.frame

    func run(_ bytes: RawSpan) {
        switch self {
        case .frame: FrameTarget.run(bytes)
        case .dns: DNSTarget.run(bytes)
        case .tls: ConnectionTarget.run(bytes, ports: [443, 993, 8443, 25])
        case .http: ConnectionTarget.run(bytes, ports: [80, 8080, 3128, 443])
        case .stream: ConnectionTarget.run(bytes, ports: [53, 853, 5000, 53])
        case .quic: QUICTarget.run(bytes)
        case .dhcp: DatagramTarget.run(bytes, ports: [(68, 67), (546, 547), (68, 68), (67, 67)])
        case .fragments: FragmentTarget.run(bytes)
        case .file: FileTarget.run(bytes)
        case .netlink: NetlinkTarget.run(bytes)
        case .kernel: KernelTarget.run(bytes)
        case .facts: FactsTarget.run(bytes)
        case .packets: PacketsTarget.run(bytes)
        case .condition: ConditionTarget.run(bytes)
        }
    }
}
