import Testing

@testable import Confine

@Suite struct CapabilitiesTests {
    static let statuses: [(String, Capabilities?)] = [
        ("CapInh:\t0\nCapEff:\t0000000000003000\nCapBnd:\t0\n", Capabilities([.netRaw, .netAdmin])),
        ("CapEff:\t0000000000002000", [.netRaw]),
        ("CapEff:\t0000000000000000", []),
        ("CapEff:\t000001ffffffffff", Capabilities(rawValue: 0x1FF_FFFF_FFFF)),
        ("CapEff:\t", nil),
        ("CapEff:\tg", nil),
        ("CapEff:\t10000000000000000", nil),
        ("Name:\tCapEff:\n", nil),
        ("", nil),
    ]

    @Test(arguments: statuses)
    func readsTheEffectiveSet(_ status: String, _ expected: Capabilities?) {
        #expect(Capabilities(status: status) == expected)
    }

    @Test func readsItsOwn() {
        #expect(Capabilities.current != nil)
    }
}
