/// Numbers with a unit as expressions have them: `500ms`, `1.5MB`.
struct Quantities: Sendable {
    /// Units as they are written and what each is worth; the first of several with one worth is printed.
    private let units: [(name: String, worth: UInt64)]
    /// What a number without a unit counts; `nil` where only 0 needs none.
    private let bare: UInt64?

    /// In microseconds.
    static let spans = Quantities(
        units: [
            ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1),
            ("µs", 1), ("min", 60_000_000),
        ], bare: nil)

    /// In bytes: powers of 1000, as they are shown, and of 1024 where the unit says so.
    static let sizes = Quantities(
        units: [
            ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1),
            ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("T", 1_000_000_000_000),
            ("G", 1_000_000_000), ("M", 1_000_000), ("k", 1000),
        ], bare: 1)

    private init(units: [(name: String, worth: UInt64)], bare: UInt64?) {
        self.units = units
        self.bare = bare
    }

    /// `nil` when it is none, beyond 64 bits, or finer than one of what is counted.
    func number(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        var rest = text.dropFirst(digits.count)
        var decimals = Substring()
        if rest.first == "." {
            decimals = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(1 + decimals.count)
            guard !decimals.isEmpty, decimals.count <= 9 else { return nil }
        }
        guard let whole = UInt64(digits) else { return nil }
        let worth: UInt64
        if rest.isEmpty {
            guard let bare = bare ?? (whole == 0 && decimals.isEmpty ? 1 : nil) else { return nil }
            worth = bare
        } else {
            let name = rest.lowercased()
            guard let unit = units.first(where: { $0.name.lowercased() == name }) else { return nil }
            worth = unit.worth
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: worth)
        guard !overflow else { return nil }
        guard let fraction = Self.fraction(decimals, of: worth) else { return nil }
        let (sum, carry) = product.addingReportingOverflow(fraction)
        return carry ? nil : sum
    }

    private static func fraction(_ decimals: Substring, of worth: UInt64) -> UInt64? {
        guard !decimals.isEmpty else { return 0 }
        guard let value = UInt64(decimals) else { return nil }
        let scale = decimals.reduce(into: UInt64(1)) { scale, _ in scale *= 10 }
        let (product, overflow) = value.multipliedReportingOverflow(by: worth)
        guard !overflow, product.isMultiple(of: scale) else { return nil }
        return product / scale
    }

    /// With the largest unit that leaves no rest.
    func text(_ number: UInt64) -> String {
        guard number > 0, let unit = units.first(where: { number.isMultiple(of: $0.worth) }) else { return "0" }
        return "\(number / unit.worth)\(unit.name)"
    }
}
