import CLinux
import Model
import Testing

@testable import Host

@Suite struct LinkTableTests {
    static func link(_ index: UInt8, _ name: String?, family: UInt8 = 0) throws -> LinkMessage? {
        var attributes: [UInt8] = []
        if let name {
            let value = Array(name.utf8) + [0]
            attributes = [UInt8(value.count + 4), 0, UInt8(IFLA_IFNAME), 0] + value
        }
        return LinkMessage(
            KernelBytes([family, 0, 0, 0, index, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] + attributes))
    }

    static func address(_ index: UInt8, last octet: UInt8, prefix: UInt8 = 24, flags: UInt8 = 0) throws
        -> AddressMessage
    {
        try #require(
            AddressMessage(
                KernelBytes([2, prefix, flags, 0, index, 0, 0, 0, 8, 0, UInt8(IFA_LOCAL), 0, 192, 0, 2, octet])))
    }

    static func changes(_ body: (inout LinkTable, inout [Fact.Body]) throws -> Void) rethrows -> [String] {
        var table = LinkTable()
        var changes: [Fact.Body] = []
        try body(&table, &changes)
        return changes.map { LinkWatcherTests.words(Fact(time: Timestamp(nanoseconds: 0), body: $0)) }
    }

    /// A VLAN has the MAC of the interface below it.
    @Test func aStationIsFoundByItsMAC() throws {
        var (table, changes) = (LinkTable(), [Fact.Body]())
        let station = MACAddress(bits: 0x0200_0000_0001)
        for (index, name, mac) in [(4, "eth0", station), (5, "eth1", MACAddress(bits: 2)), (6, "eth0.100", station)] {
            var link = try #require(try Self.link(UInt8(index), name))
            (link.flags, link.mac) = (wb_iff_up, mac)
            table.apply(link, isRemoval: false, into: &changes)
        }
        #expect(table.receiver(of: station, on: "eth0") == 4 && table.receiver(of: station, on: "eth0.100") == 6)
        #expect(table.receiver(of: station, on: "br0") == nil, "two of them could be meant")
        #expect(table.receiver(of: MACAddress(bits: 2), on: "br0") == 5)
        #expect(table.receiver(of: MACAddress(bits: 3), on: "eth0") == nil)
    }

    @Test func aRenamedLinkTakesItsAddressesAlong() throws {
        let words = try Self.changes { table, changes in
            table.apply(try #require(try Self.link(4, "eth0")), isRemoval: false, into: &changes)
            table.apply(try Self.address(4, last: 1), isRemoval: false, into: &changes)
            table.apply(try #require(try Self.link(4, "lan0")), isRemoval: false, into: &changes)
            table.apply(try Self.address(4, last: 1), isRemoval: true, into: &changes)
        }
        #expect(
            words == [
                "link 4 eth0 up", "+ 192.0.2.1 eth0", "- 192.0.2.1 eth0", "- link 4 eth0", "link 4 lan0 up",
                "+ 192.0.2.1 lan0", "- 192.0.2.1 lan0",
            ])
    }

    @Test func anAddressAssignedTwiceGoesWithItsLastAssignment() throws {
        let words = try Self.changes { table, changes in
            table.apply(try #require(try Self.link(4, "eth0")), isRemoval: false, into: &changes)
            for prefix: UInt8 in [24, 16, 24] {
                table.apply(try Self.address(4, last: 1, prefix: prefix), isRemoval: false, into: &changes)
            }
            #expect(table.addressCount == 2)
            table.apply(try Self.address(4, last: 1, prefix: 24), isRemoval: true, into: &changes)
            table.apply(try Self.address(4, last: 1, prefix: 8), isRemoval: true, into: &changes)
            #expect(table.addressCount == 1)
            table.apply(try Self.address(4, last: 1, prefix: 16), isRemoval: true, into: &changes)
            #expect(table.addressCount == 0)
        }
        #expect(words == ["link 4 eth0 up", "+ 192.0.2.1 eth0", "- 192.0.2.1 eth0"])
    }

    @Test func anAddressWaitsForTheNameOfItsLink() throws {
        let words = try Self.changes { table, changes in
            table.apply(try Self.address(4, last: 1), isRemoval: false, into: &changes)
            #expect(changes.isEmpty)
            table.apply(try #require(try Self.link(4, nil)), isRemoval: false, into: &changes)
            #expect(changes.isEmpty)
            table.apply(try #require(try Self.link(4, "eth0")), isRemoval: false, into: &changes)
        }
        #expect(words == ["link 4 eth0 up", "+ 192.0.2.1 eth0"])
    }

    @Test func anAddressFoundTwiceOnTheLinkIsNoLongerOurs() throws {
        let words = try Self.changes { table, changes in
            table.apply(try #require(try Self.link(4, "eth0")), isRemoval: false, into: &changes)
            table.apply(try Self.address(4, last: 1), isRemoval: false, into: &changes)
            table.apply(try Self.address(4, last: 1, flags: UInt8(IFA_F_DADFAILED)), isRemoval: false, into: &changes)
        }
        #expect(words == ["link 4 eth0 up", "+ 192.0.2.1 eth0", "- 192.0.2.1 eth0"])
    }

    @Test func aPortLeavingABridgeIsNoLinkGoing() throws {
        #expect(try Self.link(4, "eth0", family: 7) == nil)  // AF_BRIDGE
    }

    @Test func nothingNewMeansNoFact() throws {
        let words = try Self.changes { table, changes in
            for _ in 0..<3 {
                table.apply(try #require(try Self.link(4, "eth0")), isRemoval: false, into: &changes)
            }
            table.apply(try #require(try Self.link(4, nil)), isRemoval: false, into: &changes)
            table.apply(try #require(try Self.link(9, "eth9")), isRemoval: true, into: &changes)
        }
        #expect(words == ["link 4 eth0 up"])
    }

    @Test func refusesAddressesBeyondItsCap() throws {
        var table = LinkTable()
        var changes: [Fact.Body] = []
        var message = try Self.address(4, last: 1)
        for number in 0..<LinkTable.addressCapacity + 3 {
            message.address = IPAddress(v4: UInt32(number))
            table.apply(message, isRemoval: false, into: &changes)
        }
        #expect(table.addressCount == LinkTable.addressCapacity)
        #expect(table.tables.map(\.evictions) == [0, 3])
        #expect(table.tables.map(\.peak) == [1, LinkTable.addressCapacity])
    }
}
