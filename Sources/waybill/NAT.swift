import API
import ArgumentParser
import Terminal

struct NAT: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nat", abstract: "Lists translations that stand or ended lately, the newest last.")

    @Option(help: ArgumentHelp("Only those with this address on any side, before or after.", valueName: "address"))
    var address: String?
    @Option(help: ArgumentHelp("Only those with this port on any side.", valueName: "port"))
    var port: String?
    @Option(name: .customLong("protocol"), help: ArgumentHelp("tcp, udp, icmp or icmpv6.", valueName: "protocol"))
    var transport: String?
    @Option(help: ArgumentHelp("snat, or dnat for port forwards and redirections.", valueName: "kind"))
    var kind: String?
    @Flag(help: "Only those that are over.")
    var ended = false
    @Flag(help: "Only those that stand.")
    var current = false

    @OptionGroup var history: HistoryOptions

    func validate() throws {
        if ended && current { throw ValidationError("--ended and --current exclude each other; give one of them.") }
    }

    func run() async throws {
        let page = try await history.daemon.client.translations(query())
        try history.show(page, emptyState: "The kernel has no translation that matches.") { canvas, translations in
            NATTable(on: canvas, clock: history.display.clock).lines(translations)
        }
    }

    private func query() throws(Failure) -> TranslationQuery {
        var query = TranslationQuery()
        query.limit = history.length.limit
        if ended || current { query.ended = ended }
        do throws(QueryError) {
            if let address { try query.set(.address, address) }
            if let port { try query.set(.port, port) }
            if let transport { try query.set(.transport, transport) }
            if let kind { try query.set(.kind, kind) }
        } catch {
            throw Failure(.usage, error.description)
        }
        return query
    }
}
