import CLinux
import Glibc
import Model

/// What the kernel says when it is asked for the entry of one tuple.
enum ConntrackAnswer: Equatable {
    case entry(ConntrackEntry)
    /// It has none.
    case none
    /// It gave no answer, or one that cannot be read.
    case unknown
}

extension NetlinkAsker where Socket: ~Copyable {
    /// IPCTNL_MSG_CT_GET: the entry that a packet of `tuple` belongs to, as what came or what left, among those of no zone.
    mutating func connection(_ tuple: FlowTuple) -> ConntrackAnswer {
        // Either tuple of an entry leads to it, each in its own direction alone (nf_conntrack_find_get).
        for (way, isAnswer) in [(tuple, false), (tuple.reversed, true)] {
            switch ask(.connection(way, isAnswer: isAnswer)) {
            case .message(let message):
                guard Int(message.type) == ConntrackEntry.type(IPCTNL_MSG_CT_NEW),
                    let entry = ConntrackEntry(message.payload), entry.original == way || entry.reply == way
                else { return .unknown }
                return .entry(entry)
            case .error(ENOENT): continue
            case .error, nil: return .unknown
            }
        }
        return .none
    }
}

extension NetlinkRequest {
    /// The entry with `tuple` as its original or its reply.
    ///
    /// - Parameter isAnswer: of an echo, whether it is the way of the reply.
    static func connection(_ tuple: FlowTuple, isAnswer: Bool) -> NetlinkRequest {
        let family = tuple.source.address.version.addressFamily
        let isIPv4 = tuple.source.address.version == .v4
        var request = NetlinkRequest(
            type: ConntrackEntry.type(IPCTNL_MSG_CT_GET), flags: NLM_F_REQUEST,
            body: nfgenmsg(nfgen_family: family, version: UInt8(NFNETLINK_V0), res_id: 0))
        request.append(Int(CTA_TUPLE_ORIG.rawValue)) { request in
            request.append(Int(CTA_TUPLE_IP.rawValue)) { request in
                request.append(
                    Int((isIPv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC).rawValue), address: tuple.source.address)
                request.append(
                    Int((isIPv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST).rawValue), address: tuple.destination.address)
            }
            request.append(Int(CTA_TUPLE_PROTO.rawValue)) { $0.appendPorts(of: tuple, isAnswer: isAnswer) }
        }
        return request
    }

    private mutating func appendPorts(of tuple: FlowTuple, isAnswer: Bool) {
        append(Int(CTA_PROTO_NUM.rawValue), tuple.transport.rawValue)
        switch tuple.transport {
        case .tcp, .udp:
            append(Int(CTA_PROTO_SRC_PORT.rawValue), tuple.source.port.bigEndian)
            append(Int(CTA_PROTO_DST_PORT.rawValue), tuple.destination.port.bigEndian)
        case .icmp:  // echo request and reply (RFC 792)
            append(Int(CTA_PROTO_ICMP_ID.rawValue), tuple.source.port.bigEndian)
            append(Int(CTA_PROTO_ICMP_TYPE.rawValue), UInt8(isAnswer ? 0 : 8))
            append(Int(CTA_PROTO_ICMP_CODE.rawValue), UInt8(0))
        case .icmpv6:  // RFC 4443 §4
            append(Int(CTA_PROTO_ICMPV6_ID.rawValue), tuple.source.port.bigEndian)
            append(Int(CTA_PROTO_ICMPV6_TYPE.rawValue), UInt8(isAnswer ? 129 : 128))
            append(Int(CTA_PROTO_ICMPV6_CODE.rawValue), UInt8(0))
        }
    }
}
