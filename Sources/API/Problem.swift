/// Why a call was not answered (RFC 9457).
package struct Problem: Error, Sendable, Equatable, Decodable {
    /// A URI reference that names the kind of problem: `/problems/bad-parameter`.
    package var type: String
    package var title: String
    /// The HTTP status code.
    package var status: Int
    /// What went wrong this time and what to do, in a sentence or two.
    package var detail: String
    /// The path that was asked for.
    package var instance: String?
    /// The query parameter at fault.
    package var parameter: String?
    /// What that parameter may be.
    package var allowed: [String]?
    /// Where in the parameter's value, in Unicode scalars from its start; of `where` only.
    package var offset: Int?

    package init(
        type: String, title: String, status: Int, detail: String, instance: String? = nil, parameter: String? = nil,
        allowed: [String]? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.instance = instance
        self.parameter = parameter
        self.allowed = allowed
    }

    package static func badParameter(_ error: QueryError, instance: String? = nil) -> Problem {
        var problem = Problem(
            type: "/problems/bad-parameter", title: "A query parameter is wrong", status: 400,
            detail: error.description, instance: instance, parameter: error.parameter)
        switch error.kind {
        case .value, .unknown: problem.allowed = error.allowed
        case .expression: problem.allowed = error.allowed.isEmpty ? nil : error.allowed
        case .repeated, .unavailable: break
        }
        problem.offset = error.offset
        return problem
    }
}

extension Problem: CustomStringConvertible {
    package var description: String { detail }
}

extension Problem: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("type", type)
        writer.field("title", title)
        writer.field("status", status)
        writer.field("detail", detail)
        writer.field("instance", instance)
        writer.field("parameter", parameter)
        if let allowed { writer.field("allowed", allowed) }
        writer.field("offset", offset)
        writer.endObject()
    }
}
