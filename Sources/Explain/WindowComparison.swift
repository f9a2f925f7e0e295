package import API

/// What is otherwise after some moment than it was before another.
///
/// Only what both windows observed can have changed: what one of them did not see is told apart.
package struct WindowComparison: Sendable, Equatable {
    package var before: Side
    package var after: Side
    package var aspects: [Aspect]

    /// The requests of one window.
    package struct Side: Sendable, Equatable {
        package var total: Int
        package var failed: Int
        package var first: Time?
        package var last: Time?

        init(_ requests: [Request]) {
            total = requests.count
            failed = requests.count { $0.outcome == .failed }
            first = requests.map(\.first).min()
            last = requests.map(\.first).max()
        }
    }

    package init(before: [Request], after: [Request]) {
        self.before = Side(before)
        self.after = Side(after)
        // What belongs to a place is compared where both windows went there: that others were asked for is no change.
        let common = Self.places(before).intersection(Self.places(after))
        func alike(_ requests: [Request]) -> [Request] {
            requests.filter { !$0.asksForNames && !common.isDisjoint(with: $0.places) }
        }
        let (earlier, later) = (alike(before), alike(after))
        aspects = [Self.resolver].compactMap { name, read in
            Aspect(name, before.compactMap(read), after.compactMap(read))
        }
        aspects += Self.words.compactMap { name, read in
            Aspect(name, earlier.compactMap(read), later.compactMap(read))
        }
        aspects += Self.spans.compactMap { name, read in
            Aspect(name, medians: earlier.compactMap(read), later.compactMap(read))
        }
        // How those that are over went.
        let verdict = { (request: Request) in request.isJudged ? request.verdict?.id : nil }
        if let mix = Aspect("verdict", before.compactMap(verdict), after.compactMap(verdict)) { aspects.append(mix) }
    }

    package var changes: [Aspect] { aspects.filter(\.isChanged) }

    private static func places(_ requests: [Request]) -> Set<String> {
        requests.reduce(into: []) { if !$1.asksForNames { $0.formUnion($1.places) } }
    }

    private typealias Word = (name: String, read: @Sendable (Request) -> String?)

    private static let resolver: Word = (
        "resolver",
        { request in
            if request.asksForNames { return request.server.endpoint }
            return request.server.names.first.flatMap { $0.lookup?.server }
        }
    )

    /// In the order of the stages. `nil` is what was not seen; what was seen not to be there is a value.
    private static let words: [Word] = [
        ("address", { $0.server.address }),
        ("route", { $0.way }),
        ("next hop's MAC", { $0.nextHop?.mac }),
        ("NAT", { $0.translation?.words ?? ($0.stage(.translation)?.status == .notApplicable ? "none" : nil) }),
        (
            "TLS",
            { request in
                request.tls?.version.map { version in request.tls?.alpn.map { "\(version) \($0)" } ?? version }
            }
        ),
        ("certificate", { $0.tls?.certificates.first?.words }),
    ]

    private static let spans: [(String, @Sendable (Request) -> Milliseconds?)] = [
        ("round trip", { $0.handshakeRTT }),
        ("first answer", { $0.stage(.exchange)?.status == .ok ? $0.stage(.exchange)?.duration : nil }),
    ]
}

extension Request {
    /// What it went to, by name and by address: a window that did not see the name may still know the address.
    fileprivate var places: [String] {
        let port = server.port.map { " \($0)" } ?? ""
        return ([server.address] + (server.trustedName.map { [$0.lowercased()] } ?? [])).map { $0 + port }
    }

    /// `eth0 by 192.0.2.1`, as the kernel's tables had it.
    fileprivate var way: String? {
        guard let stage = stage(.route), case .text(let interface)? = stage.fact("interface") else { return nil }
        guard case .text(let gateway)? = stage.fact("gateway") else { return interface }
        return "\(interface) by \(gateway)"
    }
}

extension Translation {
    /// `source 192.0.2.1`, `destination 192.0.2.1:80`: what it makes of the request, without the port that changes.
    fileprivate var words: String {
        var parts: [String] = []
        if kinds.contains("snat") { parts.append("source \(translated.source.address)") }
        if kinds.contains("dnat") {
            parts.append("destination \(translated.destination.address):\(translated.destination.port ?? 0)")
        }
        return parts.joined(separator: ", ")
    }
}

extension Certificate {
    /// `CN=example.org until 2027-01-31 (1f2e3d4c)`
    fileprivate var words: String {
        let end = notAfter.map { " until \($0.prefix(10))" } ?? ""
        return "\(subject ?? "without a subject")\(end) (\(fingerprint.prefix(8)))"
    }
}

extension WindowComparison: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("before", before)
        writer.field("after", after)
        writer.field("aspects", aspects)
        writer.endObject()
    }
}

extension WindowComparison.Side: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("total", total)
        writer.field("failed", failed)
        writer.field("first", first)
        writer.field("last", last)
        writer.endObject()
    }
}
