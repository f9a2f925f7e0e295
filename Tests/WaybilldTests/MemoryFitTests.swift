import Configure
import Testing

@testable import waybilld

@Suite struct MemoryFitTests {
    @Test func theUnitsOwnLimitHoldsTheDefaults() {
        var settings = Configuration()
        // MemoryHigh of systemd/waybilld.service.
        #expect(MemoryFit.fit(&settings, into: 1024 << 20) == nil)
        #expect(settings == Configuration())
    }

    @Test(arguments: [0, 1, 64 << 20, 128 << 20, 256 << 20, 640 << 20] as [UInt64])
    func lessIsFitted(_ limit: UInt64) throws {
        var settings = Configuration()
        let words = try #require(MemoryFit.fit(&settings, into: limit))
        let taken =
            settings.tables.flows * 1600 + settings.tables.names * 600 + settings.history.requests * 2100
            + settings.history.lookups * 500
        // Of each there are a thousand at least.
        #expect(taken <= max(0, Int(Double(limit) * 0.8) - 112 << 20) + 1024 * (1600 + 600 + 2100 + 500))
        #expect(settings.tables.names >= 1024)
        #expect(settings.tables.flows >= 1024 && settings.history.requests >= 1024)
        #expect(words.contains("\(limit >> 20) MiB") && words.contains("\(settings.tables.flows) connections"))
    }

    @Test func whatIsSmallAlreadyStays() {
        var settings = Configuration()
        settings.history.requests = 10
        _ = MemoryFit.fit(&settings, into: 64 << 20)
        #expect(settings.history.requests == 10)
    }
}
