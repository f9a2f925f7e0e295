import Diagnose
import LifecycleSamples
import Model
import Testing

/// From TLS to the close: what is said of each sample, how bad it is and how sure.
@Suite struct ConversationVerdictTests {
    typealias Row = (String, String, Verdict.Severity, Verdict.Confidence)

    static let rows: [Row] = [
        ("a farewell came late", "healthy", .none, .certain),
        ("sent, and closed at once", "healthy", .none, .certain),
        ("waited in vain, of an unknown protocol", "exchange.client_gave_up", .error, .certain),
        ("syslog over TCP", "healthy", .none, .certain),
        ("client reset after its answer", "close.reset_by_client", .notice, .certain),
        ("server reset after its answer", "close.reset_by_server", .notice, .certain),
        ("port probed", "healthy", .none, .certain),
        ("file taken in part", "close.reset_by_client", .warning, .likely),
        ("server probed with TLS", "healthy", .none, .certain),
        ("client gave up over TLS", "close.reset_by_client", .warning, .likely),
        ("alert protocol_version", "secure.protocol_version", .error, .certain),
        ("alert unrecognized_name", "secure.unrecognized_name", .error, .certain),
        ("alert no_application_protocol", "secure.no_application_protocol", .error, .certain),
        ("alert certificate_expired", "secure.certificate_expired", .error, .certain),
        ("alert decode_error", "secure.decode_error", .error, .certain),
        ("expired certificate rejected", "secure.certificate_expired", .error, .likely),
        ("early certificate rejected", "secure.certificate_not_yet_valid", .error, .likely),
        ("certificate of another name rejected", "secure.certificate_of_other_name", .error, .likely),
        ("certificate in order, rejected", "secure.bad_certificate", .error, .certain),
        ("expired certificate, left without a word", "secure.certificate_expired", .error, .likely),
        (
            "expired certificate, left, and the server has an alert for it", "secure.certificate_expired", .error,
            .likely
        ),
        ("no TLS at this port", "secure.no_server_hello", .error, .likely),
        ("left in the handshake", "secure.closed_in_handshake", .error, .likely),
        ("no client certificate", "secure.certificate_required", .error, .likely),
        ("TLS 1.3, no answer until the client left", "exchange.client_gave_up", .error, .likely),
        ("TLS 1.3, closed with an alert for an answer", "exchange.closed_without_answer", .error, .likely),
        ("TLS 1.3, a farewell, and then the server closed first", "exchange.client_gave_up", .error, .possible),
        ("TLS 1.3, tickets and then silence", "healthy", .none, .possible),
        ("TLS 1.3, looked at", "healthy", .none, .certain),
        (
            "certificate of another name, left after the handshake", "secure.certificate_of_other_name", .warning,
            .possible
        ), ("certificate of another name, used", "secure.untrusted_certificate", .notice, .certain),
        ("certificate in order, left after the handshake", "healthy", .none, .certain),
        ("reset after the ClientHello", "secure.reset_after_client_hello", .error, .possible),
        ("reset after the ClientHello by another", "secure.reset_after_client_hello", .error, .likely),
        ("ClientHello lost", "secure.client_hello_lost", .error, .likely),
        ("ClientHello sent again and again", "secure.client_hello_lost", .warning, .likely),
        ("ClientHello unanswered", "secure.client_hello_unanswered", .error, .likely),
        ("left after the ClientHello", "secure.aborted", .warning, .certain),
        ("http 404", "exchange.http_error", .notice, .certain),
        ("http 503", "exchange.http_server_error", .warning, .certain),
        ("http 503 between others", "exchange.http_server_error", .warning, .certain),
        ("http 511", "exchange.captive_portal", .warning, .certain),
        ("connection check", "healthy", .none, .certain),
        ("connection check redirected", "exchange.captive_portal", .warning, .likely),
        ("connection check answered with a page", "exchange.captive_portal", .warning, .likely),
        ("connection check failed", "exchange.http_server_error", .warning, .certain),
        ("redirected", "healthy", .none, .certain),
        ("answered after 1.5 s", "exchange.slow", .notice, .certain),
        ("answered after 1.5 s, far away", "healthy", .none, .certain),
        ("client gave up after 30 s", "exchange.client_gave_up", .error, .certain),
        ("closed instead of a second answer", "exchange.closed_without_answer", .error, .certain),
        ("2 of 1000 lost", "healthy", .none, .certain),
        ("15 of 1000 lost", "exchange.loss", .notice, .likely),
        ("40 of 1000 lost", "exchange.loss", .warning, .likely),
        ("40 of 1000 lost, and fast", "exchange.loss", .notice, .likely),
        ("4 of 10 lost", "healthy", .none, .certain),
        ("40 of 1000 out of order, not asked for", "healthy", .none, .certain),
        ("captured twice", "healthy", .none, .certain),
        ("the client read nothing for 2 s", "exchange.zero_window", .notice, .certain),
        ("the client read nothing for 0.5 s", "healthy", .none, .certain),
        ("the server read nothing, and the client gave up", "exchange.zero_window", .warning, .likely),
        ("a long way", "connect.slow", .notice, .likely),
        ("a long way to the client", "connect.slow", .notice, .likely),
        ("slow at first", "connect.slow", .notice, .likely),
        ("large segments lost", "exchange.mtu_black_hole", .error, .likely),
        ("everything lost", "exchange.unacknowledged", .error, .likely),
        ("everything is lost", "exchange.unacknowledged", .warning, .likely),
        ("large segments are lost", "exchange.mtu_black_hole", .warning, .likely),
        ("an upload with losses", "pending", .none, .certain),
        ("large segments never came", "exchange.mtu_black_hole", .error, .likely),
        ("told of a smaller MTU, in vain", "exchange.mtu_black_hole", .error, .likely),
        ("told of a smaller MTU", "exchange.path_mtu", .notice, .certain),
    ]

    @Test(arguments: rows) func finds(_ row: Row) throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named(row.0)))
        #expect(verdict.id == row.1, "\(verdict)")
        #expect(verdict.severity == row.2 && verdict.confidence == row.3, "\(verdict)")
    }

    /// What a reader would take from it, in its own words.
    @Test(arguments: [
        (
            "reset after the ClientHello by another",
            "the RST has the TTL 64, the server's first packet had 57: something on the way probably sent it"
        ),
        ("client gave up after 30 s", "the client ended the connection after 30.00 s, probably at a limit of 30 s"),
        ("client gave up after 30 s", "the server's side acknowledged all of it"),
        ("everything lost", "5000 bytes sent since the handshake, none acknowledged"),
        ("http 503 between others", "GET example.org/3: 503"),
        ("http 503 between others", "2 of 4 requests on this connection failed"),
        ("alert protocol_version", "the client offers TLS 1.3, TLS 1.2"),
        ("alert unrecognized_name", "the client asks for example.org"),
        ("closed instead of a second answer", "1 request on this connection had been answered before"),
        (
            "told of a smaller MTU, in vain",
            "ICMP fragmentation_needed from 192.0.2.1: at most 1300 bytes, 13.0 ms after the first packet"
        ),
        ("TLS 1.3, no answer until the client left", "200 bytes sent after the TLS handshake, no answer"),
        (
            "TLS 1.3, no answer until the client left",
            "the client ended the connection after 2.00 s, probably at a limit of 2 s"
        ),
        (
            "TLS 1.3, closed with an alert for an answer",
            "24 bytes of the server after it: an alert or a farewell of TLS, no more"
        ),
        ("client gave up over TLS", "500 bytes of them came when the client had ended its side"),
    ])
    func tellsWhatWasSeen(_ sample: String, _ evidence: String) throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named(sample)))
        #expect(verdict.evidence.contains(evidence), "\(verdict.evidence)")
    }
}
