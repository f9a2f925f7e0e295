import Model

/// What one client asked for one name lately, all servers and both IP versions together: a program that waits for an
/// address waits for all of it.
final class Asking {
    private var halves: [Half]

    init(_ half: Half) { halves = [half] }

    /// One of the two types.
    struct Half {
        let type: UInt16
        var servers: [AskedServer]
        var answered: Timestamp?

        var last: AskedServer? { servers.last }
    }

    /// Programs ask for both IP versions in one go.
    private static let pairWithin = TimeSpan.milliseconds(50)
    /// After this long the same question is asked for another purpose; longer than a resolver waits for one server.
    private static let oneAsking = TimeSpan.seconds(6)

    /// Takes a question as a part of this asking: for the other type in the same go, or to the next server while nothing
    /// good has come. What was answered is asked anew.
    ///
    /// - Returns: whether it is one.
    func take(_ type: UInt16, _ tried: AskedServer) -> Bool {
        if let half = halves.firstIndex(where: { $0.type == type }) {
            guard let last = halves[half].last, tried.queried - last.queried <= Self.oneAsking,
                last.status != .answered, last.status != .noData,
                !halves[half].servers.contains(where: { $0.server == tried.server })
            else { return false }
            if halves[half].servers.count < AskedServer.capacity { halves[half].servers.append(tried) }
            return true
        }
        guard halves.count == 1, let first = halves[0].servers.first,
            tried.queried - first.queried <= Self.pairWithin
        else { return false }
        halves.append(Half(type: type, servers: [tried]))
        return true
    }

    /// The half that was asked together with the one of `type`, as far as it has come.
    func pair(of type: UInt16) -> LookupPair? {
        guard let own = halves.first(where: { $0.type == type }), let other = halves.first(where: { $0.type != type }),
            let first = own.servers.first, let last = other.last, let begun = other.servers.first
        else { return nil }
        let apart = (first.queried - begun.queried).nanoseconds.magnitude
        guard apart <= Self.pairWithin.nanoseconds.magnitude else { return nil }
        return LookupPair(
            type: other.type, status: last.status, rcode: last.rcode, queried: begun.queried, answered: other.answered)
    }

    /// Servers asked before `server` was asked at `queried`, that did not answer or could not.
    func servers(before server: Endpoint, queried: Timestamp, type: UInt16) -> [AskedServer] {
        guard let half = halves.first(where: { $0.type == type }) else { return [] }
        return half.servers.filter { $0.server != server && $0.queried < queried && $0.status != .answered }
    }
}

/// What an asking is found by: the socket that asks for the name, and where another socket goes on, the client.
struct AskingKey {
    let client: UInt64
    let socket: UInt64

    /// - Parameter client: the asker's address and the name, hashed.
    init(client: UInt64, port: UInt16) {
        self.client = client
        socket = SeededHash.mix(client, UInt64(port) | 1 << 16)
    }
}

/// The askings of all clients; when there is no room, the one that began first goes.
///
/// Programs that ask for one name at the same time, each from its own socket, are told apart. Some resolvers use a
/// socket for each type or for each server: a socket that asks for the first time goes on with the client's latest
/// asking, where that still lacks this very question.
struct AskingTable: ~Copyable {
    private var askings: [UInt64: Asking] = [:]
    /// The latest of each client.
    private var latest: [UInt64: Asking] = [:]
    private var order: [AskingKey] = []
    private var oldest = 0
    private let capacity: Int
    private var evictions: UInt64 = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// It only grows, up to its cap.
    var summary: TableSummary {
        TableSummary(
            name: "names_asked", count: askings.count, peak: askings.count, capacity: capacity, evictions: evictions)
    }

    /// The asking that a socket has part in.
    subscript(_ key: AskingKey) -> Asking? { askings[key.socket] }

    /// A question for an address was sent, for the first time to this server.
    mutating func ask(_ key: AskingKey, _ type: UInt16, _ server: Endpoint, at time: Timestamp) {
        let tried = AskedServer(server: server, status: .pending, rcode: nil, queried: time)
        let own = askings[key.socket]
        if let asking = own ?? latest[key.client], asking.take(type, tried) {
            if own == nil { keep(asking, key) }
            return
        }
        keep(Asking(Asking.Half(type: type, servers: [tried])), key)
    }

    private mutating func keep(_ asking: Asking, _ key: AskingKey) {
        latest[key.client] = asking
        if askings.updateValue(asking, forKey: key.socket) != nil { return }
        if order.count < capacity {
            order.append(key)
            return
        }
        let first = order[oldest]
        if let gone = askings.removeValue(forKey: first.socket), latest[first.client] === gone {
            latest[first.client] = nil
        }
        order[oldest] = key
        oldest = (oldest + 1) % capacity
        evictions &+= 1
    }
}

extension Asking {
    /// What came of the question for `type` that `server` was asked.
    func note(_ lookup: Lookup) {
        guard let half = halves.firstIndex(where: { $0.type == lookup.type }),
            let server = halves[half].servers.firstIndex(where: { $0.server == lookup.server })
        else { return }
        halves[half].servers[server].status = lookup.status
        halves[half].servers[server].rcode = lookup.rcode
        if let answered = lookup.answered { halves[half].answered = answered }
    }
}
