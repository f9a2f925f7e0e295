import API
import Testing

@testable import Terminal

@Suite struct ClockTests {
    static let now = Time("2026-11-21T14:03:07.123Z") ?? Time(nanoseconds: 0)

    @Test(arguments: [
        ("2026-11-21T10:42:07.5Z", 0, "10:42:07", "10:42:07.500"),
        ("2026-11-20T23:42:07Z", 0, "20 Nov 23:42", "2026-11-20 23:42:07.000"),
        ("2026-11-20T23:42:07Z", 3600, "00:42:07", "00:42:07.000"),
        ("2026-11-21T00:42:07Z", -3600, "20 Nov 23:42", "2026-11-20 23:42:07.000"),
        ("2025-11-21T10:42:07Z", 0, "2025-11-21 10:42", "2025-11-21 10:42:07.000"),
    ])
    func writesTheTimeOfDay(_ time: String, _ offset: Int64, _ short: String, _ precise: String) throws {
        let clock = Clock(now: Self.now) { _ in offset }
        let time = try #require(Time(time))
        #expect(clock.short(time) == short)
        #expect(clock.precise(time) == precise)
    }

    @Test func survivesTheEdgesOfTime() {
        let clock = Clock(now: Time(nanoseconds: .max)) { _ in .max }
        #expect(clock.short(Time(nanoseconds: .min)) == "1677-09-21 00:12")
    }
}
