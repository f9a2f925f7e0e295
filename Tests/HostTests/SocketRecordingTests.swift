import Model
import Testing

@testable import Host

/// What a kernel answered to sock_diag (Tests/Captures/netlink/sockets.hex), whole and damaged.
@Suite struct SocketRecordingTests {
    private static let host = IPAddress(v4: 0x0A4F_0102)
    private static let client = IPAddress(v4: 0x0A4F_0101)

    private func finder(_ answers: [[NetlinkReception]]) -> SocketFinder<ScriptedSocket> {
        SocketFinder(socket: ScriptedSocket(script: ScriptedSocket.Script(answers: answers)))
    }

    /// The answers of the recording named `kinds`, one for each question.
    private func answers(_ kinds: [String]) throws -> [[NetlinkReception]] {
        let recording = try Recording("sockets")
        return kinds.enumerated().map { index, kind in
            recording.datagrams(kind).map { .datagram($0.answering(UInt32(index + 1))) }
        }
    }

    private static func tuple(
        _ transport: TransportProtocol, _ port: UInt16, from client: IPAddress = host, _ clientPort: UInt16
    ) -> FlowTuple {
        FlowTuple(transport, Endpoint(client, clientPort), Endpoint(host, port))
    }

    private func server(_ tuple: FlowTuple, _ kinds: [String]) throws -> ServerAnswer {
        var finder = finder(try answers(kinds))
        return try finder.server(of: tuple)
    }

    @Test func tellsWhoTakesWhatComes() throws {
        guard case .taken(let accepted) = try server(Self.tuple(.tcp, 8080, 40001), ["accepted"]) else {
            Issue.record("it was accepted")
            return
        }
        #expect(accepted.state == .established && accepted.inode != 0 && accepted.remote.port == 40001)
        #expect(try server(Self.tuple(.tcp, 8080, 40002), ["unaccepted"]) == .waiting)
        guard case .listening(let listener) = try server(Self.tuple(.tcp, 8080, 40009), ["over"]) else {
            Issue.record("the kernel names the listener of a connection that is over")
            return
        }
        #expect(listener.state == .listen && listener.local == Endpoint(Self.host, 8080) && listener.inode != 0)
        guard
            case .taken(let receiver) = try server(Self.tuple(.udp, 5353, from: Self.client, 40000), ["receiver"])
        else {
            Issue.record("its datagrams have a receiver")
            return
        }
        #expect(receiver.local == Endpoint(.anyIPv4, 5353))
    }

    /// The kernel knows no socket for the tuple: those that have the port are looked through.
    @Test func whatIsNotFoundAtOnceIsLookedForByPort() throws {
        let listening = try server(Self.tuple(.tcp, 8080, 40009), ["refused", "tcp4", "tcp6"])
        guard case .listening(let listener) = listening else {
            Issue.record("\(listening)")
            return
        }
        #expect(listener.local.port == 8080)
        #expect(try server(Self.tuple(.tcp, 9, 40009), ["refused", "tcp4", "tcp6"]) == .nobody)
        #expect(try server(Self.tuple(.tcp, 9, 40009), []) == .nobody)
    }

    /// Nobody listens at this address, and somebody does at another one.
    @Test func aListenerAtAnotherAddressIsTold() throws {
        var tuple = Self.tuple(.tcp, 8080, 40009)
        tuple.destination.address = IPAddress(v4: 0x0A4F_0109)
        let answer = try server(tuple, ["refused", "tcp4", "tcp6"])
        guard case .elsewhere(let listener) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(listener.local == Endpoint(Self.host, 8080))
        #expect(listener.listener.queue != nil)
    }

    @Test func listsAllSockets() throws {
        var finder = finder(try answers(["tcp4", "tcp6"]))
        var found: [KernelSocket] = []
        try finder.all(.tcp) { found.append($0) }
        let listening = found.filter { $0.state == .listen }.map(\.local.port).sorted()
        #expect(listening == [8080, 8443])
        #expect(found.contains { $0.isTimeWait && $0.inode == 0 })
        #expect(found.filter(\.isToBeAccepted).map(\.remote.port) == [40002])
    }

    /// Cut anywhere, with or without a length that agrees: what stands before the cut, or nothing; it never traps.
    @Test func survivesEveryCut() throws {
        for (kind, whole) in try Recording("sockets").lines {
            for length in 0..<whole.count {
                var short = Array(whole.prefix(length))
                _ = try ask(kind, short)
                guard length >= 16 else { continue }
                (short[0], short[1]) = (UInt8(length & 0xFF), UInt8(length >> 8))
                _ = try ask(kind, short)
            }
        }
    }

    @Test func survivesEveryFlippedByte() throws {
        for (kind, whole) in try Recording("sockets").lines {
            for position in whole.indices {
                for value in [UInt8(0), 1, 3, 0x7F, 0xFF] {
                    var damaged = whole
                    damaged[position] = value
                    _ = try ask(kind, damaged)
                }
            }
        }
    }

    /// Asks all that can be asked, and is told `bytes` each time.
    private func ask(_ kind: String, _ bytes: [UInt8]) throws -> Int {
        let transport: TransportProtocol = kind.hasPrefix("udp") || kind == "receiver" ? .udp : .tcp
        let tuple = Self.tuple(transport, transport == .udp ? 5353 : 8080, 40001)
        let replies = (0..<3).map { [NetlinkReception.datagram(bytes.answering(UInt32($0 + 1)))] }
        var servers = finder(replies)
        _ = try servers.server(of: tuple)
        var owners = finder(replies)
        _ = try owners.find(tuple.reversed)
        var lists = finder(replies)
        var count = 0
        try lists.all(transport) { _ in count += 1 }
        #expect(count <= 64)
        return count
    }
}

@Suite struct ServingSocketTests {
    private static let master = Process(pid: 10, name: "nginx")
    private static let worker = Process(
        pid: 11, name: "nginx", ancestors: [Process.Ancestor(pid: 10, name: "nginx")])
    private static let other = Process(pid: 12, name: "haproxy")

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var served = ServingSocket.accepted
        var holders: [Process]
        var count: Int?
        var pid: Int32?
        var reason: String?
    }

    @Test(arguments: [
        Example(testDescription: "one holder", holders: [master], pid: 10),
        Example(
            testDescription: "a listener says that it is one", served: .listening, holders: [master], pid: 10,
            reason: "this is who listens"),
        Example(
            testDescription: "the one from which the others came", holders: [worker, master], pid: 10,
            reason: "open in nginx (11) as well"),
        Example(
            testDescription: "two of which none came from the other", holders: [master, other],
            reason: "several processes have its socket open: nginx (10), haproxy (12)"),
        Example(
            testDescription: "more than were looked at", holders: [master], count: 3, reason: "nginx (10) and 2 more"),
        Example(testDescription: "ended meanwhile", holders: [], count: 1, reason: "ended before"),
    ])
    func owners(_ example: Example) {
        let owner = example.served.owner(among: example.holders, of: example.count ?? example.holders.count)
        #expect(owner.process?.pid == example.pid)
        #expect(owner.how == example.served.how)
        #expect(example.reason.map { owner.reason?.contains($0) == true } ?? (owner.reason == nil))
    }
}
