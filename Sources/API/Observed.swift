/// A value that was looked for: found, or observed to be none, which the contract writes as `null`.
///
/// Fields of this kind are optional themselves: `nil` is absent, "not observed".
package enum Observed<Value: Sendable & Equatable & Decodable>: Sendable, Equatable, Decodable {
    case null
    case value(Value)

    /// `null` for `nil`.
    package init(_ value: Value?) {
        if let value { self = .value(value) } else { self = .null }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .null : .value(try container.decode(Value.self))
    }

    /// The value, when there is one.
    package var found: Value? {
        switch self {
        case .null: nil
        case .value(let value): value
        }
    }
}

extension KeyedDecodingContainer {
    /// Tells `null` from absent; synthesised decoders of this module call it for every `Observed` field.
    func decodeIfPresent<Value>(_ type: Observed<Value>.Type, forKey key: Key) throws -> Observed<Value>? {
        contains(key) ? try decode(type, forKey: key) : nil
    }
}
