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

    @Flag(help: "Instead the port forwards in force, how often connections came by them, and when last.")
    var forwards = false

    @OptionGroup var history: HistoryOptions

    func validate() throws {
        if ended && current { throw ValidationError("--ended and --current exclude each other; give one of them.") }
        let filters = [address, port, transport, kind].contains { $0 != nil } || ended || current
        if forwards && filters {
            throw ValidationError("--forwards lists rules; filters for translations do not apply to them.")
        }
    }

    func run() async throws {
        if forwards { return try await showForwards() }
        let page = try await history.daemon.client.translations(query())
        try history.show(page, emptyState: "The kernel has no translation that matches.") { canvas, translations in
            NATTable(on: canvas, clock: history.display.clock).lines(translations)
        }
    }

    private func showForwards() async throws {
        let list = try await history.daemon.client.forwards()
        let output = Output()
        switch history.form.format {
        case .text:
            let canvas = history.display.canvas()
            try output.write(ForwardPage(list, on: canvas, clock: history.display.clock).lines(), on: canvas)
        case .json: try output.write(json: list)
        case .ndjson: for item in list.items { try output.write(json: item) }
        }
        try output.flush()
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
