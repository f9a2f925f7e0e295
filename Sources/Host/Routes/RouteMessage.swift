import CLinux
import Glibc
import Model

/// RTM_NEWROUTE and RTM_DELROUTE as far as Waybill reads them (rtnetlink(7), `struct rtmsg`). In bytes:
///
///     0        1         2         3     4       5          6       7      8       12
///     | family | dst_len | src_len | tos | table | protocol | scope | type | flags | attributes …
struct RouteMessage: Equatable {
    var route: HostRoute
    /// `rtm_flags`.
    var flags: UInt32

    /// More next hops than this of one route are passed over.
    private static let hopLimit = 64

    /// `nil` when the fixed part is cut, the family is neither IPv4 nor IPv6, or a prefix is longer than an address.
    init?(_ payload: KernelBytes, _ names: RoutingTableNames) {
        guard let fixed = payload.load(rtmsg.self), let version = IPAddress.Version(addressFamily: fixed.rtm_family),
            let kind = RouteKind(kernel: fixed.rtm_type)
        else { return nil }
        var table = UInt32(fixed.rtm_table)
        let any: IPAddress = version == .v4 ? .anyIPv4 : .anyIPv6
        var (destination, source): (IPAddress, IPAddress?) = (any, nil)
        var metric: UInt32 = 0
        var preferredSource: IPAddress?
        var mtu: Int?
        var hop = HostRoute.Hop(gateway: nil, index: 0, isUsable: Self.isUsable(UInt32(fixed.rtm_flags)))
        var hops: [HostRoute.Hop] = []
        for (type, value) in NetlinkAttributes(payload.dropping(wb_nlmsg_align(MemoryLayout<rtmsg>.size))) {
            switch type {
            case RouteAttribute.destination: destination = value.address(version, at: 0) ?? any
            case RouteAttribute.source: source = value.address(version, at: 0)
            case RouteAttribute.gateway: hop.gateway = value.address(version, at: 0)
            case RouteAttribute.via: hop.gateway = Self.via(value)
            case RouteAttribute.outInterface: hop.index = value.load(Int32.self) ?? 0
            case RouteAttribute.table: table = value.load(UInt32.self) ?? table
            case RouteAttribute.priority: metric = value.load(UInt32.self) ?? 0
            case RouteAttribute.preferredSource: preferredSource = value.address(version, at: 0)
            case RouteAttribute.metrics: mtu = Self.mtu(value)
            case RouteAttribute.multipath: hops = Self.hops(value, version)
            default: break  // cache information, encapsulation and more
            }
        }
        guard let prefix = IPPrefix(address: destination, length: Int(fixed.rtm_dst_len)) else { return nil }
        route = HostRoute(
            kind: kind, destination: prefix, table: names.table(table), origin: RouteOrigin.text(fixed.rtm_protocol),
            metric: metric, typeOfService: fixed.rtm_tos)
        if let source, fixed.rtm_src_len > 0 {
            route.source = IPPrefix(address: source, length: Int(fixed.rtm_src_len))
        }
        route.preferredSource = preferredSource
        route.mtu = mtu
        route.hops = hops.isEmpty && (hop.index != 0 || hop.gateway != nil) ? [hop] : hops
        flags = fixed.rtm_flags
    }

    private static func isUsable(_ flags: UInt32) -> Bool { flags & UInt32(RTNH_F_DEAD | RTNH_F_LINKDOWN) == 0 }

    /// The gateway's own family, then its address (`struct rtvia`): IPv4 may go by way of an IPv6 router.
    private static func via(_ value: KernelBytes) -> IPAddress? {
        guard let family = value.load(UInt16.self),
            let version = IPAddress.Version(addressFamily: UInt8(truncatingIfNeeded: family))
        else { return nil }
        return value.address(version, at: 2)
    }

    private static func mtu(_ metrics: KernelBytes) -> Int? {
        for (type, value) in NetlinkAttributes(metrics) where type == RTAX_MTU {
            return value.load(UInt32.self).map { Int($0) }
        }
        return nil
    }

    /// `struct rtnexthop` with attributes of its own, one after the other.
    private static func hops(_ value: KernelBytes, _ version: IPAddress.Version) -> [HostRoute.Hop] {
        var rest = value
        var hops: [HostRoute.Hop] = []
        let size = MemoryLayout<rtnexthop>.size
        while hops.count < hopLimit, let fixed = rest.load(rtnexthop.self), Int(fixed.rtnh_len) >= size,
            let attributes = rest.part(at: size, length: Int(fixed.rtnh_len) - size)
        {
            var hop = HostRoute.Hop(
                gateway: nil, index: fixed.rtnh_ifindex, weight: Int(fixed.rtnh_hops) + 1,
                isUsable: isUsable(UInt32(fixed.rtnh_flags)))
            for (type, value) in NetlinkAttributes(attributes) {
                if type == RouteAttribute.gateway { hop.gateway = value.address(version, at: 0) }
                if type == RouteAttribute.via { hop.gateway = via(value) }
            }
            hops.append(hop)
            rest = rest.dropping(wb_nlmsg_align(Int(fixed.rtnh_len)))
        }
        return hops
    }
}

/// Attributes of `struct rtmsg` (`enum rtattr_type_t`) as numbers.
enum RouteAttribute {
    static let destination = Int(RTA_DST.rawValue)
    static let source = Int(RTA_SRC.rawValue)
    static let inInterface = Int(RTA_IIF.rawValue)
    static let outInterface = Int(RTA_OIF.rawValue)
    static let gateway = Int(RTA_GATEWAY.rawValue)
    static let priority = Int(RTA_PRIORITY.rawValue)
    static let preferredSource = Int(RTA_PREFSRC.rawValue)
    static let metrics = Int(RTA_METRICS.rawValue)
    static let multipath = Int(RTA_MULTIPATH.rawValue)
    static let table = Int(RTA_TABLE.rawValue)
    static let mark = Int(RTA_MARK.rawValue)
    static let via = Int(RTA_VIA.rawValue)
    static let user = Int(RTA_UID.rawValue)
    static let transport = Int(RTA_IP_PROTO.rawValue)
    static let sourcePort = Int(RTA_SPORT.rawValue)
    static let destinationPort = Int(RTA_DPORT.rawValue)
}
