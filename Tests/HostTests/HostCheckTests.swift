import CLinux
import Model
import Testing

@testable import Host

@Suite struct HostCheckTests {
    static let kernels: [(release: String, state: Check.State)] = [
        ("6.1.0-28-amd64", .ok), ("5.8.0", .ok), ("5.10", .ok), ("10.0.1-rc1", .ok), ("5.7.19", .limited),
        ("4.19.0-27-amd64", .limited), ("", .unknown), ("six", .unknown), ("6", .unknown),
        ("99999999999999999999.1", .unknown),
    ]

    @Test(arguments: kernels)
    func kernel(_ release: String, _ state: Check.State) {
        #expect(HostChecks.kernel(release).state == state)
    }

    @Test func offloadsThatHideSegments() {
        let lro = CInt(WB_OFFLOAD_LRO | WB_OFFLOAD_GRO)
        let gro = CInt(WB_OFFLOAD_GRO)
        let check = HostChecks.offloads([("eth0", gro), ("eth1", lro)])
        #expect(check.state == .limited && check.finding.contains("eth1") && !check.finding.contains("eth0"))
        #expect(check.fix == "sudo ethtool -K eth1 lro off")
        #expect(HostChecks.offloads([("eth0", gro)]).finding.hasPrefix("GRO are in use"))
        #expect(HostChecks.offloads([]).state == .ok)
    }

    @Test func asksTheKernel() {
        #expect(HostChecks.kernel(HostChecks.release).state != .unknown)
        #expect(wb_offloads("lo") >= 0)
        #expect(wb_offloads("no-such-name") == -1)
    }
}
