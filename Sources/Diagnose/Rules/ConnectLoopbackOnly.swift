import Model

extension Finding {
    static let connectLoopbackOnly = Finding(
        id: "connect.loopback_only", stage: .connect, severity: .error, title: "The service listens on loopback only",
        cause: "The service is bound to 127.0.0.1 or ::1, where no other host can reach it.",
        evidence:
            "On the server itself: RST in answer to a SYN, and the kernel's only listener at that port has a loopback address.",
        fix: "Have the service listen on this address too, or put a proxy before it.")
}

extension Diagnosis {
    /// On the server itself: somebody has the port, where no other host can reach it.
    static func connectLoopbackOnly(_ subject: Case) -> Verdict? {
        let lifecycle = subject.lifecycle
        guard subject.failed(.connect, "refused"), lifecycle.direction == .inbound,
            let listener = lifecycle.owner?.listener, listener.address.isLoopback,
            !lifecycle.server.endpoint.address.isLoopback, subject.forwardedTo == nil
        else { return nil }
        let port = lifecycle.server.endpoint.port
        let bound = Endpoint(listener.address, port)
        return subject.verdict(
            .connectLoopbackOnly,
            "This host refused the connection to \(subject.server): what listens at port \(port) does so at "
                + "\(listener.address) only, which other hosts cannot reach.",
            evidence: [
                "RST from \(lifecycle.server.endpoint)",
                "the kernel's sockets: a listener at \(bound), and none at this address",
            ],
            next: [
                "ss -ltnp 'sport = :\(port)'  # have it listen on \(lifecycle.server.endpoint.address) or on all addresses"
            ])
    }
}
