import API
import Testing

@testable import Terminal

@Suite struct QuantityTests {
    @Test(arguments: [
        (0, "0 µs"), (412, "412 µs"), (999, "999 µs"), (1000, "1.00 ms"), (9_994, "9.99 ms"), (9_996, "10.0 ms"),
        (12_345, "12.3 ms"), (99_960, "100 ms"), (999_499, "999 ms"), (999_500, "1.00 s"), (1_240_000, "1.24 s"),
        (59_940_000, "59.9 s"), (59_960_000, "1 m 00 s"), (125_000_000, "2 m 05 s"), (11_220_000_000, "3 h 07 m"),
        (187_200_000_000, "2 d 04 h"), (-12_345, "-12.3 ms"),
    ])
    func writesSpans(_ microseconds: Int64, _ text: String) {
        #expect(Quantity.span(Milliseconds(microseconds: microseconds), .unicode) == text)
    }

    @Test(arguments: [
        (200, "200 µs"), (20_000, "20 ms"), (1_500_000, "1.5 s"), (2_000_000, "2 s"), (1_200_000_000, "20 m"),
    ])
    func labelsScales(_ microseconds: Int64, _ text: String) {
        #expect(Quantity.round(Milliseconds(microseconds: microseconds), .unicode) == text)
    }

    @Test func survivesTheLongestSpans() {
        #expect(Quantity.span(Milliseconds(microseconds: .max), .unicode) == "106751991 d 04 h")
        #expect(Quantity.span(Milliseconds(microseconds: .min), .ascii) == "-106751991 d 04 h")
        #expect(Quantity.span(Milliseconds(microseconds: 5), .ascii) == "5 us")
    }

    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (14_200, "14.2 kB"), (999_600, "1.00 MB"),
            (104_857_600, "105 MB"), (UInt64.max, "18447 PB"),
        ] as [(UInt64, String)])
    func writesBytes(_ count: UInt64, _ text: String) {
        #expect(Quantity.bytes(count) == text)
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] as [(UInt64, String)])
    func groupsDigits(_ value: UInt64, _ text: String) {
        #expect(Quantity.count(value) == text)
    }
}
