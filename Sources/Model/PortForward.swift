/// A rule of the packet filter that leads what is sent to one place on to another: DNAT, a redirection, a mapped network.
package struct PortForward: Sendable, Equatable {
    package var rule: TranslationRule
    /// Of which transport, as far as the rule names one: `tcp`, `udp`.
    package var transport: String?
    /// What it looks for, as nft writes it: an address or network, ports (`8080`, `9000-9010`, `{ 80, 443 }`), and the
    /// interface that packets come in on. `nil` is any.
    package var address: String?
    package var ports: String?
    package var interface: String?
    /// Where it leads; `nil` when that is the address it came to (a redirection), the same port, or not told.
    package var targetAddress: String?
    package var targetPort: String?
    package var use = Use()

    package init(_ rule: TranslationRule) { self.rule = rule }

    /// What was seen of connections that came by it.
    package struct Use: Sendable, Equatable {
        /// Since observing began, or since the rule came.
        package var count: UInt64 = 0
        /// Standing now; `nil` when there are too many to look at.
        package var open: Int? = 0
        /// When the last one began, and which it was; `nil` when none was seen to begin.
        package var last: Timestamp?
        package var latest: Translation?

        package init() {}
    }
}

/// Port forwards in force at one moment.
package struct PortForwardSnapshot: Sendable {
    package var forwards: [PortForward] = []
    /// Why the rules, or what became of them, cannot be told.
    package var trouble: String?

    package init() {}
}
