import Model

/// The exchanges of one connection that are over, as many as a record keeps: the first half of the room for the first
/// ones, the other half for the last, of which those that failed stay longest.
struct HTTPExchangeLog {
    private var first: [HTTPExchange] = []
    private var last: [HTTPExchange] = []
    private(set) var count = 0
    private(set) var failed = 0

    private static let half = HTTPFacts.capacity / 2

    var exchanges: [HTTPExchange] { first + last }

    mutating func append(_ exchange: HTTPExchange) {
        count += 1
        if exchange.isFailed { failed += 1 }
        if first.count < Self.half {
            first.append(exchange)
            return
        }
        if last.count == Self.half { last.remove(at: last.firstIndex { !$0.isFailed } ?? 0) }
        last.append(exchange)
    }
}
