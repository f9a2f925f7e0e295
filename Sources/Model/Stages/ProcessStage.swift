extension Lifecycle {
    /// Who asked. No frame carries that.
    var processStage: Stage {
        switch direction {
        case .outbound, .local:
            Stage(.process, .unseen, reason: "socket owners are not observed")
        case .inbound, .forwarded:
            Stage(.process, .notApplicable, reason: "the client is another host")
        }
    }
}
