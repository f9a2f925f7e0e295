import API
import Explain
import Terminal

/// What the daemon knows of a target that no request is kept of; nothing is sent to find out.
struct Prospects {
    let client: DaemonClient

    /// Addresses of one name that are looked at.
    private static let addressLimit = 4
    private static let lookupLimit = 4
    private static let translationLimit = 10

    func prospect(of target: Target, named text: String) async throws(Failure) -> ProspectPage.Prospect {
        var prospect = ProspectPage.Prospect(text)
        prospect.provocation = Self.provocation(of: target, named: text)
        if case .port(let port) = target { prospect.port = try await client.port(port) }
        guard let destination = target.destination else { return prospect }
        var addresses: [String] = []
        switch destination.host {
        case .address(let address): addresses = [address]
        case .network: break
        case .name(let name):
            let lookups = try await client.lookups(limit: RequestQuery.limits.upperBound).items
            let own = lookups.filter { $0.name.lowercased() == name }
            prospect.lookups = Array(own.prefix(Self.lookupLimit))
            for address in own.flatMap(\.addresses) where !addresses.contains(address) { addresses.append(address) }
        }
        for address in addresses.prefix(Self.addressLimit) {
            let route = try await client.routes(to: address)
            prospect.routes.append(route)
            // Its listener is one of this host's.
            if route.answer?.type == "local", let port = destination.port, prospect.port == nil {
                prospect.port = try await client.port(port)
            }
            var query = TranslationQuery()
            query.address = address
            query.limit = Self.translationLimit
            prospect.translations += try await client.translations(query).items
        }
        return prospect
    }

    /// A command that makes such a request and shows what becomes of it.
    private static func provocation(of target: Target, named text: String) -> String? {
        if let scheme = text.firstRange(of: "://") {
            let tool =
                ["http", "https"].contains(text[..<scheme.lowerBound].lowercased()) ? "curl -sS -o /dev/null" : nil
            if let tool { return "waybill run -- \(tool) \(quoted(text))" }
        }
        switch target {
        case .process(let name): return "waybill run -- \(quoted(name))"
        case .destination(let destination):
            guard case .network = destination.host else { return provocation(of: destination) }
            return nil
        case .word(let word): return "waybill run -- ping -c 1 \(quoted(word))"
        case .id, .pid, .unit, .user, .port: return nil
        }
    }

    private static func provocation(of destination: Destination) -> String {
        var host = destination
        host.port = nil
        let name = host.description
        switch destination.port {
        case 80?: return "waybill run -- curl -sS -o /dev/null \(quoted("http://\(destination)/"))"
        case 443?: return "waybill run -- curl -sS -o /dev/null \(quoted("https://\(destination)/"))"
        // curl's telnet connects to any port and says nothing itself.
        case let port?:
            return
                "waybill run -- curl -sS -m 5 \(quoted("telnet://\(name.contains(":") ? "[\(name)]" : name):\(port)"))"
        case nil: return "waybill run -- ping -c 1 \(quoted(name))"
        }
    }

    /// As a shell takes it.
    private static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "./:_-[]%=,@".utf8.contains(byte)
            }
        }
        if plain, !text.hasPrefix("-"), !text.contains("[") { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
