import Model

/// How often connections came by each port forward, and the last of them. Rules that are gone are forgotten, so there are
/// never more than ``Ruleset/capacity``.
struct ForwardUses {
    private var uses: [TranslationRule: PortForward.Use] = [:]

    /// A translation that began; one without a rule is nobody's.
    mutating func note(_ translation: Translation, at time: Timestamp) {
        guard let rule = translation.rule, translation.rewritesDestination, translation.ended == nil else { return }
        guard uses[rule] != nil || uses.count < Ruleset.capacity else { return }
        var use = uses[rule] ?? PortForward.Use()
        use.count &+= 1
        use.last = translation.began ?? time
        use.latest = translation
        uses[rule] = use
    }

    /// Keeps those of rules that are still there.
    mutating func retain(_ forwards: [PortForward]) {
        guard !uses.isEmpty else { return }
        let rules = Set(forwards.map(\.rule))
        uses = uses.filter { rules.contains($0.key) }
    }

    func use(of rule: TranslationRule) -> PortForward.Use { uses[rule] ?? PortForward.Use() }
}
