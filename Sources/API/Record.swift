/// The value of `record`, which tells the lines of a stream or file apart.
package enum RecordKind: String, Sendable, Decodable, CaseIterable {
    case request, lookup, neighbour, lease, summary
    case icmpError = "icmp_error"
}

/// One line of newline-delimited JSON.
package enum Record: Sendable, Equatable {
    case request(Request)
    case lookup(Lookup)
    case neighbour(Neighbour)
    case lease(Lease)
    case icmpError(ICMPError)
    case summary(Summary)
}

extension Record: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .request(let request): request.write(to: &writer)
        case .lookup(let lookup): lookup.write(to: &writer)
        case .neighbour(let neighbour): neighbour.write(to: &writer)
        case .lease(let lease): lease.write(to: &writer)
        case .icmpError(let error): error.write(to: &writer)
        case .summary(let summary): summary.write(to: &writer)
        }
    }
}

extension Record: Decodable {
    private enum CodingKeys: CodingKey { case record }

    package init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: CodingKeys.self).decode(RecordKind.self, forKey: .record) {
        case .request: self = .request(try Request(from: decoder))
        case .lookup: self = .lookup(try Lookup(from: decoder))
        case .neighbour: self = .neighbour(try Neighbour(from: decoder))
        case .lease: self = .lease(try Lease(from: decoder))
        case .icmpError: self = .icmpError(try ICMPError(from: decoder))
        case .summary: self = .summary(try Summary(from: decoder))
        }
    }
}
