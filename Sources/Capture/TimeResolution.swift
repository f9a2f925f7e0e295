import Model

/// How a pcapng interface counts time: `if_tsresol` and `if_tsoffset` (draft-ietf-opsawg-pcapng §4.2).
///
/// The resolution octet is a negative power of ten, or of two when its most significant bit is set. Every octet
/// has a meaning here, and results outside ``Timestamp``'s range saturate.
struct TimeResolution: BitwiseCopyable, Equatable, Sendable {
    private enum Step: BitwiseCopyable, Equatable {
        case multiply(UInt64)
        case divide(UInt64)
        case shift(UInt8)
        /// Finer than 10⁻²⁸ s: 2⁶⁴ units are less than a nanosecond.
        case vanish
    }

    private let step: Step
    /// Added to every time, in seconds.
    private let offset: Int64

    /// Microseconds since 1970: what holds when the interface says nothing.
    static let microseconds = TimeResolution(octet: 6, offset: 0)

    init(octet: UInt8, offset: Int64) {
        self.offset = offset
        let power = octet & 0x7F
        if octet & 0x80 != 0 {
            step = .shift(power)
        } else if power <= 9 {
            step = .multiply(Self.powerOfTen(9 - power))
        } else if power <= 28 {
            step = .divide(Self.powerOfTen(power - 9))
        } else {
            step = .vanish
        }
    }

    /// 10^`power`; up to 19 it fits.
    private static func powerOfTen(_ power: UInt8) -> UInt64 {
        (0..<power).reduce(1) { value, _ in value * 10 }
    }

    /// The time of `units` counted since the offset.
    func timestamp(_ units: UInt64) -> Timestamp {
        if offset == 0, case .multiply(let factor) = step {
            let (product, overflow) = units.multipliedReportingOverflow(by: factor)
            return Timestamp(nanoseconds: overflow ? .max : Int64(clamping: product))
        }
        let sinceOffset: Int128 =
            switch step {
            case .multiply(let factor): Int128(units) * Int128(factor)
            case .divide(let divisor): Int128(units / divisor)
            case .shift(let bits): (Int128(units) * 1_000_000_000) >> Int128(bits)
            case .vanish: 0
            }
        return Timestamp(nanoseconds: Int64(clamping: sinceOffset + Int128(offset) * 1_000_000_000))
    }
}
