/// Which page of a list without filters: the parameters of `/v1/lookups` and `/v1/neighbours`.
package struct PageQuery: Sendable, Equatable {
    /// Within ``RequestQuery/limits``.
    package var limit: Int
    /// `next_cursor` of the page before; opaque.
    package var cursor: String?

    package init(limit: Int = RequestQuery.defaultLimit, cursor: String? = nil) {
        self.limit = limit
        self.cursor = cursor
    }

    /// Reads a query string, `limit=10&cursor=…`, percent-encoded.
    ///
    /// - Throws: ``QueryError`` for an unknown or repeated parameter and for a value that it cannot have.
    package init(queryString: String) throws(QueryError) {
        let items = QueryText.items(queryString)
        let known = [RequestQuery.Parameter.limit.rawValue, RequestQuery.Parameter.cursor.rawValue]
        for item in items where !known.contains(item.name) {
            throw QueryError(.unknown, parameter: item.name, value: item.value, allowed: known)
        }
        let query = try RequestQuery(items: items)
        self.init(limit: query.limit ?? RequestQuery.defaultLimit, cursor: query.cursor)
    }

    package var queryString: String {
        var query = RequestQuery()
        query.limit = limit
        query.cursor = cursor
        return query.queryString
    }
}
