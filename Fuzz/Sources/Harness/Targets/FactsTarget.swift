import Model

/// Frames of a few hosts, and what the kernel says of them, in any order: four bytes each.
///
///     options: 1 | what: 1, which: 2, step of time (high) and more (low): 1 | …
///
/// Hosts, ports and interfaces are so few that most of it concerns the same requests: both sides of a rewrite, tuples
/// used again, facts that come early, late, twice or for another request.
enum FactsTarget {
    static func run(_ bytes: RawSpan) {
        var input = Input(bytes)
        let options = input.byte()
        var world = World(isVersion6: options & 2 != 0)
        while !input.isAtEnd && world.events.count < 400 {
            let (what, which, more) = (input.byte(), input.uint16(), input.byte())
            world.tell(what, which, more)
        }
        var trial = Trial()
        trial.hasSmallTables = options & 1 != 0
        if options & 4 != 0 { trial.localNetworks = [IPPrefix("192.0.2.0/30")].compactMap(\.self) }
        trial.run(world.events)
    }

    private struct World {
        private(set) var events: [Trial.Event] = []
        private let isVersion6: Bool
        private var time: Int64 = 1_700_000_000_000_000_000
        private let processes: [Process] = [
            Process(pid: 1, name: "init"), Process(pid: 2, name: "curl", networkNamespace: .own),
            Process(pid: 3, name: "dig", networkNamespace: .other(4_026_531_840)),
            Process(pid: 4, name: "\u{1b}[31m", arguments: ["a", "\0"], networkNamespace: .other(7)),
        ]

        init(isVersion6: Bool) { self.isVersion6 = isVersion6 }

        private static let ports: [UInt16] = [40000, 40001, 53, 80]

        private func address(_ number: Int) -> IPAddress {
            isVersion6
                ? IPAddress(v6High: 0x2001_0DB8_0000_0000, low: UInt64(number & 3))
                : IPAddress(v4: 0xC000_0200 | UInt32(number & 3))
        }

        /// Bits: 0–1 client, 2–3 server, 4–5 the client's port, 6–7 the server's.
        private func tuple(_ which: Int, _ transport: TransportProtocol) -> FlowTuple {
            FlowTuple(
                transport, Endpoint(address(which), Self.ports[which >> 4 & 3]),
                Endpoint(address(which >> 2), Self.ports[which >> 6 & 3]))
        }

        mutating func tell(_ what: UInt8, _ which: UInt16, _ more: UInt8) {
            time &+= FrameSequence.steps[Int(more >> 4)]
            let (first, second) = (Int(which & 0xFF), Int(which >> 8))
            let transport: TransportProtocol = what & 0x80 != 0 ? .udp : .tcp
            let (tuple, other) = (tuple(first, transport), tuple(second, transport))
            let now = Timestamp(nanoseconds: time)
            switch what & 0x0F {
            case 0...5: frame(tuple, second, what, more)
            case 6, 7:
                var translation = Translation(original: tuple, reply: other, how: .conntrack, began: now)
                if more & 1 != 0 { translation.ended = now }
                if more & 2 != 0 { translation.began = nil }
                learn(.translation(translation))
            case 8: learn(.untranslated(tuple, more & 1 == 0 ? .untouched : .untracked))
            case 9: learn(.translationsMissed("lost"))
            case 10, 11:
                var told = tuple
                if more & 4 != 0 { told.source.address = isVersion6 ? .anyIPv6 : .anyIPv4 }
                let process = more & 8 != 0 ? nil : processes[Int(more & 3)]
                learn(.socketOwner(told, SocketOwner(process, second & 1 == 0 ? .traced : .socket, reason: "why")))
            case 12:
                var choice = RouteChoice(kind: .unicast, table: RoutingTable(number: 254, name: "main"))
                choice.gateway = other.source.address
                var neighbour = HostNeighbour(
                    address: other.source.address, interface: "eth0", state: more & 1 == 0 ? .failed : .reachable)
                neighbour.mac = MACAddress(bits: 1)
                learn(.route(tuple, began: now, RouteReport(.chosen(choice), neighbour: neighbour)))
            case 13:
                let owner = SocketOwner(processes[Int(more & 3)], .traced)
                let cause: UnsentRequest.Cause =
                    more & 8 != 0 ? .port(EphemeralPorts(first: 3, last: 1)) : .route(.interfaceDown("eth0"))
                learn(.unsent(UnsentRequest(tuple: tuple, time: now, owner: owner, cause: cause)))
            case 14: learn(.addressAdded(address(first), interface: "eth0"))
            default:
                learn(more & 1 == 0 ? .addressRemoved(address(first), interface: "eth0") : .addressesForgotten)
            }
        }

        private mutating func learn(_ body: Fact.Body) {
            events.append(.fact(Fact(time: Timestamp(nanoseconds: time), body: body)))
        }

        /// The second byte: 0–1 flags, 2 from the server, 3 whether it has gone through one router more, 4–5 the interface,
        /// 6–7 which numbers.
        private mutating func frame(_ tuple: FlowTuple, _ second: Int, _ what: UInt8, _ more: UInt8) {
            let isReply = second & 4 != 0
            let sent = isReply ? tuple.reversed : tuple
            let number = UInt32(second >> 6) * 1000
            let payload = [UInt8](repeating: UInt8(more & 3), count: Int(more & 0x0C) * 3)
            let segment: [UInt8] =
                tuple.transport == .udp
                ? Frames.udp(sent.source.port, sent.destination.port, payload)
                : Frames.tcp(
                    sent.source.port, sent.destination.port, [0x02, 0x12, 0x10, 0x11][second & 3], number, number,
                    options: [1, 1, 8, 10, 0, 0, 0, UInt8(second >> 6), 0, 0, 0, 0], payload)
            let bytes = Frames.between(
                sent, segment, hopLimit: second & 8 != 0 ? 63 : 64, id: UInt16(what >> 4 & 7))
            let info = FrameInfo(
                time: Timestamp(nanoseconds: time), wireLength: bytes.count,
                interface: InterfaceID(UInt16(second >> 4 & 3)),
                linkType: .ethernet)
            events.append(.frame(Frame(bytes: bytes, info: info)))
        }
    }
}
