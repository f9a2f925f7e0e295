extension Lifecycle {
    /// What NAT made of the tuple. One interface alone does not show it.
    var translationStage: Stage { Stage(.translation, .unseen, reason: "translations are not observed") }
}
