/// What a query string says, parameter by parameter: `protocol=tcp&to=example.org`.
package protocol ParameterQuery: Sendable, Equatable {
    /// The parameters, as they are spelt in a query string.
    associatedtype Parameter: RawRepresentable<String>, CaseIterable, Hashable, Sendable

    init()

    /// Sets one parameter from its text; the command line's options go through here too.
    ///
    /// - Throws: ``QueryError`` when the value is not allowed.
    mutating func set(_ parameter: Parameter, _ value: String) throws(QueryError)

    /// The text of one parameter, as ``set(_:_:)`` reads it; `nil` when it is not set.
    func text(of parameter: Parameter) -> String?
}

extension ParameterQuery {
    /// Reads a query string, percent-encoded.
    ///
    /// - Throws: ``QueryError`` for an unknown or repeated parameter and for a value that it cannot have.
    package init(queryString: String) throws(QueryError) {
        try self.init(items: QueryText.items(queryString))
    }

    /// Reads decoded parameters.
    ///
    /// - Throws: ``QueryError`` for an unknown or repeated parameter and for a value that it cannot have.
    package init(items: some Sequence<(name: String, value: String)>) throws(QueryError) {
        self.init()
        var seen: Set<Parameter> = []
        for item in items {
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

    /// The query string, percent-encoded, without a question mark; empty when nothing is set.
    package var queryString: String {
        Parameter.allCases.compactMap { parameter in
            text(of: parameter).map { "\(parameter.rawValue)=\(QueryText.encode($0))" }
        }.joined(separator: "&")
    }
}
