import Decode
import Model

/// What is read of one connection's two byte streams. Only connections whose first bytes may still tell something, or
/// whose application is followed, have one.
final class Stream {
    var application = Application.recognising
    /// The client's first bytes, while they do not tell the application.
    var head: [UInt8] = []
    /// The client's, then the server's. Their one owner asks for one of them at a time; to have that checked at every look
    /// costs as much as the reading.
    @exclusivity(unchecked) private var halves: InlineArray<2, StreamHalf> = [StreamHalf(), StreamHalf()]
    /// Bytes of it that the table has counted.
    var counted = 0

    enum Application {
        case recognising
        case tls(TLSFollower)
        case http(HTTPFollower)
        case dns(DNSFollower)
    }

    /// Joined in the middle: where the other side was said to have come to, its first bytes have to show that they are of
    /// what was seen to begin, and not of something before it.
    var doubt: Doubt?

    struct Doubt {
        let direction: Int
        let signature: ApplicationSignature
        /// Sequence number at which the beginning was seen.
        let asked: UInt32
    }

    /// The exchange by which the connection became a tunnel through a proxy: what is recognised now is inside of it.
    var tunnel: HTTPFollower?

    var follower: (any ApplicationFollower)? {
        switch application {
        case .recognising: nil
        case .tls(let follower): follower
        case .http(let follower): follower
        case .dns(let follower): follower
        }
    }

    /// The client's bytes decide what is spoken; those of the server wait until then.
    func isBlocked(_ direction: Int) -> Bool { follower?.isBlocked(direction) ?? (direction == 1) }

    /// The frame of a coroutine is allocated at every use that is not inlined, and only one with a single `yield` can be.
    subscript(direction: Int) -> StreamHalf {
        @inline(__always) _read { yield unsafe halves[direction] }
        @inline(__always) _modify { yield unsafe &halves[direction] }
    }

    var client: StreamHalf { @inline(__always) _read { yield unsafe halves[0] } }
    var server: StreamHalf { @inline(__always) _read { yield unsafe halves[1] } }

    /// Bytes of `direction` that nobody needs to see from here on.
    func quiet(_ direction: Int) -> UInt64 { follower?.quiet(direction) ?? 0 }

    var heldBytes: Int { client.heldBytes + server.heldBytes + head.count + (follower?.heldBytes ?? 0) }

    /// Adds what is known of the application by now.
    func tell(_ facts: inout ApplicationFacts) {
        tunnel?.tell(&facts)
        follower?.tell(&facts)
    }
}
