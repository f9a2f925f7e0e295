import CLinux
import Glibc
import Model

/// The way of one packet, put together from what the kernel answers.
struct RouteFinder<Socket: NetlinkSocket & ~Copyable>: ~Copyable {
    private var asker: NetlinkAsker<Socket>

    init(socket: consuming Socket) { asker = NetlinkAsker(socket: socket) }

    /// Asks for the way, the entry that it came from, and the next hop's neighbour.
    ///
    /// - Parameter context: links and neighbours as last heard.
    mutating func report(
        _ question: RouteQuestion, links: LinkTable, neighbours: NeighbourCache, names: RoutingTableNames
    ) -> RouteReport {
        let found: RouteMessage
        switch asker.route(question, entry: false) {
        case .message(let message):
            guard let route = RouteMessage(message.payload, names) else {
                return RouteReport(.unknown("the kernel's answer cannot be read"))
            }
            found = route
        case .error(let number): return RouteReport(failure(number, question))
        case nil: return RouteReport(.unknown("the kernel gave no answer"))
        }
        var choice = RouteChoice(kind: found.route.kind, table: found.route.table)
        let hop = found.route.hops.first
        choice.gateway = hop?.gateway
        choice.preferredSource = found.route.preferredSource
        choice.mtu = found.route.mtu ?? hop.flatMap { links.links[$0.index]?.state?.mtu }
        choice.interface = hop.map { links.name($0.index) }
        if case .message(let message)? = asker.route(question, entry: true),
            let entry = RouteMessage(message.payload, names)
        {
            choice.prefix = entry.route.destination
            choice.origin = entry.route.origin
            choice.metric = entry.route.metric
            choice.pathCount = max(1, entry.route.hops.count)
        }
        return RouteReport(
            .chosen(choice), neighbour: hop.flatMap { neighbour(question, choice, $0, links, neighbours) })
    }

    private mutating func neighbour(
        _ question: RouteQuestion, _ choice: RouteChoice, _ hop: HostRoute.Hop, _ links: LinkTable,
        _ known: NeighbourCache
    ) -> HostNeighbour? {
        guard choice.kind == .unicast, links.links[hop.index]?.state?.isLoopback == false else { return nil }
        let address = hop.gateway ?? question.destination
        guard case .message(let message)? = asker.neighbour(address, on: hop.index),
            let entry = NeighbourMessage(message.payload), entry.address == address
        else { return nil }
        var neighbour =
            known[address, hop.index]
            ?? HostNeighbour(address: address, interface: links.name(hop.index), state: entry.state)
        neighbour.state = entry.state
        neighbour.mac = entry.mac
        neighbour.isRouter = entry.isRouter
        return neighbour
    }

    private mutating func failure(_ number: Int32, _ question: RouteQuestion) -> RouteReport.Answer {
        switch number {
        case ENETUNREACH: return .failed(.noRoute)
        case EACCES: return .failed(.prohibited)
        case EHOSTUNREACH: return .failed(.unreachable)
        case EINVAL:
            // A source that is not this host's is refused with the same number as a blackhole.
            guard question.source != nil else { return .failed(.blackhole) }
            var open = question
            open.source = nil
            if case .error(EINVAL)? = asker.route(open, entry: false) { return .failed(.blackhole) }
            return .unknown("the kernel gives no way from \(question.source?.description ?? "there")")
        default:
            let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "errno \(number)"
            return .failed(.other(number, text))
        }
    }
}
