import CLinux
import Confine
import Glibc
package import Model

extension HostWatcher {
    /// Who has which port of this host, looked at now. `nil` after the end.
    package func ports() async -> PortSnapshot? { await survey.take() }
}

/// Looks at all sockets of this network namespace once, when somebody asks for ports: on a thread of its own, since a
/// host may have hundreds of thousands, and nothing else may wait for that.
enum PortSurvey {
    /// To know whose they are.
    static let capabilities: Capabilities = [.readSearch, .ptrace]

    /// Listeners and peers in one answer; beyond that the first ones by port, and the fullest ones.
    private static let listenerLimit = 4096
    private static let pressureLimit = 64
    /// Peers whose sockets are counted.
    private static let peerLimit = 65_536
    /// Below this share of the range nobody needs to know how fast ports are taken.
    private static let notable = 0.05
    private static let pause: UInt32 = 500_000

    struct Way: Hashable {
        var source: IPAddress
        var peer: Endpoint
    }

    struct Use {
        var inUse = 0
        var timeWait = 0
        var inodes: [UInt32] = []
    }

    static func survey() -> PortSnapshot {
        var snapshot = PortSnapshot()
        snapshot.ephemeral = .ofThisHost
        do throws(NetlinkError) {
            var finder = SocketFinder(socket: try KernelNetlinkSocket(NETLINK_SOCK_DIAG))
            var found: [(listener: PortListener, inode: UInt32)] = []
            try finder.messages(.tcp, states: SocketState.listen.bit) { found.append((listener($0, .tcp), $0.inode)) }
            try finder.messages(.udp, states: SocketState.closed.bit) { found.append((listener($0, .udp), $0.inode)) }
            found.sort { left, right in
                (left.listener.endpoint.port, left.listener.endpoint.address)
                    < (right.listener.endpoint.port, right.listener.endpoint.address)
            }
            let ways = try uses(&finder, snapshot.ephemeral)
            let full = ways.sorted { $0.value.inUse > $1.value.inUse }.prefix(pressureLimit)
            let wanted = Set(found.map(\.inode)).union(full.flatMap(\.value.inodes)).subtracting([0])
            let (holders, denied) = Self.holders(of: wanted)
            snapshot.denied = denied
            snapshot.listeners = found.prefix(listenerLimit).map { listener, inode in
                var listener = listener
                listener.holders = holders[inode] ?? []
                return listener
            }
            snapshot.pressure = full.map { way, use in
                var pressure = PortPressure(
                    source: way.source, peer: way.peer, inUse: use.inUse, timeWait: use.timeWait)
                pressure.holders = merged(use.inodes.flatMap { holders[$0] ?? [] })
                return pressure
            }
            try measure(&snapshot, &finder)
        } catch {
            snapshot.trouble = error.description
        }
        return snapshot
    }

    private static func listener(_ message: SocketMessage, _ transport: TransportProtocol) -> PortListener {
        var listener = PortListener(
            transport: transport, endpoint: message.local, isIPv6Only: message.isIPv6Only ?? false,
            user: message.user)
        if transport == .tcp {
            listener.waiting = message.receiveQueue
            listener.limit = message.sendQueue
        }
        listener.drops = message.drops
        return listener
    }

    /// Connections that this host opened, as far as that can be told: from a port that the kernel chooses from.
    static func uses(
        _ finder: inout SocketFinder<KernelNetlinkSocket>, _ range: EphemeralPorts?
    ) throws(NetlinkError) -> [Way: Use] {
        var ways: [Way: Use] = [:]
        let states = SocketState.all & ~SocketState.listen.bit & ~SocketState.closed.bit
        try finder.messages(.tcp, states: states) { message in
            guard let range, range.contains(message.local.port) else { return }
            let way = Way(source: message.local.address, peer: message.peer)
            guard ways[way] != nil || ways.count < peerLimit else { return }
            ways[way, default: Use()].inUse += 1
            if message.state == .timeWait { ways[way]?.timeWait += 1 }
            if message.inode != 0, (ways[way]?.inodes.count ?? 0) < 4096 { ways[way]?.inodes.append(message.inode) }
        }
        return ways
    }

    /// Looks a second time, a moment later, where ports are scarce.
    private static func measure(
        _ snapshot: inout PortSnapshot, _ finder: inout SocketFinder<KernelNetlinkSocket>
    ) throws(NetlinkError) {
        guard let range = snapshot.ephemeral,
            snapshot.pressure.contains(where: { Double($0.inUse) >= notable * Double(range.count) })
        else { return }
        let before = HostClock.now
        usleep(pause)
        let later = try uses(&finder, range)
        let seconds = Double((HostClock.now - before).nanoseconds) / 1e9
        guard seconds > 0 else { return }
        for index in snapshot.pressure.indices {
            let pressure = snapshot.pressure[index]
            let now = later[Way(source: pressure.source, peer: pressure.peer)]?.inUse ?? 0
            snapshot.pressure[index].growth = Double(now - pressure.inUse) / seconds
        }
    }

    /// Which processes have the sockets open, the first four each.
    private static func holders(of wanted: Set<UInt32>) -> (holders: [UInt32: [PortHolder]], denied: Int) {
        guard !wanted.isEmpty else { return ([:], 0) }
        let folder = ProcFolder()
        var holders: [UInt32: [PortHolder]] = [:]
        var denied = 0
        for pid in folder.processes() {
            switch folder.sockets(pid) {
            case .gone: break
            case .denied: denied += 1
            case .found(let inodes):
                var name: String?
                for inode in Set(inodes) {
                    guard let inode = UInt32(exactly: inode), wanted.contains(inode), holders[inode]?.count ?? 0 < 4
                    else { continue }
                    if name == nil { name = folder.stat(pid)?.name ?? "?" }
                    holders[inode, default: []].append(PortHolder(pid: pid, name: name ?? "?"))
                }
            }
        }
        return (holders, denied)
    }

    private static func merged(_ holders: [PortHolder]) -> [PortHolder] {
        var counts: [Int32: PortHolder] = [:]
        for holder in holders {
            counts[holder.pid, default: PortHolder(pid: holder.pid, name: holder.name, count: 0)].count += 1
        }
        return Array(counts.values.sorted { ($1.count, $0.pid) < ($0.count, $1.pid) }.prefix(8))
    }
}
