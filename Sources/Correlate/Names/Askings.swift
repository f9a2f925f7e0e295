import Model

/// What one client asked for one name lately, all servers and both IP versions together: a program that waits for an
/// address waits for all of it.
final class Asking {
    var halves: [Half] = []

    /// One of the two types.
    struct Half {
        let type: UInt16
        var servers: [AskedServer]
        var answered: Timestamp?

        var last: AskedServer? { servers.last }
    }

    /// Programs ask for both IP versions in one go.
    static let pairWithin = TimeSpan.milliseconds(50)

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

/// The askings of all clients; when there is no room, the one that began first goes.
struct AskingTable: ~Copyable {
    private var askings: [UInt64: Asking] = [:]
    private var order: [UInt64] = []
    private var oldest = 0
    private let capacity: Int
    private var evictions: UInt64 = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// It only grows, up to its cap.
    var summary: TableSummary {
        TableSummary(
            name: "names_asked", count: askings.count, peak: askings.count, capacity: capacity, evictions: evictions)
    }

    /// After this long the same question is asked for another purpose; longer than a resolver waits for one server.
    private static let oneAsking = TimeSpan.seconds(6)

    subscript(_ key: UInt64) -> Asking? { askings[key] }

    /// A question for an address was sent, for the first time to this server.
    mutating func ask(_ key: UInt64, _ type: UInt16, _ server: Endpoint, at time: Timestamp) -> Asking {
        let tried = AskedServer(server: server, status: .pending, rcode: nil, queried: time)
        if let asking = askings[key], let half = asking.halves.firstIndex(where: { $0.type == type }) {
            // Asked again while nothing good has come: the next server. What was answered is asked anew.
            let last = asking.halves[half].last
            if let last, time - last.queried <= Self.oneAsking, last.status != .answered, last.status != .noData,
                !asking.halves[half].servers.contains(where: { $0.server == server })
            {
                if asking.halves[half].servers.count < AskedServer.capacity {
                    asking.halves[half].servers.append(tried)
                }
                return asking
            }
        } else if let asking = askings[key], let first = asking.halves.first?.servers.first,
            asking.halves.count == 1, time - first.queried <= Asking.pairWithin
        {
            asking.halves.append(Asking.Half(type: type, servers: [tried]))
            return asking
        }
        let asking = Asking()
        asking.halves = [Asking.Half(type: type, servers: [tried])]
        keep(asking, key)
        return asking
    }

    private mutating func keep(_ asking: Asking, _ key: UInt64) {
        if askings.updateValue(asking, forKey: key) != nil { return }
        if order.count < capacity {
            order.append(key)
        } else {
            askings[order[oldest]] = nil
            order[oldest] = key
            oldest = (oldest + 1) % capacity
            evictions &+= 1
        }
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
