import Decode
import Model

/// Follows the first exchange of an HTTP/1 connection (RFC 9112).
final class HTTPFollower: ApplicationFollower {
    private var facts: HTTPFacts?
    private(set) var isDone = false

    func read(_ bytes: RawSpan, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        if direction == 0 {
            guard facts == nil else { return bytes.byteCount }
            guard let request = HTTPRequestView(bytes) else {
                isDone = true
                return bytes.byteCount
            }
            var facts = HTTPFacts()
            facts.method = request.method
            facts.host = request.host
            facts.path = request.path
            facts.requested = time
            self.facts = facts
            // A request to a proxy names somebody else.
            if let host = facts.host, request.isForOrigin, IPAddress(host) == nil { news.name = host }
            news.messages = 1
        } else if let status = HTTPStatusView(bytes) {
            news.messages = 1
            guard !status.isInterim else { return bytes.byteCount }
            facts?.status = status.status
            facts?.responded = time
            isDone = true
            news.isTurn = true
        } else {
            isDone = true
        }
        return bytes.byteCount
    }

    func quiet(_ direction: Int) -> UInt64 { direction == 0 && facts != nil ? .max : 0 }

    func lose(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) { isDone = true }

    func tell(_ application: inout ApplicationFacts) {
        guard let facts else { return }
        application.kind = .http
        application.http = facts
    }
}
