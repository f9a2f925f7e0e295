/// Who listens where, and how many ports are left to connect from: the answer of `/v1/ports`.
package struct PortList: Sendable, Equatable, Decodable {
    package var listeners: [Listener]
    /// The ports that the kernel chooses from for sockets that name none.
    package var ephemeral: EphemeralRange?
    /// Peers towards which most of those are taken, the fullest first.
    package var pressure: [PortPressure]
    /// Why the kernel could not be asked, or what it does not tell.
    package var trouble: String?

    package init(
        listeners: [Listener] = [], ephemeral: EphemeralRange? = nil, pressure: [PortPressure] = [],
        trouble: String? = nil
    ) {
        self.listeners = listeners
        self.ephemeral = ephemeral
        self.pressure = pressure
        self.trouble = trouble
    }
}

/// A socket that waits for others.
package struct Listener: Sendable, Equatable, Decodable {
    /// `tcp` or `udp`.
    package var transport: String
    package var address: String
    package var port: UInt16
    /// `all`, `loopback` or `address`: who can reach it as far as its address is concerned.
    package var scope: String
    package var userID: UInt32
    /// Processes that have it open; empty when they may not be looked at.
    package var processes: [PortProcess]
    /// TCP: connections that wait to be accepted, and how many may.
    package var waiting: UInt32?
    package var backlog: UInt32?
    /// Connections or datagrams dropped for want of room since it was opened.
    package var drops: UInt32?

    private enum CodingKeys: String, CodingKey {
        case address, port, scope, processes, waiting, backlog, drops
        case transport = "protocol"
        case userID = "user_id"
    }

    package init(
        transport: String, address: String, port: UInt16, scope: String, userID: UInt32, processes: [PortProcess],
        waiting: UInt32?, backlog: UInt32?, drops: UInt32?
    ) {
        self.transport = transport
        self.address = address
        self.port = port
        self.scope = scope
        self.userID = userID
        self.processes = processes
        self.waiting = waiting
        self.backlog = backlog
        self.drops = drops
    }
}

package struct PortProcess: Sendable, Equatable, Decodable {
    package var pid: Int32
    package var name: String
    /// Sockets of it that are meant.
    package var sockets: Int

    package init(pid: Int32, name: String, sockets: Int) {
        self.pid = pid
        self.name = name
        self.sockets = sockets
    }
}

package struct EphemeralRange: Sendable, Equatable, Decodable {
    package var first: UInt16
    package var last: UInt16
    /// `8080`, `9000-9010`: never chosen.
    package var reserved: [String]
    /// How many there are to choose from.
    package var count: Int

    package init(first: UInt16, last: UInt16, reserved: [String], count: Int) {
        self.first = first
        self.last = last
        self.reserved = reserved
        self.count = count
    }
}

/// Ports in use from one address towards one peer.
package struct PortPressure: Sendable, Equatable, Decodable {
    package var source: String
    package var peer: String
    package var peerPort: UInt16
    /// TIME_WAIT included.
    package var inUse: Int
    package var timeWait: Int
    package var available: Int
    package var processes: [PortProcess]
    /// More ports taken than given back in a second, rounded; measured only where ports are scarce.
    package var growth: Int?
    /// Until no port is free, if it goes on like this.
    package var exhaustedIn: Milliseconds?

    private enum CodingKeys: String, CodingKey {
        case source, peer, available, processes
        case peerPort = "peer_port"
        case inUse = "in_use"
        case timeWait = "time_wait"
        case growth = "growth_per_second"
        case exhaustedIn = "exhausted_in_ms"
    }

    package init(
        source: String, peer: String, peerPort: UInt16, inUse: Int, timeWait: Int, available: Int,
        processes: [PortProcess], growth: Int?, exhaustedIn: Milliseconds?
    ) {
        self.source = source
        self.peer = peer
        self.peerPort = peerPort
        self.inUse = inUse
        self.timeWait = timeWait
        self.available = available
        self.processes = processes
        self.growth = growth
        self.exhaustedIn = exhaustedIn
    }
}

/// Everything about one port: the answer of `/v1/ports/{port}`.
package struct PortReport: Sendable, Equatable, Decodable {
    package var port: UInt16
    /// What it comes to, in a plain sentence.
    package var summary: String
    package var listeners: [Listener]
    /// Rules of the packet filter that look at it: port forwards, and what a firewall says.
    package var rules: [PortRule]
    /// Why rules are not known.
    package var rulesTrouble: String?
    /// The latest connections and exchanges to it, newest first.
    package var requests: [PortRequest]
    package var trouble: String?

    private enum CodingKeys: String, CodingKey {
        case port, summary, listeners, rules, requests, trouble
        case rulesTrouble = "rules_trouble"
    }

    package init(
        port: UInt16, summary: String, listeners: [Listener], rules: [PortRule] = [], rulesTrouble: String? = nil,
        requests: [PortRequest], trouble: String? = nil
    ) {
        self.port = port
        self.summary = summary
        self.listeners = listeners
        self.rules = rules
        self.rulesTrouble = rulesTrouble
        self.requests = requests
        self.trouble = trouble
    }
}

/// A rule of the packet filter that looks at a destination port.
package struct PortRule: Sendable, Equatable, Decodable {
    /// `tcp`, `udp`: those that it concerns.
    package var transports: [String]
    /// `ip`, `ip6` or `inet`.
    package var family: String
    package var table: String
    package var chain: String
    /// Names the rule within its table, for `nft delete rule`.
    package var handle: UInt64
    /// Where its chain hangs (`prerouting`, `input`, …); absent for one that others jump to.
    package var hook: String?
    /// `dnat`, `redirect`, `accept`, `drop`, `reject`, `jump`, …
    package var action: String
    /// The rule in nft's own words, as far as they are known.
    package var text: String
    /// It names the port itself; where not, a named set may hold it.
    package var certain: Bool

    private enum CodingKeys: String, CodingKey {
        case family, table, chain, handle, hook, action, text, certain
        case transports = "protocols"
    }

    package init(
        transports: [String], family: String, table: String, chain: String, handle: UInt64, hook: String?,
        action: String, text: String, certain: Bool
    ) {
        self.transports = transports
        self.family = family
        self.table = table
        self.chain = chain
        self.handle = handle
        self.hook = hook
        self.action = action
        self.text = text
        self.certain = certain
    }
}

/// A request to a port, and how it came out; `/v1/requests/{id}` has all of it.
package struct PortRequest: Sendable, Equatable, Decodable {
    package var id: String
    package var first: Time
    package var transport: Transport
    package var direction: Direction
    package var client: String
    package var server: String
    package var outcome: Outcome
    /// The stage that failed, and why.
    package var failure: String?

    private enum CodingKeys: String, CodingKey {
        case id, first, direction, client, server, outcome, failure
        case transport = "protocol"
    }

    package init(
        id: String, first: Time, transport: Transport, direction: Direction, client: String, server: String,
        outcome: Outcome, failure: String?
    ) {
        self.id = id
        self.first = first
        self.transport = transport
        self.direction = direction
        self.client = client
        self.server = server
        self.outcome = outcome
        self.failure = failure
    }
}

extension PortList: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("listeners", listeners)
        writer.field("ephemeral", ephemeral)
        writer.field("pressure", pressure)
        writer.field("trouble", trouble)
        writer.endObject()
    }
}

extension Listener: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("protocol", transport)
        writer.field("address", address)
        writer.field("port", port)
        writer.field("scope", scope)
        writer.field("user_id", userID)
        writer.field("processes", processes)
        writer.field("waiting", waiting)
        writer.field("backlog", backlog)
        writer.field("drops", drops)
        writer.endObject()
    }
}

extension PortProcess: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("pid", pid)
        writer.field("name", name)
        writer.field("sockets", sockets)
        writer.endObject()
    }
}

extension EphemeralRange: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("first", first)
        writer.field("last", last)
        writer.field("reserved", reserved)
        writer.field("count", count)
        writer.endObject()
    }
}

extension PortPressure: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("source", source)
        writer.field("peer", peer)
        writer.field("peer_port", peerPort)
        writer.field("in_use", inUse)
        writer.field("time_wait", timeWait)
        writer.field("available", available)
        writer.field("processes", processes)
        writer.field("growth_per_second", growth)
        writer.field("exhausted_in_ms", exhaustedIn)
        writer.endObject()
    }
}

extension PortReport: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("port", port)
        writer.field("summary", summary)
        writer.field("listeners", listeners)
        writer.field("rules", rules)
        writer.field("rules_trouble", rulesTrouble)
        writer.field("requests", requests)
        writer.field("trouble", trouble)
        writer.endObject()
    }
}

extension PortRule: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("protocols", transports)
        writer.field("family", family)
        writer.field("table", table)
        writer.field("chain", chain)
        writer.field("handle", handle)
        writer.field("hook", hook)
        writer.field("action", action)
        writer.field("text", text)
        writer.field("certain", certain)
        writer.endObject()
    }
}

extension PortRequest: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        writer.field("first", first)
        writer.field("protocol", transport)
        writer.field("direction", direction)
        writer.field("client", client)
        writer.field("server", server)
        writer.field("outcome", outcome)
        writer.field("failure", failure)
        writer.endObject()
    }
}
