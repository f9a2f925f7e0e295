import Decode
import Model

/// Reads one application off both directions of a connection. It sees every byte once and in order, or is told that
/// some are missing; it knows nothing of segments, slots or other connections.
///
/// Bytes come in any portions. What is incomplete it keeps itself, up to a cap of its own.
protocol ApplicationFollower: AnyObject {
    /// Takes the next bytes of `direction`: 0 sent by the client, 1 by the server.
    ///
    /// - Returns: how many of them it took. Fewer than there are means that it cannot say yet what the rest is (it
    ///   gets them again when the other direction has gone on), or that it is done.
    func read(_ bytes: RawSpan, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) -> Int

    /// Bytes that it asked not to see were sent: at most as many as ``quiet(_:)`` said.
    func pass(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews)

    /// The next bytes of `direction` will never come: not captured, or captured in part.
    func lose(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews)

    /// `direction` is over. What is missing before it was told to ``lose(_:from:at:_:)``.
    func end(_ direction: Int, _ how: StreamEnd, at time: Timestamp, _ news: inout FollowerNews)

    /// Bytes from here on that it does not need to see, such as a body of known length.
    func quiet(_ direction: Int) -> UInt64

    /// The bytes of `direction` have to wait for the other one.
    func isBlocked(_ direction: Int) -> Bool

    /// Nothing that comes could add to what it knows.
    var isDone: Bool { get }

    /// Bytes that it keeps because they are incomplete.
    var heldBytes: Int { get }

    /// Adds what it knows by now.
    func tell(_ facts: inout ApplicationFacts)
}

extension ApplicationFollower {
    func pass(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) {}
    func end(_ direction: Int, _ how: StreamEnd, at time: Timestamp, _ news: inout FollowerNews) {}
    func quiet(_ direction: Int) -> UInt64 { 0 }
    func isBlocked(_ direction: Int) -> Bool { false }
    var heldBytes: Int { 0 }
}

/// How one direction of a connection came to its end.
enum StreamEnd {
    /// Its sender said so (FIN).
    case finished
    case resetByClient, resetByServer
    /// It is no longer observed: the capture ended, or nothing came for too long.
    case unobserved
}

/// What a follower found that others have to hear of: the counters, the names of the request, live readers.
struct FollowerNews {
    /// Messages read of its layer.
    var messages: UInt64 = 0
    /// A name that the client used for the server.
    var name: String?
    /// Whole messages of DNS, and what there is of cut ones.
    var lookups: [LookupMessage] = []
    /// The request came to a turn.
    var isTurn = false
}

/// One DNS message that a stream carried, without its length.
struct LookupMessage {
    var bytes: [UInt8]
    var direction: Int
    /// Less of it was captured than was sent.
    var isCut: Bool
}
