/// Which translations a list shall hold: the filters of `/v1/translations`. All that are given must match.
package struct TranslationQuery: ParameterQuery {
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
}
