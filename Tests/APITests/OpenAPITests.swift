import API
import FoundationEssentials
import RecordSamples
import Testing

/// `docs/openapi.yaml` and the code must say the same: what is written is described, and what is described is written.
@Suite struct OpenAPITests {
    /// Any JSON value.
    private enum JSON: Decodable {
        case object([String: JSON])
        case array([JSON])
        case scalar

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let object = try? container.decode([String: JSON].self) {
                self = .object(object)
            } else if let array = try? container.decode([JSON].self) {
                self = .array(array)
            } else {
                self = .scalar
            }
        }

        /// The keys at the end of `path`, through arrays.
        func keys(at path: ArraySlice<String>) -> Set<String> {
            switch self {
            case .scalar: []
            case .array(let items): items.reduce(into: []) { $0.formUnion($1.keys(at: path)) }
            case .object(let object):
                if let next = path.first {
                    object[next]?.keys(at: path.dropFirst()) ?? []
                } else {
                    Set(object.keys)
                }
            }
        }
    }

    private func document() throws -> [Substring] {
        var folders = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        folders += ["docs", "openapi.yaml"]
        let data = try Data(contentsOf: URL(filePath: folders.joined(separator: "/")))
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The names indented by `indent` under the heading `under`, which is indented by less.
    private func names(in lines: [Substring], under heading: String, indent: Int) -> Set<String> {
        guard let start = lines.firstIndex(where: { $0 == heading }) else { return [] }
        let depth = heading.prefix { $0 == " " }.count
        var names: Set<String> = []
        for line in lines[(start + 1)...] where !line.isEmpty {
            let spaces = line.prefix { $0 == " " }.count
            if spaces <= depth { break }
            if spaces == indent, let colon = line.firstIndex(of: ":") {
                names.insert(String(line[..<colon].dropFirst(spaces)))
            }
        }
        return names
    }

    /// The properties of a schema.
    private func properties(_ schema: String, in lines: [Substring]) -> Set<String> {
        guard let start = lines.firstIndex(where: { $0 == "    \(schema):" }) else { return [] }
        return names(in: Array(lines[start...]), under: "      properties:", indent: 8)
    }

    @Test func schemasListWhatIsWritten() throws {
        let lines = try document()
        var generator = RecordGenerator(seed: 2026)
        var written: [String: [JSON]] = [:]
        func add(_ kind: String, _ value: some JSONWritable) throws {
            var writer = JSONWriter()
            value.write(to: &writer)
            written[kind, default: []].append(try JSONDecoder().decode(JSON.self, from: Data(writer.bytes)))
        }
        for _ in 0..<500 {
            let record = generator.record()
            switch record {
            case .request: try add("Request", record)
            case .lookup: try add("Lookup", record)
            case .neighbour: try add("Neighbour", record)
            case .lease: try add("Lease", record)
            case .icmpError: try add("ICMPError", record)
            case .summary: try add("Summary", record)
            }
            try add("Status", generator.status())
            try add("RouteList", generator.routeList())
            try add("PortForwardList", generator.portForwardList())
            try add("PortList", generator.portList())
            try add("PortReport", generator.portReport())
        }
        try add(
            "NeighbourPage",
            NeighbourPage(
                Page(items: [], nextCursor: nil), kernel: [generator.kernelNeighbour()],
                changes: [generator.routeChange()]))
        try add("RequestPage", Page(items: [generator.request()], nextCursor: nil))
        try add(
            "Problem",
            Problem.badParameter(QueryError(parameter: "p", value: "v", allowed: ["a"]), instance: "/v1/requests"))
        let mistake = #expect(throws: QueryError.self) { try RequestQuery(queryString: "where=colour") }
        try add("Problem", Problem.badParameter(try #require(mistake), instance: "/v1/requests"))

        // A schema, and where its objects stand in the records.
        let places: [(schema: String, kind: String, path: [String])] = [
            ("Request", "Request", []), ("RequestSide", "Request", ["client"]), ("Stage", "Request", ["stages"]),
            ("Failure", "Request", ["failure"]), ("NextHop", "Request", ["next_hop"]),
            ("Tunnel", "Request", ["tunnels"]), ("TLS", "Request", ["tls"]),
            ("Certificate", "Request", ["tls", "certificates"]), ("TLSAlert", "Request", ["tls", "alerts"]),
            ("Resumption", "Request", ["tls", "resumption"]),
            ("HTTP", "Request", ["http"]), ("HTTPExchange", "Request", ["http", "exchanges"]),
            ("InterimResponse", "Request", ["http", "exchanges", "interim"]),
            ("Coverage", "Request", ["coverage"]), ("QUICConnection", "Request", ["quic"]),
            ("TransportParameters", "Request", ["quic", "transport_parameters"]),
            ("QUICClose", "Request", ["quic", "close"]), ("AddressChange", "Request", ["quic", "address_changes"]),
            ("Verdict", "Request", ["verdict"]),
            ("Name", "Request", ["client", "names"]), ("NameLookup", "Request", ["lookups"]),
            ("ConnectAttempt", "Request", ["attempts"]), ("Translation", "Request", ["translation"]),
            ("TranslationTuple", "Request", ["translation", "original"]),
            ("TranslationRule", "Request", ["translation", "rule"]), ("Leg", "Request", ["legs"]),
            ("EncryptedLookup", "Request", ["encrypted_lookup"]),
            ("Lookup", "Lookup", []), ("Answer", "Lookup", ["answers"]), ("SocketAddress", "Lookup", ["client"]),
            ("EDNS", "Lookup", ["edns"]), ("ExtendedError", "Lookup", ["extended_errors"]),
            ("Sections", "Lookup", ["sections"]), ("SearchedName", "Lookup", ["searched"]),
            ("AskedServer", "Lookup", ["asked_before"]), ("LookupPair", "Lookup", ["pair"]),
            ("StubAnswer", "Lookup", ["stub"]), ("UpstreamLookup", "Lookup", ["stub", "upstream"]),
            ("Neighbour", "Neighbour", []),
            ("Lease", "Lease", []), ("LeaseRoute", "Lease", ["routes"]), ("ICMPError", "ICMPError", []),
            ("Quotation", "ICMPError", ["quoted"]),
            ("Summary", "Summary", []),
            ("FragmentTotals", "Summary", ["fragments"]), ("LayerTotals", "Summary", ["layers"]),
            ("Reason", "Summary", ["layers", "reasons"]), ("TableTotals", "Summary", ["tables"]),
            ("Status", "Status", []), ("InterfaceStatus", "Status", ["interfaces"]), ("Limit", "Status", ["limits"]),
            ("Check", "Status", ["checks"]), ("HistoryStatus", "Status", ["history"]),
            ("PortForwardList", "PortForwardList", []), ("PortForward", "PortForwardList", ["items"]),
            ("PortList", "PortList", []), ("Listener", "PortList", ["listeners"]),
            ("PortProcess", "PortList", ["listeners", "processes"]), ("EphemeralRange", "PortList", ["ephemeral"]),
            ("PortPressure", "PortList", ["pressure"]), ("PortReport", "PortReport", []),
            ("PortRequest", "PortReport", ["requests"]), ("PortRule", "PortReport", ["rules"]),
            ("RouteList", "RouteList", []),
            ("Route", "RouteList", ["routes"]),
            ("RouteHop", "RouteList", ["routes", "next_hops"]), ("Rule", "RouteList", ["rules"]),
            ("RouteChange", "RouteList", ["changes"]), ("RouteAnswer", "RouteList", ["answer"]),
            ("KernelNeighbour", "RouteList", ["answer", "neighbour"]),
            ("RequestPage", "RequestPage", []), ("NeighbourPage", "NeighbourPage", []), ("Problem", "Problem", []),
        ]
        for place in places {
            var keys = JSON.array(written[place.kind] ?? []).keys(at: place.path[...])
            if place.schema == "RequestSide" {
                keys.formUnion(JSON.array(written["Request"] ?? []).keys(at: ["server"]))
            }
            #expect(keys == properties(place.schema, in: lines), "\(place.schema)")
        }
    }

    @Test func routesAndParametersAreDescribed() throws {
        let lines = try document()
        #expect(names(in: lines, under: "paths:", indent: 2) == Set(Routes.all))
        let parameters = RequestQuery.Parameter.allCases.map(\.rawValue)
        #expect(names(in: lines, under: "  parameters:", indent: 4) == Set(parameters))
    }

    @Test func vocabulariesAreDescribed() throws {
        let text = try document().joined(separator: "\n")
        func values(_ schema: String) -> [String] {
            guard let start = text.firstRange(of: "\n    \(schema):\n")?.upperBound,
                let open = text[start...].firstRange(of: "enum: [")?.upperBound,
                let close = text[open...].firstIndex(of: "]")
            else { return [] }
            return text[open..<close].split { ", \n".contains($0) }.map(String.init)
        }
        #expect(values("Transport") == Transport.allCases.map(\.rawValue))
        #expect(values("Direction") == Direction.allCases.map(\.rawValue))
        #expect(values("StageName") == StageName.allCases.map(\.rawValue))
        #expect(values("StageStatus") == StageStatus.allCases.map(\.rawValue))
        #expect(values("Outcome") == Outcome.allCases.map(\.rawValue))
        #expect(values("TCPState") == TCPState.allCases.map(\.rawValue))
        #expect(values("Severity") == Verdict.Severity.allCases.map(\.rawValue))
        #expect(values("Confidence") == Verdict.Confidence.allCases.map(\.rawValue))
        #expect(values("CheckState") == Check.State.allCases.map(\.rawValue))
        #expect(values("InterfaceState") == InterfaceStatus.State.allCases.map(\.rawValue))
    }

    /// Facts are written by their names; readers find there which there are.
    @Test func factsAreDescribed() throws {
        let text = try document().joined(separator: "\n")
        let start = try #require(text.firstRange(of: "\n    Facts:\n")).upperBound
        let open = try #require(text[start...].firstRange(of: "examples: [")).upperBound
        let close = try #require(text[open...].firstIndex(of: "]"))
        #expect(text[open..<close].split { ", \n".contains($0) }.map(String.init) == FactOrder.names)
    }

    @Test func pageQueryTakesNoFilters() throws {
        #expect(try PageQuery(queryString: "limit=7&cursor=x").queryString == "limit=7&cursor=x")
        #expect(try PageQuery(queryString: "") == PageQuery())
        let error = #expect(throws: QueryError.self) { try PageQuery(queryString: "to=example.org") }
        #expect(error?.description == #"there is no parameter "to"; allowed are limit, cursor"#)
        #expect(throws: QueryError.self) { try PageQuery(queryString: "limit=1001") }
    }
}
