import CLinux
import Model

/// RTM_NEWNEIGH and RTM_DELNEIGH as far as Waybill reads them (linux/neighbour.h, `struct ndmsg`).
struct NeighbourMessage: Equatable {
    var address: IPAddress
    var index: Int32
    var state: HostNeighbour.State
    var mac: MACAddress?
    var isRouter: Bool
    /// Requests in a row without an answer.
    var probes: UInt32 = 0

    /// `nil` when the fixed part is cut, for entries of bridges (their own family) and those answered for others.
    init?(_ payload: KernelBytes) {
        guard let fixed = payload.load(ndmsg.self), let version = IPAddress.Version(addressFamily: fixed.ndm_family),
            fixed.ndm_ifindex > 0, fixed.ndm_flags & UInt8(NTF_PROXY) == 0
        else { return nil }
        var address: IPAddress?
        for (type, value) in NetlinkAttributes(payload.dropping(wb_nlmsg_align(MemoryLayout<ndmsg>.size))) {
            switch type {
            case NDA_DST: address = value.address(version, at: 0)
            case NDA_LLADDR: mac = LinkMessage.mac(value)
            case NDA_PROBES: probes = value.load(UInt32.self) ?? 0
            default: break  // statistics
            }
        }
        guard let address else { return nil }
        self.address = address
        index = fixed.ndm_ifindex
        state = HostNeighbour.State(kernel: fixed.ndm_state)
        isRouter = fixed.ndm_flags & UInt8(NTF_ROUTER) != 0
    }
}
