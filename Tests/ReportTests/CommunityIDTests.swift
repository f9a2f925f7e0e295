import LifecycleSamples
import Model
import Report
import Testing

@Suite struct CommunityIDTests {
    /// From the specification's own baselines (https://github.com/corelight/community-id-spec).
    @Test(
        arguments: [
            (6, "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
            (6, "10.0.0.1", 10, "10.0.0.2", 11569, "1:SXBGMX1lBOwhhoDrZynfROxnhnM="),
            (6, "192.168.1.42", 41, "192.168.1.42", 42, "1:eRcf7I/xocOxnYo5pbJBV5NhVm0="),
            (6, "2001:db8::1", 443, "2001:db8::2", 51000, "1:2TiKiiiSIuDma9IxOEOpx4wCXWM="),
            (17, "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
            (1, "192.168.0.89", 8, "192.168.0.1", 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
            (132, "192.168.170.8", 7, "192.168.170.56", 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="),
        ] as [(UInt8, String, UInt16, String, UInt16, String)])
    func agreesWithTheSpecification(
        _ number: UInt8, _ source: String, _ sourcePort: UInt16, _ destination: String, _ destinationPort: UInt16,
        _ expected: String
    ) throws {
        let near = Endpoint(try #require(IPAddress(source)), sourcePort)
        let far = Endpoint(try #require(IPAddress(destination)), destinationPort)
        #expect(CommunityID.of(near, far, protocolNumber: number) == expected)
        #expect(CommunityID.of(far, near, protocolNumber: number) == expected)
    }

    @Test func echoIsHashedByItsTypesNotItsIdentifier() throws {
        let near = try #require(IPAddress("192.168.0.89"))
        let far = try #require(IPAddress("192.168.0.1"))
        let lifecycle = Lifecycle(
            id: RequestID(bits: 1), transport: .icmp, direction: .outbound, client: Side(endpoint: Endpoint(near, 777)),
            server: Side(endpoint: Endpoint(far, 0)), first: sampleStart, last: sampleStart)
        #expect(CommunityID.of(lifecycle) == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=")
    }
}
