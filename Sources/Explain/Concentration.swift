package import API
import Glibc

/// Where failures gather: one destination, or one asker, of which more fail than of all others together.
package struct Concentration: Sendable, Equatable {
    package enum Kind: String, Sendable { case destination, asker }

    package var kind: Kind
    /// As in ``Cause``.
    package var name: String
    package var here: Trend.Share
    package var elsewhere: Trend.Share

    /// What it has to explain, in natural units of log likelihood: so much is chance in fewer than one of a hundred cases.
    private static let gain = 3.5

    /// The clearest one; `nil` when failures are spread as chance spreads them.
    ///
    /// - Parameter requests: that are over.
    init?(_ requests: [Request]) {
        let all = Trend.Share(failed: requests.count { $0.outcome == .failed }, total: requests.count)
        guard all.failed > 0, all.failed < all.total else { return nil }
        var best: (gain: Double, found: Concentration)?
        for (kind, read) in Self.kinds {
            var shares: [String: Trend.Share] = [:]
            for request in requests {
                guard let name = read(request) else { continue }
                shares[name, default: Trend.Share()].total += 1
                if request.outcome == .failed { shares[name, default: Trend.Share()].failed += 1 }
            }
            // In the order of the alphabet, so that of equals it is always the same one.
            for (name, here) in shares.sorted(by: { $0.key < $1.key }) {
                let elsewhere = Trend.Share(failed: all.failed - here.failed, total: all.total - here.total)
                guard elsewhere.total > 0, here.rate > elsewhere.rate else { continue }
                let gain = here.likelihood + elsewhere.likelihood - all.likelihood
                guard gain > best?.gain ?? Self.gain else { continue }
                best = (gain, Concentration(kind: kind, name: name, here: here, elsewhere: elsewhere))
            }
        }
        guard let best else { return nil }
        self = best.found
    }

    private init(kind: Kind, name: String, here: Trend.Share, elsewhere: Trend.Share) {
        self.kind = kind
        self.name = name
        self.here = here
        self.elsewhere = elsewhere
    }

    private static let kinds: [(Kind, @Sendable (Request) -> String?)] = [
        (.destination, { $0.peer }), (.asker, { $0.asker }),
    ]
}

extension Concentration: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("kind", kind.rawValue)
        writer.field("name", name)
        writer.field("failed", here.failed)
        writer.field("total", here.total)
        writer.field("failed_elsewhere", elsewhere.failed)
        writer.field("total_elsewhere", elsewhere.total)
        writer.endObject()
    }
}
