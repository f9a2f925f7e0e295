/// How the capture of one interface goes; a counter that is not known is `nil`.
package struct InterfaceState: Sendable {
    package var name: String
    package var condition: Condition
    /// Why it is not capturing.
    package var reason: String?
    package var linkType: LinkType?
    /// Bytes kept of a frame.
    package var snapLength: Int?
    package var received: UInt64?
    package var droppedByKernel: UInt64?
    package var droppedByInterface: UInt64?
    /// Frames of which the snap length cut something off.
    package var cut: UInt64?
    /// Frames taken before those of quieter interfaces were waited for: their order in time is not assured.
    package var deliveredEarly: UInt64 = 0

    /// Over the last seconds; `nil` before there were some.
    package var rate: InterfaceRate?

    package enum Condition: Sendable { case capturing, down, gone, failed }

    package init(name: String, condition: Condition) {
        self.name = name
        self.condition = condition
    }
}
