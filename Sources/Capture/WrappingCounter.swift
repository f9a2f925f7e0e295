/// A counter of libpcap, which has 32 bits, carried on in 64. Right as long as it is read once every 2³² counts.
struct WrappingCounter {
    private(set) var total: UInt64 = 0
    private var last: UInt32 = 0

    mutating func update(_ value: UInt32) {
        total &+= UInt64(value &- last)
        last = value
    }
}
