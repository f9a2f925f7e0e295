import Model

extension Diagnosis {
    /// One side closed a QUIC connection in its handshake, for another reason than TLS (RFC 9000 §20.1).
    static func secureClosedInQUIC(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure), let quic = subject.lifecycle.application.quic, let close = quic.close
        else { return nil }
        let party = close.from.name
        let after = close.time - (quic.clientInitial ?? subject.lifecycle.first)
        var evidence = [
            "QUIC error \(close.name) from the \(party), \(Words.span(after)) after the client's first packet"
        ]
        if let phrase = close.reasonPhrase { evidence.append("the \(party) says: \(Words.printable(phrase))") }
        return subject.verdict(
            subject.failed(.secure, "closed_in_handshake") ? .secureClosedInHandshake : .secureClosedByQUIC,
            "The \(party) closed the QUIC connection to \(subject.server) before it was established: "
                + "\(meaning(of: close)).",
            evidence: evidence, next: [subject.handshakeAgain])
    }

    private static func meaning(of close: QUICClose) -> String {
        switch close.name {
        case "no_error": "it gives no error as the reason"
        case "connection_refused": "it refuses new connections"
        case "invalid_token": "it does not accept the token that should prove the client's address"
        case "version_negotiation_error": "the two sides did not come to one QUIC version"
        case "no_viable_path": "the way there does not carry packets as large as QUIC needs"
        case "transport_parameter_error", "protocol_violation", "frame_encoding_error":
            "it says that the other side does not keep to the protocol (\(close.name))"
        default: "it says \"\(close.name)\""
        }
    }
}
