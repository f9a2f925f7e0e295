/// What an expression can ask of a request. This table is where help, manual page and OpenAPI have the fields from.
package enum RequestField: String, Sendable, CaseIterable {
    case process, pid, user, unit, container
    case to
    case toPort = "to.port"
    case from
    case fromPort = "from.port"
    case port, name
    case transport = "protocol"
    case application, direction, interface, nat
    case failed, outcome, stage, reason, state, verdict, severity, complete
    case duration, rtt, bytes, sent, received, retransmitted
    case httpStatus = "http.status"
}

extension RequestField {
    /// What its values are, and with that which operators it has.
    package enum Kind: Sendable, Equatable {
        /// Compared as it is written.
        case text
        /// A DNS name: case and the final dot make no difference.
        case name
        /// A ``Destination``.
        case host
        case number(ClosedRange<UInt64>)
        /// A length of time.
        case span
        /// Bytes.
        case size
        case flag
        /// One of a closed vocabulary.
        case word([String])
        /// The same, the lesser ones first.
        case rank([String])
    }

    package var kind: Kind {
        switch self {
        case .process, .user, .unit, .container, .application, .interface, .reason, .verdict: .text
        case .pid: .number(1...4_194_304)
        case .to, .from: .host
        case .toPort, .fromPort, .port: .number(0...65535)
        case .name: .name
        case .transport: .word(Transport.allCases.map(\.rawValue))
        case .direction: .word(Direction.allCases.map(\.rawValue))
        case .nat: .word(TranslationQuery.Kind.allCases.map(\.rawValue))
        case .failed, .complete: .flag
        case .outcome: .word(Outcome.allCases.map(\.rawValue))
        case .stage: .word(StageName.allCases.map(\.rawValue))
        case .state: .word(TCPState.allCases.map(\.rawValue))
        case .severity: .rank(Verdict.Severity.allCases.map(\.rawValue))
        case .duration, .rtt: .span
        case .bytes, .sent, .received: .size
        case .retransmitted: .number(0...UInt64(UInt32.max))
        case .httpStatus: .number(100...999)
        }
    }

    /// One line for people; names of other fields stand in it as they are written.
    package var summary: String {
        switch self {
        case .process: "name or path of the program that asked, or the last part of the path"
        case .pid: "number of the process that asked"
        case .user: "name or number of the user that it ran as"
        case .unit: "systemd unit that it belongs to; .service may be left out"
        case .container: "its container: the identifier, the first 12 characters of it, or the runtime"
        case .to: "the server: a name and all under it, an address or a network, each with :port if wanted"
        case .toPort: "port of the server"
        case .from: "the client: an address or a network, each with :port if wanted"
        case .fromPort: "port of the client"
        case .port: "port of either side"
        case .name: "any name that the server is known by, or that was looked up"
        case .transport: "the transport"
        case .application: "what is spoken: dns, tls, quic, http, dhcp, echo and others"
        case .direction: "which way it goes, seen from this host"
        case .interface: "interface of its first packet"
        case .nat: "what NAT rewrote: source or destination"
        case .failed: "whether it failed"
        case .outcome: "how it came out"
        case .stage: "the stage at which it failed"
        case .reason: "why it failed, in the stage's own word: refused, nxdomain, no_answer and others"
        case .state: "state of a TCP connection"
        case .verdict: "identifier of the verdict: connect.refused, healthy and others"
        case .severity: "how bad the verdict is"
        case .complete: "whether no more will be learnt of it"
        case .duration: "from its first packet to its last"
        case .rtt: "round trip of the TCP handshake"
        case .bytes: "payload of both sides"
        case .sent: "payload of the client"
        case .received: "payload of the server"
        case .retransmitted: "TCP segments that were sent again, by both sides"
        case .httpStatus: "status of any HTTP/1 exchange"
        }
    }

    /// An example of a test of it.
    package var example: String {
        switch self {
        case .process: "process = curl"
        case .pid: "pid = 4711"
        case .user: "user = alice"
        case .unit: "unit = nginx"
        case .container: "container = docker"
        case .to: "to in 10.0.0.0/8"
        case .toPort: "to.port in (80, 443)"
        case .from: "from = 192.0.2.10"
        case .fromPort: "from.port > 60000"
        case .port: "port = 53"
        case .name: "name ~ *.example.org"
        case .transport: "protocol = udp"
        case .application: "application = quic"
        case .direction: "direction = forwarded"
        case .interface: "interface = eth0"
        case .nat: "nat = dnat"
        case .failed: "failed"
        case .outcome: "outcome = pending"
        case .stage: "stage = connect"
        case .reason: "reason = refused"
        case .state: "state = established"
        case .verdict: "verdict ~ name.*"
        case .severity: "severity >= warning"
        case .complete: "not complete"
        case .duration: "duration > 500ms"
        case .rtt: "rtt > 100ms"
        case .bytes: "bytes > 1MB"
        case .sent: "sent >= 10kB"
        case .received: "received = 0"
        case .retransmitted: "retransmitted > 3"
        case .httpStatus: "http.status >= 500"
        }
    }

    /// What it can be compared by.
    package var comparisons: [Comparison] {
        switch kind {
        case .text, .name, .host: [.equal, .notEqual, .among, .like]
        case .word: [.equal, .notEqual, .among]
        case .flag: [.equal, .notEqual]
        case .number, .span, .size, .rank: [.equal, .notEqual, .less, .atMost, .more, .atLeast, .among]
        }
    }

    /// What it can be compared with, in words.
    package var values: [String] {
        switch kind {
        case .text: ["a text"]
        case .name: ["a name (www.example.org)"]
        case .host: self == .from ? Array(Destination.forms.dropFirst()) : Destination.forms
        case .number(let range): ["numbers from \(range.lowerBound) to \(range.upperBound)"]
        case .span: ["a number with a unit: us, ms, s, m, h or d (500ms, 1.5s)"]
        case .size: ["a number of bytes, with or without a unit: kB, MB, GB, TB, KiB, MiB, GiB, TiB (1.5MB)"]
        case .flag: ["true", "false"]
        case .word(let words), .rank(let words): words
        }
    }
}

/// How a field is compared with a value.
package enum Comparison: String, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case atMost = "<="
    case more = ">"
    case atLeast = ">="
    case among = "in"
    /// Contains, or matches as a whole where there is `*` or `?`.
    case like = "~"
}
