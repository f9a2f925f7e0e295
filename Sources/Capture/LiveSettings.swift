package import Model

/// How interfaces are captured; the same for all of them.
package struct LiveSettings: Equatable, Sendable {
    /// An expression of pcap-filter(7), compiled into the kernel; `nil` takes every frame.
    package var filter: String?

    /// Bytes kept of a frame. 8192 holds every header and a whole EDNS-sized DNS message (4096, RFC 6891 §6.2.5), and
    /// a jumbo frame but for its tail. Offload hands over frames of 64 KiB, whose payload nobody reads here; copying
    /// them whole would fill the ring with it.
    package var snapLength = 8192

    /// Bytes of the ring shared with the kernel, per interface: twice tcpdump's default, 16 blocks of TPACKET_V3. The
    /// ring's pages count as resident memory also of an idle daemon, so more is for hosts that see drops.
    package var bufferSize = 4 << 20

    /// How long the kernel may fill a block before it hands it over, in milliseconds. Each hand-over is a wake-up: at
    /// 20 a quiet interface costs at most 50 a second, and no person waits for a frame that long.
    package var blockTimeout = 20

    /// Frames for other hosts are no requests of this one, and turning this on is visible on the network.
    package var promiscuous = false

    package init() {}

    /// Values outside these are taken as the nearest one inside. A ring needs two of TPACKET_V3's blocks of 256 KiB.
    package static let snapLengths = 64...262_144
    package static let bufferSizes = 512 << 10...1 << 30
    package static let blockTimeouts = 1...1000

    /// The same with every value inside its range.
    var clamped: LiveSettings {
        var settings = self
        settings.snapLength = min(max(snapLength, Self.snapLengths.lowerBound), Self.snapLengths.upperBound)
        settings.bufferSize = min(max(bufferSize, Self.bufferSizes.lowerBound), Self.bufferSizes.upperBound)
        settings.blockTimeout = min(max(blockTimeout, Self.blockTimeouts.lowerBound), Self.blockTimeouts.upperBound)
        return settings
    }

    /// How far behind the clock a frame may still turn up. A block that was opened just after the kernel's timer looked
    /// is handed over at the timer's second look; the rest is for a timer and a softirq that come late.
    package var lag: TimeSpan { .milliseconds(2 * clamped.blockTimeout + 10) }
}
