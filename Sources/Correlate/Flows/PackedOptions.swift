import Model

/// The options of a SYN in four bytes.
struct PackedOptions: BitwiseCopyable {
    private var segmentSize: UInt16 = 0
    private var shift: UInt8 = 0
    private var bits: UInt8 = 0

    init() {}

    init(_ options: TCPOptions) {
        segmentSize = options.maximumSegmentSize ?? 0
        shift = options.windowScale ?? 0
        bits =
            (options.maximumSegmentSize != nil ? 1 : 0) | (options.windowScale != nil ? 2 : 0)
            | (options.selectiveAcknowledgment ? 4 : 0) | (options.timestamps ? 8 : 0) | (options.fastOpen ? 16 : 0)
            | (options.multipath ? 32 : 0)
    }

    var windowScale: UInt8? { bits & 2 != 0 ? shift : nil }

    var unpacked: TCPOptions {
        var options = TCPOptions()
        options.maximumSegmentSize = bits & 1 != 0 ? segmentSize : nil
        options.windowScale = windowScale
        options.selectiveAcknowledgment = bits & 4 != 0
        options.timestamps = bits & 8 != 0
        options.fastOpen = bits & 16 != 0
        options.multipath = bits & 32 != 0
        return options
    }
}
