import Glibc
import Testing

@testable import waybill

@Suite struct LocalPortsTests {
    @Test func readsTablesOfTheKernel() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:C350 0100007F:0050 01 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0
               1: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4712 1
               2: cut off
               3: 0100007F:XYZ 0100007F:0050 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0
            """
        let rows = LocalPorts.rows(text)
        #expect(rows.map(\.inode) == ["4711", "4712"])
        #expect(rows.map(\.port) == [50000, 80])
    }

    @Test func findsASocketOfThisProcess() throws {
        let (socket, port) = Self.udpSocket()
        defer { close(socket) }
        var ports = LocalPorts()
        ports.look(at: getpid())
        #expect(ports.ports.contains(.init(isTCP: false, number: port)))
    }

    @Test func findsASocketOfADescendant() async throws {
        // A subshell of a shell sends a datagram, which tells its port, and holds the socket until it is told to end.
        let (socket, port) = Self.udpSocket()
        defer { close(socket) }
        let child = try ChildCommand([
            "bash", "-c", "(exec 3<>/dev/udp/127.0.0.1/\(port); echo >&3; read -t 20 <&3); true",
        ])
        var source = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var datagram: UInt8 = 0
        let received = withUnsafeMutablePointer(to: &source) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                recvfrom(socket, &datagram, 1, 0, generic, &length)
            }
        }
        #expect(received == 1)
        var ports = LocalPorts()
        ports.look(at: child.pid)
        // Not the only one: until the shell is loaded, it holds what this process, full of tests, had open.
        #expect(ports.ports.contains(.init(isTCP: false, number: UInt16(bigEndian: source.sin_port))))
        for pid in LocalPorts.family(of: child.pid).reversed() { kill(pid, SIGKILL) }
        while child.exitStatus() == nil { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// Bound to a port of the kernel's choice on loopback; a wait for a datagram ends after 20 s.
    private static func udpSocket() -> (socket: Int32, port: UInt16) {
        let socket = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        #expect(setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                #expect(bind(socket, generic, length) == 0)
                #expect(getsockname(socket, generic, &length) == 0)
            }
        }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    @Test func aProcessThatIsGoneHasNone() {
        var ports = LocalPorts()
        ports.look(at: Int32.max)
        #expect(ports.ports.isEmpty)
    }
}
