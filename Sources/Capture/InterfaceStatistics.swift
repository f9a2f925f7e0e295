package import Model

/// Counters of one interface since the start, over every time it was opened. `nil` is unknown, not none.
package struct InterfaceStatistics: Equatable, Sendable {
    package let id: InterfaceID
    package let name: String
    package var isOpen: Bool
    /// `nil` before the interface was opened for the first time.
    package var linkType: LinkType?
    /// Frames that passed the filter in the kernel, those it then dropped included. The kernel shows each loopback frame twice,
    /// of which libpcap lends one.
    package var received: UInt64?
    /// Frames the kernel dropped because the ring was full.
    package var droppedByKernel: UInt64?
    /// Frames the interface or its driver dropped. libpcap looks them up in promiscuous mode only.
    package var droppedByInterface: UInt64?
    /// Frames lent to the caller.
    package var delivered: UInt64 = 0
    /// Of the frames lent, as long as they were on the wire.
    package var bytes: UInt64 = 0
    /// Frames lent of which the snap length cut something off.
    package var cut: UInt64 = 0
    /// Frames lent without waiting for those of quiet interfaces, because the ring was filling: their order against
    /// frames of other interfaces is not assured.
    package var deliveredEarly: UInt64 = 0

    init(id: InterfaceID, name: String) {
        self.id = id
        self.name = name
        isOpen = false
    }
}
