package import API
package import Model

extension TranslationSelection {
    /// - Throws: ``QueryError`` when the address is none.
    package init(_ query: TranslationQuery) throws(QueryError) {
        self.init(limit: query.limit ?? RequestQuery.defaultLimit)
        if let text = query.address {
            guard let address = IPAddress(text) else {
                throw QueryError(parameter: "address", value: text, allowed: ["192.0.2.1", "2001:db8::1"])
            }
            self.address = address
        }
        port = query.port
        transport = query.transport.flatMap { wanted in TransportProtocol.allCases.first { API.Transport($0) == wanted }
        }
        switch query.kind {
        case .snat: rewritesSource = true
        case .dnat: rewritesDestination = true
        case nil: break
        }
        isEnded = query.ended
    }
}

extension RecordRenderer {
    package func translation(_ state: TranslationState) -> API.Translation {
        var result = API.Translation(state.translation)
        result.heard = Time(state.heard)
        result.state = state.state
        result.answered = state.isAnswered
        return result
    }
}
