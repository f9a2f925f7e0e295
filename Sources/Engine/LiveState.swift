package import Model

/// How live capture goes.
package struct LiveState: Sendable {
    package var started: Timestamp
    /// Every frame before this time has been taken into account.
    package var observedUntil: Timestamp
    /// Bytes kept of a frame.
    package var snapLength: Int
    package var interfaces: [Interface]
    package var summary: Summary
    /// How often the kernel's news of links and addresses were lost and asked for anew.
    package var lostNews: UInt64

    /// One interface; a counter that is not known is `nil`.
    package struct Interface: Sendable {
        package var name: String
        package var condition: Condition
        /// Why it is not capturing.
        package var reason: String?
        package var linkType: LinkType?
        package var received: UInt64?
        package var droppedByKernel: UInt64?
        package var droppedByInterface: UInt64?
        package var cut: UInt64 = 0
        /// Frames taken before those of quieter interfaces were waited for: their order in time is not assured.
        package var deliveredEarly: UInt64 = 0

        init(name: String, condition: Condition) {
            self.name = name
            self.condition = condition
        }
    }

    package enum Condition: Sendable { case capturing, down, gone, failed }
}
