import CLinux
import Glibc
import Model
import Synchronization
import Testing

@testable import Host

@Suite struct KernelSocketTests {
    private static let tuple = FlowTuple(
        .udp, Endpoint(IPAddress(v4: 0xC000_0201), 40000), Endpoint(IPAddress(v4: 0xC633_6450), 53))

    static func socket(
        _ transport: TransportProtocol = .udp, local: Endpoint = tuple.source, remote: Endpoint = tuple.destination,
        inode: UInt64 = 31337
    ) -> KernelSocket {
        KernelSocket(transport: transport, local: local, remote: remote, state: .established, user: 1000, inode: inode)
    }

    private static let nobody = Endpoint(.anyIPv4, 0)
    private static let anyAddress = Endpoint(.anyIPv4, 40000)

    @Test func whatFitsATuple() {
        let tuple = Self.tuple
        #expect(Self.socket().fit(tuple) == .exact)
        #expect(Self.socket(remote: Self.nobody).fit(tuple) == .open)
        #expect(Self.socket(local: Self.anyAddress, remote: Self.nobody).fit(tuple) == .open)
        #expect(Self.socket(local: Endpoint(.anyIPv6, 40000), remote: Endpoint(.anyIPv6, 0)).fit(tuple) == .open)
        #expect(Self.socket(remote: Endpoint(tuple.destination.address, 54)).fit(tuple) == nil)
        #expect(Self.socket(local: Endpoint(tuple.source.address, 40001)).fit(tuple) == nil)
        #expect(Self.socket(local: Endpoint(IPAddress(v4: 1), 40000)).fit(tuple) == nil)
        #expect(Self.socket(.tcp).fit(tuple) == nil)
        // A listener has the port too, and did not connect.
        var tcp = tuple
        tcp.transport = .tcp
        #expect(Self.socket(.tcp).fit(tcp) == .exact && Self.socket(.tcp, remote: Self.nobody).fit(tcp) == nil)
    }

    @Test func whoIsMeant() {
        let (exact, open) = (Self.socket(inode: 1), Self.socket(remote: Self.nobody, inode: 2))
        let other = Self.socket(local: Self.anyAddress, remote: Self.nobody, inode: 3)
        #expect(SocketAnswer([open, exact, other], Self.tuple) == .one(exact))
        #expect(SocketAnswer([open], Self.tuple) == .one(open))
        #expect(SocketAnswer([open, other], Self.tuple) == .several(2))
        #expect(SocketAnswer([], Self.tuple) == .none)
    }
}

@Suite struct SocketRowsTests {
    private static let title = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"

    @Test func rowsOfBothFamilies() {
        let text =
            Self.title
            + "   0: 0100007F:1F90 0200000A:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0 20\n"
            + "   1: B80D0120000000000000000001000000:1F90 00000000000000000000000000000000:0000 07 "
            + "00000000:00000000 00:00000000 00000000     0        0 42 2 0\n"
            + "   2: 0000000000000000FFFF00000100007F:0050 0000000000000000FFFF00000200000A:0051 06 "
            + "00000000:00000000 00:00000000 00000000     0        0 0 2 0\n"
        let sockets = SocketRows(text, .tcp).sockets
        #expect(
            sockets.map { "\($0.local) \($0.remote) \($0.state.rawValue) \($0.user) \($0.inode)" } == [
                "127.0.0.1:8080 10.0.0.2:40000 1 1000 31337", "[2001:db8::1]:8080 [::]:0 7 0 42",
                "127.0.0.1:80 10.0.0.2:81 6 0 0",
            ])
        #expect(sockets.map(\.isTimeWait) == [false, false, true])
    }

    @Test(arguments: [
        "", "0:", "0: 0100007F 0200000A:9C40 01 0:0 0:0 0 1000 0 31337", "0: 0100007F:1F90:1 0:0 01 0 0 0 0 0 1",
        "0: 0100007F:11F90 0200000A:9C40 01 0:0 0:0 0 1000 0 31337",
        "0: 010000GF:1F90 0200000A:9C40 01 0:0 0:0 0 1000 0 31337",
        "0: 0100007F:1F90 0200000A:9C40 01 0:0 0:0 0 -1 0 31337", "0: 0100007F:1F90 0200000A:9C40 01 0:0 0:0 0 1 0",
        "0: 0100007F0:1F90 0200000A:9C40 01 0:0 0:0 0 1000 0 31337",
    ])
    func aRowThatIsNoneIsPassedOver(_ row: String) {
        #expect(SocketRows(Self.title + row + "\n", .udp).sockets.isEmpty)
    }
}

@Suite struct SocketHoldersTests {
    private func holders(_ proc: FakeProc, of inode: UInt64) -> SocketHolders.Answer {
        var holders = SocketHolders(folder: proc.folder)
        #expect(holders.holders(of: inode, since: FakeProc.at(1)) == .notYet)
        for _ in 0..<1000 where holders.holders(of: inode, since: FakeProc.at(1)) == .notYet {
            holders.turn(at: FakeProc.at(1))
        }
        return holders.holders(of: inode, since: FakeProc.at(1))
    }

    @Test func oneSeveralOrNobody() throws {
        let proc = try FakeProc()
        try proc.add(7, "curl", sockets: [1, 2, 2])
        for pid in 10..<30 as Range<Int32> { try proc.add(pid, "worker", sockets: [3]) }
        #expect(holders(proc, of: 2) == .found(SocketHolders.Holders(processes: [7], count: 1), at: FakeProc.at(1)))
        #expect(holders(proc, of: 4) == .nobody(denied: 0))
        guard case .found(let many, _) = holders(proc, of: 3) else {
            Issue.record("they have it open")
            return
        }
        #expect(many.count == 20 && many.processes.count == 16)
    }

    @Test func whatWasFoundBeforeSaysNothingOfWhatCameLater() throws {
        let proc = try FakeProc()
        try proc.add(7, "curl", sockets: [1])
        var holders = SocketHolders(folder: proc.folder)
        holders.turn(at: FakeProc.at(1))
        #expect(holders.holders(of: 1, since: FakeProc.at(1)) != .notYet)
        #expect(holders.holders(of: 1, since: FakeProc.at(1.001)) == .notYet)
    }
}

@Suite struct OtherNamespacesTests {
    private static let tuple = FlowTuple(
        .tcp, Endpoint(IPAddress(v4: 0xAC11_0002), 40000), Endpoint(IPAddress(v4: 0xC633_6450), 80))

    private static func table(_ inode: Int) -> String {
        "title\n   0: 020011AC:9C40 506433C6:0050 01 0:0 0:0 0 0 0 \(inode) 1\n"
    }

    private func find(_ proc: FakeProc) -> SocketAnswer? {
        var namespaces = OtherNamespaces(folder: proc.folder)
        return namespaces.find(Self.tuple, at: FakeProc.at(1))
    }

    @Test func aContainersSocketIsFoundWhereItIs() throws {
        let proc = try FakeProc()
        try proc.add(7, "own")
        try proc.write(Self.table(1), to: "7/net/tcp")
        #expect(find(proc) == nil, "this host's own sockets do not come from elsewhere")
        try proc.add(8, "curl", namespace: 77)
        try proc.add(9, "sh", namespace: 77)
        for pid in [8, 9] { try proc.write(Self.table(31337), to: "\(pid)/net/tcp") }
        guard case .one(let socket)? = find(proc) else {
            Issue.record("both processes show the one namespace")
            return
        }
        #expect(socket.inode == 31337)
    }

    @Test func twoContainersWithTheSameAddressesAreNotToldApart() throws {
        let proc = try FakeProc()
        for (pid, inode) in [(8, 1), (9, 2)] as [(Int32, Int)] {
            try proc.add(pid, "curl", namespace: 70 + inode)
            try proc.write(Self.table(inode), to: "\(pid)/net/tcp")
        }
        #expect(find(proc) == .several(2))
    }

    @Test func oneTurnReadsATableOnce() throws {
        let proc = try FakeProc()
        try proc.add(8, "curl", namespace: 77)
        try proc.write(Self.table(1), to: "8/net/tcp")
        var namespaces = OtherNamespaces(folder: proc.folder)
        let first = namespaces.find(Self.tuple, at: FakeProc.at(1))
        try proc.write(Self.table(2), to: "8/net/tcp")
        #expect(namespaces.find(Self.tuple, at: FakeProc.at(1)) == first && first != nil)
        let next = namespaces.find(Self.tuple, at: FakeProc.at(1.1))
        #expect(next != first && next != nil)
    }

    /// On a large machine a table takes the kernel milliseconds: here five.
    @Test func readingTakesATwentiethOfAProcessor() throws {
        let proc = try FakeProc()
        try proc.add(8, "curl", namespace: 77)
        try proc.write(Self.table(1), to: "8/net/tcp")
        let time = Mutex(Timestamp(nanoseconds: 0))
        var namespaces = OtherNamespaces(folder: proc.folder) {
            time.withLock { time in
                time = time + .milliseconds(5)
                return time
            }
        }
        var answered = 0
        for turn in 0..<200 {
            if namespaces.find(Self.tuple, at: FakeProc.at(1 + Double(turn) / 100)) != nil { answered += 1 }
        }
        // A tenth of a second at once, and a twentieth of the second and more that has passed by this clock.
        #expect((25...40).contains(answered), "\(answered)")
        time.withLock { $0 = $0 + .seconds(10) }
        #expect(namespaces.find(Self.tuple, at: FakeProc.at(20)) != nil)
    }
}

@Suite struct SocketFinderTests {
    private static let local = Endpoint(IPAddress(v4: 0xC000_0201), 40000)
    private static let remote = Endpoint(IPAddress(v4: 0xC633_6450), 80)
    private static let tuple = FlowTuple(.tcp, local, remote)

    /// One message of sock_diag, as the kernel lays it out.
    private static func message(
        _ local: Endpoint, _ remote: Endpoint, inode: UInt32 = 31337, state: UInt8 = 1, flags: Int32 = 0,
        sequence: UInt32
    ) -> [UInt8] {
        func address(_ address: IPAddress) -> [UInt8] {
            address.version == .v4
                ? PerfBytes.octets(UInt32(truncatingIfNeeded: address.low).bigEndian)
                    + [UInt8](repeating: 0, count: 12)
                : PerfBytes.octets(address.high.bigEndian) + PerfBytes.octets(address.low.bigEndian)
        }
        let family = UInt8(local.address.version == .v4 ? AF_INET : AF_INET6)
        let ports = PerfBytes.octets(local.port.bigEndian) + PerfBytes.octets(remote.port.bigEndian)
        var body: [UInt8] = [family, state, 0, 0] + ports + address(local.address) + address(remote.address)
        body += [UInt8](repeating: 0, count: 12) + [UInt8](repeating: 0, count: 12)
        body += PerfBytes.octets(UInt32(1000)) + PerfBytes.octets(inode)
        return header(Int(SOCK_DIAG_BY_FAMILY), flags, sequence, body)
    }

    private static func header(_ type: Int, _ flags: Int32, _ sequence: UInt32, _ body: [UInt8]) -> [UInt8] {
        PerfBytes.octets(UInt32(16 + body.count)) + PerfBytes.octets(UInt16(type))
            + PerfBytes.octets(UInt16(flags)) + PerfBytes.octets(sequence) + PerfBytes.octets(UInt32(0)) + body
    }

    private static func refusal(_ sequence: UInt32) -> [UInt8] {
        header(Int(NLMSG_ERROR), 0, sequence, PerfBytes.octets(-ENOENT) + [UInt8](repeating: 0, count: 16))
    }

    private static func end(_ sequence: UInt32) -> [UInt8] {
        header(Int(NLMSG_DONE), NLM_F_MULTI, sequence, [0, 0, 0, 0])
    }

    private func find(_ tuple: FlowTuple, _ answers: [[NetlinkReception]]) throws -> (SocketAnswer, [[UInt8]]) {
        let script = ScriptedSocket.Script(answers: answers)
        var finder = SocketFinder(socket: ScriptedSocket(script: script))
        return (try finder.find(tuple), script.requests)
    }

    /// Whole datagrams: what `ss` sends for the same sockets.
    @Test func asksByteForByte() throws {
        var (_, requests) = try find(Self.tuple, [[.datagram(Self.refusal(1))]])
        /// Header, family, transport and states, then both ports, both addresses, interface and cookie.
        func whole(_ transport: UInt8, _ ports: [UInt8], _ addresses: [[UInt8]]) -> [UInt8] {
            let padded = addresses.flatMap { $0 + [UInt8](repeating: 0, count: 12) }
            return [72, 0, 0, 0, 20, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, transport, 0, 0, 255, 255, 255, 255]
                + ports + padded + [0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
        }
        let (near, far): ([UInt8], [UInt8]) = ([192, 0, 2, 1], [198, 51, 100, 80])
        #expect(requests == [whole(6, [0x9C, 0x40, 0, 80], [near, far])])
        // udp_diag takes the receiver's view.
        var udp = Self.tuple
        udp.transport = .udp
        (_, requests) = try find(udp, [[.datagram(Self.refusal(1))]])
        let swapped = whole(17, [0, 80, 0x9C, 0x40], [far, near])
        #expect(requests.first == swapped && requests.count == 3)
    }

    @Test func takesTheVerySocketOnly() throws {
        func answer(_ local: Endpoint, _ remote: Endpoint, _ sequence: UInt32 = 1) throws -> SocketAnswer {
            try find(Self.tuple, [[.datagram(Self.message(local, remote, sequence: sequence))]]).0
        }
        guard case .one(let socket) = try answer(Self.local, Self.remote) else {
            Issue.record("it is the socket")
            return
        }
        #expect(socket.inode == 31337 && socket.user == 1000 && socket.local == Self.local)
        #expect(try answer(Self.local, Endpoint(.anyIPv4, 0)) == .none, "a listener")
        #expect(try answer(Self.local, Self.remote, 7) == .none, "the answer to another question")
        let mapped = { (endpoint: Endpoint) in
            Endpoint(IPAddress(v6High: 0, low: 0xFFFF_0000_0000 | endpoint.address.low), endpoint.port)
        }
        guard case .one = try answer(mapped(Self.local), mapped(Self.remote)) else {
            Issue.record("a socket of IPv6 that speaks IPv4")
            return
        }
    }

    @Test func ofSocketsThatAreNotConnectedAllAreLookedAt() throws {
        var tuple = Self.tuple
        tuple.transport = .udp
        let open = Endpoint(.anyIPv4, 40000)
        let nobody = Endpoint(.anyIPv4, 0)
        func message(_ sequence: UInt32, _ inode: UInt32) -> NetlinkReception {
            .datagram(
                Self.message(open, nobody, inode: inode, flags: sequence == 1 ? 0 : NLM_F_MULTI, sequence: sequence))
        }
        let one: [[NetlinkReception]] = [
            [message(1, 5)], [message(2, 5), .datagram(Self.end(2))], [.datagram(Self.end(3))],
        ]
        guard case .one(let socket) = try find(tuple, one).0 else {
            Issue.record("there is one")
            return
        }
        #expect(socket.inode == 5)
        var two = one
        two[1].insert(message(2, 6), at: 0)
        #expect(try find(tuple, two).0 == .several(2))
    }

    @Test func answersThatAreCutOrLostTellNothing() throws {
        let whole = Self.message(Self.local, Self.remote, sequence: 1)
        for length in 0..<whole.count {
            #expect(try find(Self.tuple, [[.datagram(Array(whole.prefix(length)))]]).0 == .none)
        }
        #expect(try find(Self.tuple, [[.lost("")]]).0 == .none)
        #expect(try find(Self.tuple, [[]]).0 == .none)
    }

    @Test func theKernelKnowsASocketOfOurs() throws {
        let server = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        let client = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer {
            close(server)
            close(client)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        func named(_ call: (UnsafeMutablePointer<sockaddr>) -> CInt) -> CInt {
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1, call)
            }
        }
        try #require(named { bind(server, $0, length) } == 0 && listen(server, 1) == 0)
        try #require(named { getsockname(server, $0, &length) } == 0)
        let port = UInt16(bigEndian: address.sin_port)
        try #require(named { connect(client, $0, length) } == 0)
        try #require(named { getsockname(client, $0, &length) } == 0)
        let loopback = IPAddress(v4: 0x7F00_0001)
        let tuple = FlowTuple(
            .tcp, Endpoint(loopback, UInt16(bigEndian: address.sin_port)), Endpoint(loopback, port))
        var finder = try SocketFinder()
        var status = stat()
        try #require(fstat(client, &status) == 0)
        guard case .one(let found) = try finder.find(tuple) else {
            Issue.record("the kernel has it")
            return
        }
        #expect(found.inode == UInt64(status.st_ino) && found.user == getuid() && found.state == .established)
        var inodes: Set<UInt64> = []
        try finder.all(.tcp) { inodes.insert($0.inode) }
        #expect(inodes.contains(found.inode))
        let rows = try #require(SocketRows(ProcFolder(), "self", .tcp))
        #expect(rows.find(tuple) == .one(found))
        var holders = SocketHolders(folder: ProcFolder())
        let now = HostClock.now
        for _ in 0..<100_000 where holders.holders(of: found.inode, since: now) == .notYet { holders.turn(at: now) }
        #expect(
            holders.holders(of: found.inode, since: now)
                == .found(SocketHolders.Holders(processes: [getpid()], count: 1), at: now))
    }
}
