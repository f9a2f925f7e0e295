import Glibc
import Model

/// Where the fields of the tracepoints stand that are listened to, read from tracefs once.
struct TracepointLayouts {
    var routeLookup: RouteLookup?
    var routeLookup6: RouteLookup?
    var stateChange: StateChange?
    var neighbourSend: NeighbourSend?
    var exec: Exec?

    /// `fib:fib_table_lookup` and `fib6:fib6_table_lookup` (include/trace/events/fib.h): which way to send.
    struct RouteLookup {
        let identifier: UInt64
        let version: IPAddress.Version
        private let flags, transport, source, destination, sourcePort, destinationPort: Int
        /// Kernels before 4.18 do not tell what came of it.
        private let error: Int?

        init?(_ format: TracepointFormat, _ version: IPAddress.Version) {
            let width = version == .v4 ? 4 : 16
            guard let flags = format.offset(of: "common_flags", size: 1),
                let transport = format.offset(of: "proto", size: 1),
                let source = format.offset(of: "src", size: width),
                let destination = format.offset(of: "dst", size: width),
                let sourcePort = format.offset(of: "sport", size: 2),
                let destinationPort = format.offset(of: "dport", size: 2), format.fields["iif"] != nil
            else { return nil }
            identifier = format.identifier
            self.version = version
            self.flags = flags
            self.transport = transport
            self.source = source
            self.destination = destination
            self.sourcePort = sourcePort
            self.destinationPort = destinationPort
            error = format.offset(of: "err", size: 4)
        }

        /// Sockets of this host that have a port already, TCP's that find no way at first, and ICMP's; not what is received or
        /// forwarded, which has an interface that it came in by, and not what an interrupt does in a thread that has
        /// nothing to do with it.
        var filter: String {
            let failed = error == nil ? "" : " || (proto == 6 && err != 0)"
            let echo = (version == .v4 ? TransportProtocol.icmp : .icmpv6).rawValue
            return "iif == 1 && !(common_flags & 0x18)"
                + " && (proto == \(echo) || (proto == 6 || proto == 17) && dport != 0 && (sport != 0\(failed)))"
        }

        func read(_ record: KernelBytes) -> KernelEvent.Body? {
            guard let flags = record.load(UInt8.self, at: flags), flags & TracepointFlags.interrupts == 0,
                let transport = record.load(UInt8.self, at: transport).flatMap(TransportProtocol.init(rawValue:)),
                let source = record.address(version, at: source),
                let destination = record.address(version, at: destination),
                let sourcePort = record.load(UInt16.self, at: sourcePort),
                let destinationPort = record.load(UInt16.self, at: destinationPort)
            else { return nil }
            let tuple = FlowTuple(transport, Endpoint(source, sourcePort), Endpoint(destination, destinationPort))
            guard sourcePort == 0 else { return .routed(tuple) }
            if transport == .icmp || transport == .icmpv6 { return .routed(tuple) }
            // A connect begins without a port.
            guard transport == .tcp, let error = error.flatMap({ record.load(Int32.self, at: $0) }), error != 0 else {
                return nil
            }
            return .lookupFailed(tuple, error: error)
        }
    }

    /// `sock:inet_sock_set_state` (include/trace/events/sock.h): a TCP socket comes to another state.
    struct StateChange {
        let identifier: UInt64
        private let flags, socket, oldState, newState, sourcePort, destinationPort, family, transport: Int
        private let source, destination, source6, destination6: Int

        init?(_ format: TracepointFormat) {
            guard let flags = format.offset(of: "common_flags", size: 1),
                let socket = format.offset(of: "skaddr", size: 8),
                let oldState = format.offset(of: "oldstate", size: 4),
                let newState = format.offset(of: "newstate", size: 4),
                let sourcePort = format.offset(of: "sport", size: 2),
                let destinationPort = format.offset(of: "dport", size: 2),
                let family = format.offset(of: "family", size: 2),
                let transport = format.offset(of: "protocol", size: 2),
                let source = format.offset(of: "saddr", size: 4),
                let destination = format.offset(of: "daddr", size: 4),
                let source6 = format.offset(of: "saddr_v6", size: 16),
                let destination6 = format.offset(of: "daddr_v6", size: 16)
            else { return nil }
            identifier = format.identifier
            self.flags = flags
            self.socket = socket
            self.oldState = oldState
            self.newState = newState
            self.sourcePort = sourcePort
            self.destinationPort = destinationPort
            self.family = family
            self.transport = transport
            self.source = source
            self.destination = destination
            self.source6 = source6
            self.destination6 = destination6
        }

        /// Of sockets that connect: to SYN-SENT, and from there.
        static var filter: String {
            let synSent = SocketState.synSent.rawValue
            return "protocol == 6 && (newstate == \(synSent) || oldstate == \(synSent))"
        }

        func read(_ record: KernelBytes) -> KernelEvent.Body? {
            guard let flags = record.load(UInt8.self, at: flags),
                let socket = record.load(UInt64.self, at: socket),
                let oldState = record.load(Int32.self, at: oldState),
                let newState = record.load(Int32.self, at: newState),
                record.load(UInt16.self, at: transport) == UInt16(TransportProtocol.tcp.rawValue),
                let sourcePort = record.load(UInt16.self, at: sourcePort),
                let destinationPort = record.load(UInt16.self, at: destinationPort),
                let tuple = tuple(record, sourcePort, destinationPort)
            else { return nil }
            if newState == Int32(SocketState.synSent.rawValue) {
                return flags & TracepointFlags.interrupts == 0 ? .connecting(socket: socket, tuple) : nil
            }
            guard oldState == Int32(SocketState.synSent.rawValue) else { return nil }
            let isClosed = newState == Int32(SocketState.closed.rawValue)
            if sourcePort != 0 { return isClosed ? .abandoned(socket: socket, tuple) : .settled(socket: socket, tuple) }
            return flags & TracepointFlags.interrupts == 0 && isClosed ? .noPort(tuple) : nil
        }

        private func tuple(_ record: KernelBytes, _ sourcePort: UInt16, _ destinationPort: UInt16) -> FlowTuple? {
            let isIPv4 = record.load(UInt16.self, at: family) == UInt16(AF_INET)
            if isIPv4 {
                guard let source = record.address(.v4, at: source),
                    let destination = record.address(.v4, at: destination)
                else { return nil }
                return FlowTuple(.tcp, Endpoint(source, sourcePort), Endpoint(destination, destinationPort))
            }
            guard let source = record.address(.v6, at: source6)?.unmapped,
                let destination = record.address(.v6, at: destination6)?.unmapped
            else { return nil }
            return FlowTuple(.tcp, Endpoint(source, sourcePort), Endpoint(destination, destinationPort))
        }
    }

    /// `neigh:neigh_event_send_done` (include/trace/events/neigh.h): something was sent to a neighbour whose hardware
    /// address is not known. Its error is 1 when the packet waits or is dropped (`__neigh_event_send`,
    /// net/core/neighbour.c).
    struct NeighbourSend {
        let identifier: UInt64
        private let flags, family, interface, state, address, address6, error: Int

        init?(_ format: TracepointFormat) {
            guard let flags = format.offset(of: "common_flags", size: 1),
                let family = format.offset(of: "family", size: 4), let interface = format.offset(of: "dev", size: 4),
                let state = format.offset(of: "nud_state", size: 1),
                let address = format.offset(of: "primary_key4", size: 4),
                let address6 = format.offset(of: "primary_key6", size: 16),
                let error = format.offset(of: "err", size: 4)
            else { return nil }
            identifier = format.identifier
            self.flags = flags
            self.family = family
            self.interface = interface
            self.state = state
            self.address = address
            self.address6 = address6
            self.error = error
        }

        /// What waits, and not what an interrupt repeats or forwards.
        static let filter = "err == 1 && !(common_flags & 0x18)"

        func read(_ record: KernelBytes) -> KernelEvent.Body? {
            guard let flags = record.load(UInt8.self, at: flags), flags & TracepointFlags.interrupts == 0,
                record.load(UInt32.self, at: error) == 1,
                let state = record.load(UInt8.self, at: state),
                !HostNeighbour.State(kernel: UInt16(state)).isValid,
                let family = record.load(UInt32.self, at: family).flatMap(UInt8.init(exactly:)),
                let version = IPAddress.Version(addressFamily: family),
                let nextHop = record.address(version, at: version == .v4 ? address : address6),
                let interface = record.dynamicText(at: interface)
            else { return nil }
            return .held(nextHop: nextHop, interface: interface)
        }
    }

    /// `sched:sched_process_exec` (include/trace/events/sched.h): a process runs another program.
    struct Exec {
        let identifier: UInt64
        private let fileName: Int

        init?(_ format: TracepointFormat) {
            guard let fileName = format.offset(of: "filename", size: 4) else { return nil }
            identifier = format.identifier
            self.fileName = fileName
        }

        func read(_ record: KernelBytes) -> KernelEvent.Body? {
            record.dynamicText(at: fileName).map { .executed(path: $0) }
        }
    }
}

/// enum trace_flag_type (include/linux/trace_events.h), which no header of user space has.
private enum TracepointFlags {
    /// TRACE_FLAG_HARDIRQ and TRACE_FLAG_SOFTIRQ.
    static let interrupts: UInt8 = 0x18
}

extension KernelBytes {
    /// An address in network order.
    func address(_ version: IPAddress.Version, at offset: Int) -> IPAddress? {
        switch version {
        case .v4: load(UInt32.self, at: offset).map { IPAddress(v4: UInt32(bigEndian: $0)) }
        case .v6:
            if let high = load(UInt64.self, at: offset), let low = load(UInt64.self, at: offset + 8) {
                IPAddress(v6High: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
            } else {
                nil
            }
        }
    }

    /// The text that a `__data_loc` field tells of: where it stands, and its length with the NUL in the upper half.
    fileprivate func dynamicText(at offset: Int) -> String? {
        guard let location = load(UInt32.self, at: offset) else { return nil }
        return part(at: Int(location & 0xFFFF), length: Int(location >> 16))?.text
    }

    /// Up to the first NUL; what is not UTF-8 is replaced.
    var text: String { String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self) }
}

extension IPAddress {
    /// The IPv4 address that an IPv6 socket has mapped into ::ffff:0:0/96 (RFC 4291 §2.5.5.2): on the wire it is that.
    var unmapped: IPAddress {
        version == .v6 && high == 0 && low >> 32 == 0xFFFF ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : self
    }
}
