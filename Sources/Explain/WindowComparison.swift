package import API

/// What is otherwise after some moment than it was before another.
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

    /// One thing that is compared: its values with how often each was seen, or medians.
    package struct Aspect: Sendable, Equatable {
        package var name: String
        package var before: [Value]
        package var after: [Value]
        package var isChanged: Bool
        /// Each side has one value, the median of so many.
        package var isMedian = false
    }

    package struct Value: Sendable, Equatable {
        package var text: String
        package var count: Int
    }

    /// Values of one aspect and window; rarer ones are left out.
    package static let capacity = 8

    package init(before: [Request], after: [Request]) {
        self.before = Side(before)
        self.after = Side(after)
        aspects = Self.words.compactMap { name, read in
            Aspect(name, before.flatMap(read), after.flatMap(read), isComparable: !before.isEmpty && !after.isEmpty)
        }
        aspects += Self.spans.compactMap { name, read in Aspect(name, before.compactMap(read), after.compactMap(read)) }
        if let mix = Aspect(
            "verdict", before.compactMap { $0.verdict?.id }, after.compactMap { $0.verdict?.id },
            isComparable: !before.isEmpty && !after.isEmpty)
        {
            aspects.append(mix)
        }
    }

    package var changes: [Aspect] { aspects.filter(\.isChanged) }

    /// In the order of the stages.
    private static let words: [(String, @Sendable (Request) -> [String])] = [
        ("resolver", { request in request.server.names.prefix(1).compactMap { $0.lookup?.server } }),
        ("address", { request in [request.server.address] }),
        ("route", { request in request.way.map { [$0] } ?? [] }),
        ("next hop's MAC", { request in request.nextHop?.mac.map { [$0] } ?? [] }),
        ("NAT", { request in request.translation.map { [$0.words] } ?? [] }),
        ("TLS", { request in request.tls?.version.map { version in ["\(version) \(request.tls?.alpn ?? "")"] } ?? [] }),
        ("certificate", { request in request.tls?.certificates.first.map { [$0.words] } ?? [] }),
    ]

    private static let spans: [(String, @Sendable (Request) -> Milliseconds?)] = [
        ("round trip", { $0.handshakeRTT }),
        ("first answer", { $0.stage(.exchange)?.status == .ok ? $0.stage(.exchange)?.duration : nil }),
    ]
}

extension WindowComparison.Aspect {
    /// - Parameter isComparable: whether both windows have requests, so that a value that is missing says something.
    init?(_ name: String, _ before: [String], _ after: [String], isComparable: Bool) {
        guard !before.isEmpty || !after.isEmpty else { return nil }
        self.name = name
        self.before = Self.counted(before)
        self.after = Self.counted(after)
        isChanged = isComparable && Set(before) != Set(after)
    }

    /// Medians, changed when one is half as long again as the other, and by more than a millisecond.
    init?(_ name: String, _ before: [Milliseconds], _ after: [Milliseconds]) {
        guard !before.isEmpty || !after.isEmpty else { return nil }
        self.name = name
        isMedian = true
        let (one, other) = (Self.median(before), Self.median(after))
        self.before = one.map { [WindowComparison.Value(text: "\($0) ms", count: before.count)] } ?? []
        self.after = other.map { [WindowComparison.Value(text: "\($0) ms", count: after.count)] } ?? []
        guard let one, let other else {
            isChanged = false
            return
        }
        let (short, long) = (min(one, other), max(one, other))
        isChanged = long.value >= 1.5 * short.value && long.value - short.value > 1
    }

    private static func counted(_ words: [String]) -> [WindowComparison.Value] {
        let counts = Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
        return Cause.frequent(words, limit: WindowComparison.capacity).map {
            WindowComparison.Value(text: $0, count: counts[$0] ?? 0)
        }
    }

    private static func median(_ spans: [Milliseconds]) -> Milliseconds? {
        let sorted = spans.sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }
}

extension Request {
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

extension WindowComparison.Aspect: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("changed", isChanged)
        if isMedian { writer.field("median", true) }
        writer.field("before", before)
        writer.field("after", after)
        writer.endObject()
    }
}

extension WindowComparison.Value: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("value", text)
        writer.field("count", count)
        writer.endObject()
    }
}
