import Confine
import Model
import Testing

@testable import Host

@Suite struct CheckTests {
    private static func surroundings(
        _ capabilities: Capabilities?, service: String? = nil, isRoot: Bool = false, paranoia: Int? = 2
    ) -> Surroundings {
        var place = Surroundings()
        place.capabilities = capabilities
        place.service = service
        place.isRoot = isRoot
        place.paranoia = paranoia
        place.program = "/opt/way bill/waybilld"
        return place
    }

    private static let all = Capabilities(Capabilities.needed.map(\.capability))

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var place: Surroundings
        /// The capabilities that are missed.
        var lost: [String]
        var fix: String?
    }

    static let examples: [Example] = [
        Example(testDescription: "root", place: surroundings(Capabilities(rawValue: .max), isRoot: true), lost: []),
        Example(testDescription: "all five", place: surroundings(all), lost: []),
        Example(
            testDescription: "a service without two",
            place: surroundings([.netRaw, .netAdmin, .ptrace], service: "waybilld.service"),
            lost: ["cap_perfmon", "cap_dac_read_search"], fix: "sudo systemctl edit waybilld.service"),
        Example(
            testDescription: "root in a container", place: surroundings([.netRaw, .override], isRoot: true),
            lost: ["cap_net_admin", "cap_perfmon", "cap_sys_ptrace"],
            fix: "docker run --cap-add=NET_ADMIN --cap-add=PERFMON --cap-add=SYS_PTRACE …"),
        Example(
            testDescription: "started by hand", place: surroundings([.netRaw]),
            lost: ["cap_net_admin", "cap_perfmon", "cap_dac_read_search", "cap_sys_ptrace"],
            fix: "sudo '/opt/way bill/waybilld'"),
        Example(
            testDescription: "CAP_SYS_ADMIN traces too, as before Linux 5.8",
            place: surroundings([.netRaw, .netAdmin, .systemAdmin, .readSearch, .ptrace]), lost: []),
        Example(
            testDescription: "everybody may trace",
            place: surroundings([.netRaw, .netAdmin, .readSearch, .ptrace], paranoia: -1), lost: []),
    ]

    @Test(arguments: examples)
    func tellsWhichCapabilityIsMissedAndHowToGetIt(_ example: Example) {
        let checks = example.place.capabilityChecks
        #expect(checks.count == 5)
        #expect(checks.filter { $0.state == .lost }.map(\.name) == example.lost)
        for check in checks where check.state == .lost {
            #expect(check.fix == example.fix)
            #expect(check.lost != nil)
        }
    }

    @Test func whatNobodyTellsIsUnknown() {
        #expect(Self.surroundings(nil).capabilityChecks.allSatisfy { $0.state == .unknown })
        #expect(Self.surroundings(nil).may(.perfmon))
    }

    @Test func commandsAreRunWhereTheDaemonIs() {
        var place = Self.surroundings(Self.all)
        #expect(place.mountingTracefs == "sudo mount -t tracefs tracefs /sys/kernel/tracing")
        #expect(place.setting("a.b=1") == "sudo sysctl -w a.b=1")
        place.pid = 4711
        place.hasOwnMounts = true
        place.hasOwnNetwork = true
        let inside = "sudo nsenter --target 4711"
        #expect(place.mountingTracefs == "\(inside) --mount mount -t tracefs tracefs /sys/kernel/tracing")
        #expect(place.setting("a.b=1") == "\(inside) --net sysctl -w a.b=1")
    }

    @Test(arguments: [
        ("/usr/sbin/waybilld", "/usr/sbin/waybilld"), ("/a b", "'/a b'"), ("it's", "'it'\\''s'"), ("$(x)", "'$(x)'"),
        ("", "''"),
    ])
    func quotesAsShellsDo(_ word: String, _ expected: String) { #expect(Surroundings.quoted(word) == expected) }

    @Test func tellsOfConntrack() {
        let place = Self.surroundings(Self.all)
        func states(_ checks: ConntrackChecks) -> [String] {
            checks.checks(place).map { "\($0.name) \($0.state.rawValue)" }
        }
        let source = HostSource(name: .conntrack)
        var room = ConntrackRoom()
        room.look(nil, count: 5, limit: 100, at: .distantPast)
        let good = ConntrackChecks(source: source, room: room, kernel: .init(events: 2, timestamp: 1))
        #expect(good.checks(place)[1].finding == "conntrack dropped nothing lately and its table has room")
        #expect(states(good) == ["conntrack ok", "conntrack_room ok", "conntrack_timestamps ok"])
        room.look(nil, count: 95, limit: 100, at: .distantPast)
        let poor = ConntrackChecks(source: source, room: room, kernel: .init(events: 0, timestamp: 0))
        #expect(
            states(poor) == [
                "conntrack ok", "conntrack_room limited", "conntrack_events lost", "conntrack_timestamps limited",
            ])
        #expect(poor.checks(place)[1].fix == "sudo sysctl -w net.netfilter.nf_conntrack_max=200")
        let missing = HostSource(name: .conntrack, trouble: "this kernel has none")
        let none = ConntrackChecks(source: missing, isMissing: true, room: room, kernel: .init())
        #expect(states(none) == ["conntrack lost"])
        #expect(none.checks(place)[0].fix == "sudo modprobe nf_conntrack_netlink")
    }

    @Test func whatTheKernelDroppedLimitsASource() {
        var source = HostSource(name: .routes)
        #expect(source.check("fine") == Check("routes", .ok, "fine"))
        source.gaps = 3
        #expect(source.check("fine").state == .limited)
        source.trouble = "refused"
        #expect(source.check("fine", fix: "mend").state == .lost)
        #expect(source.check("fine", fix: "mend").fix == "mend")
    }
}
