import Capture
import Correlate
import Engine
import FoundationEssentials
import Glibc
import Model

/// Everything that a capture file comes to, in order.
struct Replayed: Equatable {
    var records: [Record] = []
    var summary = Summary()
    var damage: CaptureError?
    var framesUnsupported: UInt64 = 0

    init(path: String, filter: String? = nil, _ change: (inout CorrelatorSettings) -> Void = { _ in }) throws {
        var settings = CorrelatorSettings()
        change(&settings)
        var replay = try FileReplay(path: path, filter: filter, settings: settings)
        var records: [Record] = []
        damage = replay.run { records.append($0) }
        self.records = records
        summary = replay.summary
        framesUnsupported = replay.summary.unsupportedFrames
    }

    var requests: [Lifecycle] {
        records.compactMap { if case .request(let lifecycle) = $0 { lifecycle } else { nil } }
    }

    /// One line a record, without what differs from one recording to the next (times, ephemeral ports, segments).
    var lines: [String] {
        records.map { record in
            switch record {
            case .request(let request): Self.line(request)
            case .lookup(let lookup):
                ["lookup", lookup.name, DNSNames.type(lookup.type), lookup.status.name]
                    .joined(separator: " ") + (lookup.rcode.map { " " + DNSNames.rcode($0) } ?? "")
                    + (lookup.retries > 0 ? " retries \(lookup.retries)" : "") + (lookup.truncated ? " truncated" : "")
            case .neighbour(let neighbour):
                "\(neighbour.kind.name) \(neighbour.target) \(neighbour.requests)/\(neighbour.replies)"
            case .lease(let lease):
                "lease \(lease.outcome.name) \(lease.address.map { "\($0)" } ?? "-") from \(lease.server.map { "\($0)" } ?? "-")"
                    + " by \(lease.parameters.routers) resolving at \(lease.parameters.nameServers)"
            case .icmpError(let error):
                "\(error.name) from \(error.from)" + (error.request == nil ? "" : " of a request")
            }
        }
    }

    private static func line(_ request: Lifecycle) -> String {
        var words = [request.transport.name, "\(request.server.endpoint)"]
        if let tcp = request.tcp {
            words += [tcp.state.name]
            if let first = tcp.closedFirst { words.append("by \(first.name)") }
        }
        words.append("\(request.client.payloadBytes)/\(request.server.payloadBytes)")
        if let syns = request.client.tcp?.synCount, syns > 1 { words.append("syns \(syns)") }
        words += request.names.map { "\($0.name) (\($0.how.name))" }
        if let status = request.application.http?.status { words.append("HTTP \(status)") }
        if let tls = request.application.tls, let version = tls.version { words.append(TLSNames.version(version)) }
        if request.icmpErrorCount > 0 { words.append("errors \(request.icmpErrorCount)") }
        return words.joined(separator: " ")
    }
}

/// Folders of captures, found from this file's place.
enum CaptureFolder {
    /// The project's own: `Tests/Captures`.
    static let own = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/Captures"

    /// The samples beside the checkout, where they are there: `../shared/captures`.
    static let samples: String? = {
        // The checkout may be reached through links; the folder lies beside where it really is.
        guard let resolved = realpath(#filePath, nil) else { return nil }
        defer { free(resolved) }
        let checkout = String(cString: resolved).split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        let folder = checkout + "/shared/captures"
        return FileManager.default.fileExists(atPath: folder + "/README.md") ? folder : nil
    }()

    static func captures(in folder: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
    }

    /// Names of the files that end so, without that end.
    static func files(in folder: String, ending: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }
}
