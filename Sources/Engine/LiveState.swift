package import Host
package import Model

/// How live capture goes.
package struct LiveState: Sendable {
    package var started: Timestamp
    /// Every frame before this time has been taken into account.
    package var observedUntil: Timestamp
    package var interfaces: [InterfaceState]
    package var summary: Summary
    /// How often the kernel's news of links and addresses were lost and asked for anew.
    package var lostNews: UInt64
    /// Where the kernel is listened to, and where that is not possible.
    package var host: [HostSource] = []
    /// Processor time by the second, over the last seconds; `nil` before there were some.
    package var cpuRate: TimeSpan?
}
