import Model

extension Finding {
    static let exchangeHTTPError = Finding(
        id: "exchange.http_error", stage: .exchange, severity: .notice, title: "The server will not do what was asked",
        cause:
            "The request is wrong, not allowed, or for something that is not there: HTTP status 4xx (RFC 9110 §15.5).",
        evidence: "The status of a response read in clear.",
        fix: "Look at what was asked, and into the service's log: the network did its part.")

    /// A warning where 4xx is none: those are part of everyday use, these are the server's own word that it failed.
    static let exchangeServerError = Finding(
        id: "exchange.http_server_error", stage: .exchange, severity: .warning, title: "The server says that it failed",
        cause:
            "The service itself, or a proxy before it, failed at a request that may be right: HTTP status 5xx (RFC 9110 §15.6).",
        evidence: "The status of a response read in clear.",
        fix: "Look into the service's log, and that of the proxy before it: the network did its part.")

    static let exchangeCaptivePortal = Finding(
        id: "exchange.captive_portal", stage: .exchange, severity: .warning, title: "The network wants a login first",
        cause: "A captive portal answers in place of every server until somebody has logged in (RFC 8952).",
        evidence:
            "HTTP status 511 (RFC 6585 §6), or another answer than the one that is always given to a system's own check of its connection.",
        fix: "Open http://neverssl.com in a browser and log in.")
}

extension Diagnosis {
    /// A response in clear says that something is wrong; of several on a connection the worst is told.
    static func httpError(_ subject: Case) -> Verdict? {
        guard subject.waterfall.outcome == .ok, let http = subject.lifecycle.application.http,
            let exchange = http.exchanges.first(where: { $0.status ?? 0 >= 500 })
                ?? http.exchanges.first(where: { $0.status ?? 0 >= 400 }),
            let status = exchange.status
        else { return nil }
        var evidence = [subject.line(of: exchange)]
        if http.exchangeCount > 1 {
            evidence.append(
                "\(http.failedCount) of \(Words.count(http.exchangeCount, "request")) on this connection failed")
        }
        let isServers = status >= 500
        return subject.verdict(
            isServers ? .exchangeServerError : .exchangeHTTPError,
            "\(subject.server) answered with the HTTP error \(status)\(meaning(of: status)): the network did its part.",
            evidence: evidence,
            next: isServers
                ? [subject.serverJournal("why did the service fail?")]
                : [
                    subject.again(exchange, "is that what was meant?"),
                    subject.serverJournal("why does the service refuse?"),
                ].compactMap(\.self))
    }

    /// The network answers itself, and wants somebody to log in.
    static func captivePortal(_ subject: Case) -> Verdict? {
        guard subject.waterfall.outcome == .ok else { return nil }
        for exchange in subject.lifecycle.application.http?.exchanges ?? [] {
            guard let status = exchange.status else { continue }
            let isCertain = status == 511
            guard isCertain || ConnectionCheck(exchange).map({ !$0.isExpected(exchange) }) ?? false else { continue }
            return subject.verdict(
                .exchangeCaptivePortal,
                isCertain
                    ? "This network wants a login before it lets anything through."
                    : "This network probably wants a login: the system's own check of its connection got another answer than "
                        + "it always gets.",
                evidence: [subject.line(of: exchange)], confidence: isCertain ? .certain : .likely,
                next: ["curl -sI http://neverssl.com  # Location is the login page: open it in a browser"])
        }
        return nil
    }

    private static func meaning(of status: UInt16) -> String {
        switch status {
        case 401: " (it wants to know who asks)"
        case 403: " (not allowed)"
        case 404, 410: " (not there)"
        case 407: " (the proxy wants to know who asks)"
        case 408: " (the request took too long to come)"
        case 413: " (the request is too large)"
        case 429: " (too many requests)"
        case 500: " (it failed inside)"
        case 502: " (a proxy got no good answer from the server behind it)"
        case 503: " (overloaded, or under maintenance)"
        case 504: " (a proxy got no answer in time from the server behind it)"
        default: ""
        }
    }
}

/// What systems ask for, in clear, to find out whether they are online; the answer is always the same.
private struct ConnectionCheck {
    let status: UInt16

    /// `nil` when the exchange is no such check.
    init?(_ exchange: HTTPExchange) {
        guard exchange.method == "GET", let host = exchange.host?.lowercased(), let path = exchange.path,
            let check = Self.all.first(where: { $0.path == path && $0.hosts.contains(host) })
        else { return nil }
        status = check.status
    }

    func isExpected(_ exchange: HTTPExchange) -> Bool {
        // Errors are those of the service; a portal redirects, or shows its own page.
        guard let found = exchange.status, (200...399).contains(found) else { return true }
        return found == status
    }

    /// Android and ChromeOS, Apple, Windows, Firefox, NetworkManager as GNOME, Debian, Ubuntu, Fedora and Arch set it up.
    private static let all: [(hosts: Set<String>, path: String, status: UInt16)] = [
        (
            [
                "connectivitycheck.gstatic.com", "connectivitycheck.android.com", "clients3.google.com",
                "www.gstatic.com", "www.google.com",
            ], "/generate_204", 204
        ), (["captive.apple.com"], "/hotspot-detect.html", 200), (["www.apple.com"], "/library/test/success.html", 200),
        (["www.msftconnecttest.com", "ipv6.msftconnecttest.com"], "/connecttest.txt", 200),
        (["www.msftncsi.com"], "/ncsi.txt", 200), (["detectportal.firefox.com"], "/success.txt", 200),
        (["detectportal.firefox.com"], "/canonical.html", 200),
        (["nmcheck.gnome.org"], "/check_network_status.txt", 200),
        (["network-test.debian.org"], "/nm", 200), (["connectivity-check.ubuntu.com"], "/", 204),
        (["fedoraproject.org"], "/static/hotspot.txt", 200), (["ping.archlinux.org"], "/nm-check.txt", 200),
    ]
}

extension Case {
    /// `GET example.org/path: 503`.
    fileprivate func line(of exchange: HTTPExchange) -> String {
        let method = exchange.method.map { Words.printable($0) + " " } ?? ""
        let place = Words.printable((exchange.host ?? "") + (exchange.path ?? ""))
        return "\(method)\(place): \(exchange.status.map { "\($0)" } ?? "no answer")"
    }
}
