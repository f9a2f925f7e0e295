import CLinux
import Glibc
import Model

/// One entry of conntrack as ctnetlink tells it, as far as Waybill reads it (linux/netfilter/nfnetlink_conntrack.h).
///
/// The message is `struct nfgenmsg`, then attributes; those of a tuple are nested, and all numbers are big-endian:
///
///     CTA_TUPLE_ORIG  { CTA_TUPLE_IP { … }  CTA_TUPLE_PROTO { number, ports or ICMP identifier } }
///     CTA_TUPLE_REPLY { … }
///     CTA_STATUS  CTA_PROTOINFO { CTA_PROTOINFO_TCP { state } }  CTA_MARK  CTA_ID  CTA_ZONE  CTA_TIMESTAMP { … }
struct ConntrackEntry: Equatable, BitwiseCopyable {
    var original: FlowTuple
    var reply: FlowTuple
    var zone: UInt16 = 0
    /// Bits of `enum ip_conntrack_status`.
    var status: UInt32 = 0
    var mark: UInt32 = 0
    var identifier: UInt32 = 0
    /// Of `enum tcp_conntrack`; `nil` for other transports.
    var tcpState: UInt8?
    /// Only where net.netfilter.nf_conntrack_timestamp is set.
    var began: Timestamp?
    var ended: Timestamp?

    /// `nil` when a tuple is missing or cut, or its transport is none that Waybill follows (GRE, SCTP, …).
    init?(_ payload: KernelBytes) {
        guard payload.count >= MemoryLayout<nfgenmsg>.size else { return nil }
        var tuples: (original: FlowTuple?, reply: FlowTuple?) = (nil, nil)
        var rest = Rest()
        for (type, value) in NetlinkAttributes(payload.dropping(MemoryLayout<nfgenmsg>.size)) {
            switch UInt32(truncatingIfNeeded: type) {
            case CTA_TUPLE_ORIG.rawValue: tuples.original = Self.tuple(value, &rest.zone)
            case CTA_TUPLE_REPLY.rawValue: tuples.reply = Self.tuple(value, &rest.zone)
            default: rest.read(UInt32(truncatingIfNeeded: type), value)
            }
        }
        guard let original = tuples.original, let reply = tuples.reply, original.transport == reply.transport,
            original.source.address.version == original.destination.address.version
        else { return nil }
        self.original = original
        self.reply = reply
        zone = rest.zone
        status = rest.status
        mark = rest.mark
        identifier = rest.identifier
        tcpState = rest.tcpState
        began = rest.began
        ended = rest.ended
    }

    /// What has a value of its own even when it is not told.
    private struct Rest {
        var zone: UInt16 = 0
        var status: UInt32 = 0
        var mark: UInt32 = 0
        var identifier: UInt32 = 0
        var tcpState: UInt8?
        var began: Timestamp?
        var ended: Timestamp?

        mutating func read(_ type: UInt32, _ value: KernelBytes) {
            switch type {
            case CTA_STATUS.rawValue: status = value.bigEndian(UInt32.self) ?? 0
            case CTA_MARK.rawValue: mark = value.bigEndian(UInt32.self) ?? 0
            case CTA_ID.rawValue: identifier = value.bigEndian(UInt32.self) ?? 0
            case CTA_ZONE.rawValue: zone = value.bigEndian(UInt16.self) ?? 0
            case CTA_PROTOINFO.rawValue: tcpState = ConntrackEntry.tcpState(value)
            case CTA_TIMESTAMP.rawValue:
                for (type, value) in NetlinkAttributes(value) {
                    switch UInt32(truncatingIfNeeded: type) {
                    case CTA_TIMESTAMP_START.rawValue: began = ConntrackEntry.time(value)
                    case CTA_TIMESTAMP_STOP.rawValue: ended = ConntrackEntry.time(value)
                    default: break
                    }
                }
            default: break  // timeout, counters, helper, labels and more
            }
        }
    }

    /// - Parameter zone: the one of this direction, where that has one of its own.
    private static func tuple(_ bytes: KernelBytes, _ zone: inout UInt16) -> FlowTuple? {
        var addresses: (source: IPAddress?, destination: IPAddress?) = (nil, nil)
        var ports: (transport: TransportProtocol?, source: UInt16, destination: UInt16) = (nil, 0, 0)
        for (type, value) in NetlinkAttributes(bytes) {
            switch UInt32(truncatingIfNeeded: type) {
            case CTA_TUPLE_IP.rawValue: addresses = self.addresses(value)
            case CTA_TUPLE_PROTO.rawValue: ports = self.ports(value)
            case CTA_TUPLE_ZONE.rawValue: zone = value.bigEndian(UInt16.self) ?? 0
            default: break
            }
        }
        guard let source = addresses.source, let destination = addresses.destination, let transport = ports.transport
        else { return nil }
        return FlowTuple(
            transport, Endpoint(source, ports.source), Endpoint(destination, ports.destination))
    }

    private static func addresses(_ bytes: KernelBytes) -> (source: IPAddress?, destination: IPAddress?) {
        var result: (source: IPAddress?, destination: IPAddress?) = (nil, nil)
        for (type, value) in NetlinkAttributes(bytes) {
            switch UInt32(truncatingIfNeeded: type) {
            case CTA_IP_V4_SRC.rawValue: result.source = value.address(family: AF_INET)
            case CTA_IP_V4_DST.rawValue: result.destination = value.address(family: AF_INET)
            case CTA_IP_V6_SRC.rawValue: result.source = value.address(family: AF_INET6)
            case CTA_IP_V6_DST.rawValue: result.destination = value.address(family: AF_INET6)
            default: break
            }
        }
        return result
    }

    private static func ports(
        _ bytes: KernelBytes
    ) -> (transport: TransportProtocol?, source: UInt16, destination: UInt16) {
        var result: (transport: TransportProtocol?, source: UInt16, destination: UInt16) = (nil, 0, 0)
        for (type, value) in NetlinkAttributes(bytes) {
            switch UInt32(truncatingIfNeeded: type) {
            case CTA_PROTO_NUM.rawValue:
                result.transport = value.load(UInt8.self).flatMap { TransportProtocol(rawValue: $0) }
            case CTA_PROTO_SRC_PORT.rawValue: result.source = value.bigEndian(UInt16.self) ?? 0
            case CTA_PROTO_DST_PORT.rawValue: result.destination = value.bigEndian(UInt16.self) ?? 0
            case CTA_PROTO_ICMP_ID.rawValue, CTA_PROTO_ICMPV6_ID.rawValue:
                // An echo's identifier stands for both ports, as it does wherever a tuple of echoes is looked up.
                result.source = value.bigEndian(UInt16.self) ?? 0
                result.destination = result.source
            default: break  // type and code of ICMP
            }
        }
        return result
    }

    private static func tcpState(_ bytes: KernelBytes) -> UInt8? {
        for (type, value) in NetlinkAttributes(bytes) where type == Int(CTA_PROTOINFO_TCP.rawValue) {
            for (type, value) in NetlinkAttributes(value) where type == Int(CTA_PROTOINFO_TCP_STATE.rawValue) {
                return value.load(UInt8.self)
            }
        }
        return nil
    }

    /// Nanoseconds since the epoch; 0 is none.
    private static func time(_ bytes: KernelBytes) -> Timestamp? {
        guard let number = bytes.bigEndian(UInt64.self), number > 0, let nanoseconds = Int64(exactly: number) else {
            return nil
        }
        return Timestamp(nanoseconds: nanoseconds)
    }

    /// Whether what leaves is not what came.
    var isTranslated: Bool { original != reply.reversed }
}

extension NetlinkRequest {
    /// All entries of conntrack.
    static func allConnections(sequence: UInt32) -> [UInt8] {
        conntrack(IPCTNL_MSG_CT_GET, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence: sequence)
    }

    /// The counters of each processor.
    static func conntrackStatistics(sequence: UInt32) -> [UInt8] {
        conntrack(IPCTNL_MSG_CT_GET_STATS_CPU, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence: sequence)
    }

    private static func conntrack(_ type: cntl_msg_types, flags: CInt, sequence: UInt32) -> [UInt8] {
        let body = nfgenmsg(nfgen_family: UInt8(AF_UNSPEC), version: UInt8(NFNETLINK_V0), res_id: 0)
        return NetlinkRequest(type: ConntrackEntry.type(type), flags: flags, body: body).finish(sequence: sequence)
    }
}

extension ConntrackEntry {
    /// The type of a message: subsystem and operation.
    static func type(_ operation: cntl_msg_types) -> Int {
        Int(NFNL_SUBSYS_CTNETLINK) << 8 | Int(operation.rawValue)
    }
}
