import CLinux
import Model
import Testing

@testable import Host

/// Records as the kernel writes them (perf_event_open(2)), for tests.
struct PerfBytes {
    var bytes: [UInt8] = []

    static func octets<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func name(_ text: String) -> [UInt8] {
        let count = (text.utf8.count / 8 + 1) * 8
        return Array(text.utf8) + [UInt8](repeating: 0, count: count - text.utf8.count)
    }

    mutating func add(_ type: UInt32, misc: UInt16 = 0, _ body: [UInt8]) {
        bytes += Self.octets(type) + Self.octets(misc) + Self.octets(UInt16(8 + body.count)) + body
    }

    /// Who and when, as sample_id_all puts it at the end.
    static func trailer(_ pid: Int32, _ time: Int64) -> [UInt8] { octets(pid) + octets(pid) + octets(time) }

    mutating func sample(_ pid: Int32, thread: Int32? = nil, _ time: Int64, _ record: [UInt8]) {
        let padding = [UInt8](repeating: 0, count: (8 - (4 + record.count) % 8) % 8)
        add(
            PERF_RECORD_SAMPLE.rawValue,
            Self.octets(pid) + Self.octets(thread ?? pid) + Self.octets(time)
                + Self.octets(UInt32(record.count + padding.count)) + record + padding)
    }

    static func stateChange(
        _ socket: UInt64, _ states: (Int32, Int32), _ source: UInt16, _ destination: UInt16, flags: UInt8 = 0,
        isIPv6: Bool = false, transport: UInt16 = 6
    ) -> [UInt8] {
        let v6: [UInt8] = [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        return octets(UInt16(1520)) + [flags, 0] + octets(Int32(7)) + octets(socket) + octets(states.0)
            + octets(states.1) + octets(source) + octets(destination) + octets(UInt16(isIPv6 ? 10 : 2))
            + octets(transport) + [192, 0, 2, 1, 198, 51, 100, 80] + v6 + [1] + v6 + [2]
    }

    static func routeLookup(
        _ transport: UInt8, _ source: UInt16, _ destination: UInt16, flags: UInt8 = 0
    ) -> [UInt8] {
        octets(UInt16(1499)) + [flags, 0] + [UInt8](repeating: 0, count: 20) + [transport, 0, 0, 0]
            + [0, 0, 0, 0, 198, 51, 100, 80] + [UInt8](repeating: 0, count: 8) + octets(source) + octets(destination)
    }

    static func neighbourSend(
        _ error: UInt32, state: UInt8 = 1, flags: UInt8 = 0, isIPv6: Bool = false
    ) -> [UInt8] {
        let v6: [UInt8] = [0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        return octets(UInt16(2245)) + [flags, 0] + octets(Int32(7)) + octets(UInt32(isIPv6 ? 10 : 2))
            + octets(UInt16(108)) + octets(UInt16(5)) + [UInt8](repeating: 0, count: 32) + [6, 0, state, 1, 0, 0, 0, 0]
            + octets(Int32(2)) + [192, 0, 2, 9] + v6 + [UInt8](repeating: 0, count: 24) + octets(error)
            + Array("eth0\0".utf8)
    }

    static func exec(_ path: String) -> [UInt8] {
        octets(UInt16(317)) + [0, 0] + octets(Int32(7)) + octets(UInt16(16)) + octets(UInt16(path.utf8.count + 1))
            + octets(Int32(7)) + Array(path.utf8) + [0]
    }

    static var layouts: TracepointLayouts {
        var layouts = TracepointLayouts()
        layouts.stateChange = TracepointFormat(TracepointFormatTests.stateChange).flatMap {
            TracepointLayouts.StateChange($0)
        }
        layouts.routeLookup = TracepointFormat(TracepointFormatTests.routeLookup).flatMap {
            TracepointLayouts.RouteLookup($0, .v4)
        }
        layouts.neighbourSend = TracepointFormat(TracepointFormatTests.neighbourSend).flatMap {
            TracepointLayouts.NeighbourSend($0)
        }
        layouts.exec = TracepointFormat(TracepointFormatTests.exec).flatMap { TracepointLayouts.Exec($0) }
        return layouts
    }

    var events: [KernelEvent] {
        var records = PerfRecords(bytes, Self.layouts)
        var events: [KernelEvent] = []
        while let event = records.next() { events.append(event) }
        return events
    }
}

@Suite struct PerfRecordsTests {
    private static let tuple = FlowTuple(
        .tcp, Endpoint(IPAddress(v4: 0xC000_0201), 40000), Endpoint(IPAddress(v4: 0xC633_6450), 80))
    private static let tuple6 = FlowTuple(
        .tcp, Endpoint(IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 1), 40000),
        Endpoint(IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 2), 80))

    private static let all: [(record: [UInt8], body: KernelEvent.Body)] = {
        let name = PERF_RECORD_COMM.rawValue
        func one(_ make: (inout PerfBytes) -> Void) -> [UInt8] {
            var bytes = PerfBytes()
            make(&bytes)
            return bytes.bytes
        }
        let who = PerfBytes.octets(Int32(7)) + PerfBytes.octets(Int32(7))
        var unbound = tuple
        unbound.source.port = 0
        return [
            (
                one { $0.add(name, who + PerfBytes.name("curl") + PerfBytes.trailer(7, 5)) },
                .named("curl", isExec: false)
            ),
            (
                one {
                    $0.add(
                        name, misc: UInt16(PERF_RECORD_MISC_COMM_EXEC),
                        who + PerfBytes.name("fifteen-letters") + PerfBytes.trailer(7, 5))
                }, .named("fifteen-letters", isExec: true)
            ),
            (
                one {
                    let ids = [7, 3, 7, 3].flatMap { PerfBytes.octets(Int32($0)) }
                    $0.add(PERF_RECORD_FORK.rawValue, ids + PerfBytes.octets(Int64(5)) + PerfBytes.trailer(3, 5))
                }, .forked(parent: 3)
            ),
            (
                one {
                    let ids = [7, 3, 7, 3].flatMap { PerfBytes.octets(Int32($0)) }
                    $0.add(PERF_RECORD_EXIT.rawValue, ids + PerfBytes.octets(Int64(5)) + PerfBytes.trailer(7, 5))
                }, .exited
            ),
            (
                one {
                    let body = PerfBytes.octets(UInt64(1)) + PerfBytes.octets(UInt64(99))
                    $0.add(PERF_RECORD_LOST.rawValue, body + PerfBytes.trailer(7, 5))
                }, .lost(99)
            ),
            (
                one { $0.sample(7, 5, PerfBytes.stateChange(0xFFFF_8881, (7, 2), 0, 80)) },
                .connecting(socket: 0xFFFF_8881, unbound)
            ),
            (
                one { $0.sample(7, 5, PerfBytes.stateChange(0xFFFF_8881, (2, 1), 40000, 80, flags: 0x18)) },
                .settled(socket: 0xFFFF_8881, tuple)
            ),
            (
                one { $0.sample(7, 5, PerfBytes.stateChange(9, (2, 1), 40000, 80, isIPv6: true)) },
                .settled(socket: 9, tuple6)
            ),
            (
                one { $0.sample(7, 5, PerfBytes.routeLookup(17, 5353, 53)) },
                .routed(
                    FlowTuple(.udp, Endpoint(.anyIPv4, 5353), Endpoint(IPAddress(v4: 0xC633_6450), 53)))
            ),
            (
                one { $0.sample(7, 5, PerfBytes.stateChange(9, (2, 7), 40000, 80, flags: 0x10)) },
                .abandoned(socket: 9, tuple)
            ),
            (
                one { $0.sample(7, 5, PerfBytes.neighbourSend(1)) },
                .held(nextHop: IPAddress(v4: 0xC000_0209), interface: "eth0")
            ),
            (
                one { $0.sample(7, 5, PerfBytes.neighbourSend(1, isIPv6: true)) },
                .held(nextHop: IPAddress(v6High: 0xFE80_0000_0000_0000, low: 1), interface: "eth0")
            ),
            (one { $0.sample(7, 5, PerfBytes.exec("/usr/bin/curl")) }, .executed(path: "/usr/bin/curl")),
        ]
    }()

    @Test func readsEveryKind() {
        for (record, body) in Self.all {
            #expect(
                PerfBytes(bytes: record).events == [
                    KernelEvent(time: Timestamp(nanoseconds: 5), pid: 7, thread: 7, body: body)
                ])
        }
        let together = PerfBytes(bytes: Self.all.flatMap(\.record)).events
        #expect(together.map(\.body) == Self.all.map(\.body))
    }

    @Test func aThreadIsToldWithItsProcess() {
        var bytes = PerfBytes()
        bytes.sample(7, thread: 12, 5, PerfBytes.routeLookup(6, 40000, 80))
        #expect(bytes.events.map(\.pid) == [7] && bytes.events.map(\.thread) == [12])
    }

    /// What an interrupt does in a thread that happens to run, other transports, listeners, threads that come and go.
    @Test func passesOverWhatTellsOfNobody() {
        var bytes = PerfBytes()
        bytes.sample(7, 5, PerfBytes.stateChange(9, (7, 2), 40000, 80, flags: 0x08))
        bytes.sample(7, 5, PerfBytes.stateChange(9, (7, 2), 40000, 80, flags: 0x10))
        bytes.sample(7, 5, PerfBytes.stateChange(9, (2, 7), 0, 80, flags: 0x10))
        bytes.sample(7, 5, PerfBytes.stateChange(9, (1, 8), 40000, 80))
        bytes.sample(7, 5, PerfBytes.stateChange(9, (7, 2), 40000, 80, transport: 132))
        bytes.sample(7, 5, PerfBytes.routeLookup(17, 5353, 53, flags: 0x10))
        bytes.sample(7, 5, PerfBytes.routeLookup(132, 5353, 53))
        bytes.sample(7, 5, PerfBytes.neighbourSend(0))
        bytes.sample(7, 5, PerfBytes.neighbourSend(1, state: 4))
        bytes.sample(7, 5, PerfBytes.neighbourSend(1, flags: 0x10))
        bytes.sample(7, 5, PerfBytes.octets(UInt16(4711)) + [0, 0, 0, 0])
        let thread = [7, 7, 12, 7].flatMap { PerfBytes.octets(Int32($0)) } + PerfBytes.octets(Int64(5))
        bytes.add(PERF_RECORD_FORK.rawValue, thread + PerfBytes.trailer(7, 5))
        bytes.add(PERF_RECORD_EXIT.rawValue, thread + PerfBytes.trailer(7, 5))
        let name = PerfBytes.octets(Int32(7)) + PerfBytes.octets(Int32(12)) + PerfBytes.name("worker")
        bytes.add(PERF_RECORD_COMM.rawValue, name + PerfBytes.trailer(7, 5))
        bytes.add(4711, [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(bytes.events.isEmpty)
    }

    /// Closed in SYN-SENT, by its own thread, before it had a port.
    @Test func aSocketThatFoundNoPortIsTold() {
        var bytes = PerfBytes()
        bytes.sample(7, 5, PerfBytes.stateChange(9, (2, 7), 0, 80))
        guard case .noPort(let tuple)? = bytes.events.first?.body else {
            Issue.record("nothing told")
            return
        }
        #expect(tuple.source.port == 0 && tuple.destination.port == 80)
    }

    @Test func aCutRecordIsTheEnd() {
        let all = Self.all.flatMap(\.record)
        for length in 0..<all.count {
            #expect(PerfBytes(bytes: Array(all.prefix(length))).events.count <= Self.all.count)
        }
        #expect(PerfBytes(bytes: Array(all.dropLast())).events.count == Self.all.count - 1)
    }

    /// Each record shortened, with a size that agrees: what is missing is not made up, and nothing traps.
    @Test func aShortRecordTellsNothing() {
        for (record, _) in Self.all {
            for length in stride(from: 8, to: record.count, by: 1) {
                var short = Array(record.prefix(length))
                short.replaceSubrange(6..<8, with: PerfBytes.octets(UInt16(length)))
                let next = PerfBytes(bytes: short + Self.all[3].record).events
                #expect(next.last?.body == .exited && next.count <= 2)
            }
        }
    }

    @Test(arguments: [0, 1, 7] as [UInt16])
    func aSizeThatIsALieIsTheEnd(_ size: UInt16) {
        var bytes = Self.all[0].record
        bytes.replaceSubrange(6..<8, with: PerfBytes.octets(size))
        #expect(PerfBytes(bytes: bytes + Self.all[1].record).events.isEmpty)
    }

    @Test func anyByteMayBeAnything() {
        var generator = SystemRandomNumberGenerator()
        let all = Self.all.flatMap(\.record)
        for _ in 0..<2000 {
            var bytes = all
            for _ in 0..<4 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255) }
            _ = PerfBytes(bytes: bytes).events
        }
    }
}
