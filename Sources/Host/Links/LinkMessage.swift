import CLinux
import Glibc
import Model

/// RTM_NEWLINK and RTM_DELLINK as far as Waybill reads them (rtnetlink(7), `struct ifinfomsg`).
struct LinkMessage: Equatable {
    var index: Int32
    /// Some notices of wireless drivers come without a name.
    var name: String?
    var flags: UInt32
    var mtu: Int?
    var mac: MACAddress?

    /// `nil` when the fixed part is cut, or when it is not about the link itself: a bridge tells with the same
    /// message and its own family (AF_BRIDGE) that a port joined or left it.
    init?(_ payload: KernelBytes) {
        guard let fixed = payload.load(ifinfomsg.self), fixed.ifi_family == AF_UNSPEC, fixed.ifi_index > 0 else {
            return nil
        }
        index = fixed.ifi_index
        flags = fixed.ifi_flags
        for (type, value) in NetlinkAttributes(payload.dropping(wb_nlmsg_align(MemoryLayout<ifinfomsg>.size))) {
            switch type {
            case IFLA_IFNAME: name = Self.name(value)
            case IFLA_MTU: mtu = value.load(UInt32.self).map { Int($0) }
            case IFLA_ADDRESS: mac = Self.mac(value)
            default: break  // statistics, queues, virtual functions and dozens more
            }
        }
    }

    /// Up to the first NUL; the kernel's names are 1 to 15 bytes (IFNAMSIZ). A name is not text by nature:
    /// what is not UTF-8 is replaced.
    private static func name(_ value: KernelBytes) -> String? {
        let octets = value.octets.prefix { $0 != 0 }
        guard (1..<256).contains(octets.count) else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    /// An EUI-48; other links (tunnels, InfiniBand) have 4, 16 or 20 bytes here.
    static func mac(_ value: KernelBytes) -> MACAddress? {
        guard value.count == 6 else { return nil }
        return MACAddress(bits: value.octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

/// RTM_NEWADDR and RTM_DELADDR as far as Waybill reads them (rtnetlink(7), `struct ifaddrmsg`).
struct AddressMessage: Equatable {
    var index: Int32
    /// The host's own address.
    var address: IPAddress
    /// The far end of a point-to-point link, else the host's own address once more.
    var peer: IPAddress
    var prefixLength: UInt8
    /// The address cannot be used: not yet, until duplicate address detection is through, or because it found
    /// a duplicate (RFC 4862 §5.4).
    var isUnusable: Bool

    /// `nil` when the fixed part is cut, the family is neither IPv4 nor IPv6, or there is no address.
    init?(_ payload: KernelBytes) {
        guard let fixed = payload.load(ifaddrmsg.self), let index = Int32(exactly: fixed.ifa_index), index > 0
        else { return nil }
        self.index = index
        prefixLength = fixed.ifa_prefixlen
        var flags = UInt32(fixed.ifa_flags)
        var local: IPAddress?
        var other: IPAddress?
        for (type, value) in NetlinkAttributes(payload.dropping(wb_nlmsg_align(MemoryLayout<ifaddrmsg>.size))) {
            switch type {
            case IFA_LOCAL: local = value.address(family: CInt(fixed.ifa_family))
            case IFA_ADDRESS: other = value.address(family: CInt(fixed.ifa_family))
            case IFA_FLAGS: flags = value.load(UInt32.self) ?? flags
            default: break  // label, broadcast, lifetimes
            }
        }
        // On a point-to-point link IFA_ADDRESS is the far end's; IPv6 sends IFA_LOCAL only there (linux/if_addr.h).
        guard let address = local ?? other else { return nil }
        self.address = address
        peer = other ?? address
        isUnusable = flags & UInt32(IFA_F_TENTATIVE | IFA_F_DADFAILED) != 0 && flags & UInt32(IFA_F_OPTIMISTIC) == 0
    }
}
