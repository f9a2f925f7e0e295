import Model
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("192.0.2.1", "192.0.2.1"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"),
        // RFC 5952 §4.1 to §4.3: no leading zeros, one zero group stays, the longest run, the first of equals.
        ("2001:0db8:0:0:0:0:0:1", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("1:0:0:2:0:0:0:0", "1:0:0:2::"), ("0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"), ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ])
    func printsCanonically(_ text: String, _ canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", "+1.2.3.4", "1.2.3.4 ", "0x1.2.3.4",
        "١.2.3.4",
        ":", ":::", "1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8", ":1::", "1::2:",
        "12345::", "g::", "::1.2.3", "::1.2.3.4:5", "fe80::1%eth0", "[::1]", "-1::", "1:::2",
    ])
    func refuses(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test func everyAddressReadsBackEqual() {
        var state: UInt64 = 42
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
        for _ in 0..<2000 {
            // Masks make runs of zero groups, where the canonical form has its rules.
            let mask = next() & next() & 0xFFFF_0000_FFFF_FFFF
            let address = IPAddress(v6High: next() & mask, low: next() & next() & ~mask)
            #expect(IPAddress(address.description) == address)
            let old = IPAddress(v4: UInt32(truncatingIfNeeded: next() >> 16))
            #expect(IPAddress(old.description) == old)
        }
    }

    @Test(arguments: [
        ("127.0.0.1", "loopback"), ("127.255.0.9", "loopback"), ("::1", "loopback"), ("224.0.0.251", "multicast"),
        ("239.255.255.250", "multicast"), ("ff02::fb", "multicast"), ("169.254.1.1", "linkLocal"),
        ("fe80::1", "linkLocal"), ("febf::1", "linkLocal"), ("255.255.255.255", "broadcast"),
        ("0.0.0.0", "unspecified"), ("::", "unspecified"), ("192.0.2.1", ""), ("fec0::1", ""), ("::ffff:127.0.0.1", ""),
    ])
    func knowsItsKind(_ text: String, _ kind: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isLoopback == (kind == "loopback"))
        #expect(address.isMulticast == (kind == "multicast"))
        #expect(address.isLinkLocal == (kind == "linkLocal"))
        #expect(address.isLimitedBroadcast == (kind == "broadcast"))
        #expect(address.isUnspecified == (kind == "unspecified"))
    }

    @Test func mappedAddressIsNotTheIPv4One() throws {
        let mapped = try #require(IPAddress("::ffff:192.0.2.1"))
        #expect(mapped != IPAddress("192.0.2.1"))
        #expect(try #require(IPAddress("255.255.255.255")) < IPAddress.anyIPv6)
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false), ("::/0", "2001:db8::1", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8::8000:0:0:0/65", "2001:db8::8000:0:0:1", true),
        ("2001:db8::8000:0:0:0/65", "2001:db8::7fff:0:0:1", false), ("2001:db8::1/128", "2001:db8::2", false),
    ])
    func prefixContains(_ prefix: String, _ address: String, _ isInside: Bool) throws {
        let prefix = try #require(IPPrefix(prefix))
        #expect(prefix.contains(try #require(IPAddress(address))) == isInside)
        #expect(IPPrefix(prefix.description) == prefix)
    }

    @Test(arguments: [
        "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "::/129", "192.0.2.0/24/1", "/24", "",
        "192.0.2.0/99999999999999999999", "192.0.2.0/+8",
    ])
    func refusesPrefix(_ text: String) { #expect(IPPrefix(text) == nil) }
}
