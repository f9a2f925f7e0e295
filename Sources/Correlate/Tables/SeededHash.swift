import Model

/// The hash of every table that frames can fill, keyed with a seed of the process: nobody outside can choose
/// addresses that collide. Output never depends on it.
struct SeededHash: Sendable {
    let seed: UInt64

    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return high ^ low
    }

    @inline(__always)
    func callAsFunction(_ first: UInt64, _ second: UInt64) -> UInt64 {
        Self.mix(first ^ seed, second ^ 0xE703_7ED1_A0B4_28DB)
    }

    @inline(__always)
    func callAsFunction(_ address: IPAddress) -> UInt64 {
        self(address.high &+ UInt64(address.version.rawValue), address.low)
    }
}
