/// What the packet filter of this host says of one port.
package struct PortFilter: Sendable, Equatable {
    /// Those that name the port first, in the order in which the filter lists them.
    package var rules: [PortRule] = []
    /// Chains that drop what no rule accepts, on its way in or through.
    package var dropping: [FilterChain] = []
    /// Why it cannot be asked, or not all of it was read.
    package var trouble: String?

    package init() {}
}

/// A rule that looks at a destination port.
package struct PortRule: Sendable, Equatable {
    package var rule: TranslationRule
    /// Of these, the ones that it concerns.
    package var transports: [TransportProtocol]
    /// Where its chain hangs (`prerouting`, `input`, …); `nil` for one that others jump to.
    package var hook: String?
    /// It names the port itself. Another one looks it up where that cannot be told, in a named set.
    package var isCertain: Bool

    package init(rule: TranslationRule, transports: [TransportProtocol], hook: String?, isCertain: Bool) {
        self.rule = rule
        self.transports = transports
        self.hook = hook
        self.isCertain = isCertain
    }

    /// It leads elsewhere: a port forward or a redirection.
    package var isForward: Bool { rule.action == "dnat" || rule.action == "redirect" }
}

/// A chain of the packet filter that packets come to by themselves.
package struct FilterChain: Sendable, Hashable {
    package var family: String
    package var table: String
    package var name: String
    package var hook: String

    package init(family: String, table: String, name: String, hook: String) {
        self.family = family
        self.table = table
        self.name = name
        self.hook = hook
    }
}
