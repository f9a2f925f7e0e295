/// Which translations a list shall hold: the filters of `/v1/translations`. All that are given must match.
package struct TranslationQuery: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case snat, dnat }

    /// An address on any side, before or after the rewrite.
    package var address: String?
    /// A port on any side.
    package var port: UInt16?
    package var transport: Transport?
    package var kind: Kind?
    /// Only those that are over, or only those that stand.
    package var ended: Bool?
    package var limit: Int?
    /// `next_cursor` of the page before; opaque.
    package var cursor: String?

    package init() {}

    package enum Parameter: String, Sendable, CaseIterable {
        case address, port
        case transport = "protocol"
        case kind, ended, limit, cursor
    }

    /// Reads a query string, `kind=dnat&port=8080`, percent-encoded.
    ///
    /// - Throws: ``QueryError`` for an unknown or repeated parameter and for a value that it cannot have.
    package init(queryString: String) throws(QueryError) {
        var seen: Set<Parameter> = []
        for item in QueryText.items(queryString) {
            guard let parameter = Parameter(rawValue: item.name) else {
                throw QueryError(
                    .unknown, parameter: item.name, value: item.value, allowed: Parameter.allCases.map(\.rawValue))
            }
            guard seen.insert(parameter).inserted else {
                throw QueryError(.repeated, parameter: item.name, value: item.value, allowed: [])
            }
            try set(parameter, item.value)
        }
    }

    /// Sets one parameter from its text; the command line's options go through here too.
    ///
    /// - Throws: ``QueryError`` when the value is not allowed.
    package mutating func set(_ parameter: Parameter, _ value: String) throws(QueryError) {
        let reader = ParameterReader(name: parameter.rawValue, value: value)
        switch parameter {
        case .address: address = try reader.text("an IPv4 or IPv6 address")
        case .port: port = UInt16(try reader.number(0...65535))
        case .transport: transport = try reader.word()
        case .kind: kind = try reader.word()
        case .ended: ended = try reader.flag()
        case .limit: limit = try reader.number(RequestQuery.limits)
        case .cursor: cursor = try reader.text("next_cursor of the page before")
        }
    }

    package func text(of parameter: Parameter) -> String? {
        switch parameter {
        case .address: address
        case .port: port.map { String($0) }
        case .transport: transport?.rawValue
        case .kind: kind?.rawValue
        case .ended: ended.map { $0 ? "true" : "false" }
        case .limit: limit.map { String($0) }
        case .cursor: cursor
        }
    }

    /// The query string, percent-encoded, without a question mark; empty when nothing is set.
    package var queryString: String {
        Parameter.allCases.compactMap { parameter in
            text(of: parameter).map { "\(parameter.rawValue)=\(QueryText.encode($0))" }
        }.joined(separator: "&")
    }
}
