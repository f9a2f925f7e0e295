import API
import ArgumentParser
import Terminal

/// Which requests are meant: the filters of the socket's interface as options. All that are given must match.
struct FilterOptions: ParsableArguments {
    @Option(help: "The name or path of the program that asked.", completion: Completions.processes)
    var process: String?

    @Option(help: "The process that asked, by number.", completion: Completions.pids)
    var pid: String?

    @Option(help: "The user that it ran as: a name or a number.", completion: Completions.users)
    var user: String?

    @Option(help: "The systemd unit that it belongs to.", completion: Completions.units)
    var unit: String?

    @Option(
        help: ArgumentHelp(
            "A name and all under it, an address or a network, each with :PORT.", valueName: "destination"),
        completion: Completions.destinations)
    var to: String?

    @Option(help: "The port of either side.")
    var port: String?

    @Option(name: .customLong("protocol"), help: "tcp, udp, icmp or icmpv6.", completion: Completions.protocols)
    var transport: String?

    @Option(help: "outbound, inbound, forwarded or local.", completion: Completions.directions)
    var direction: String?

    @Option(
        help: "The stage at which it failed: name, neighbour, connect, secure, exchange, …",
        completion: Completions.stages)
    var stage: String?

    @Option(
        help: "A TCP state: established, closed, refused, no_answer, reset_by_server, …", completion: Completions.states
    )
    var state: String?

    @Flag(help: "Only requests that failed.")
    var failed = false

    @Option(
        help: ArgumentHelp("Active since: so long ago (10m, 2h, 7d) or an RFC 3339 time.", valueName: "time"),
        completion: Completions.spans)
    var since: String?

    @Option(
        help: ArgumentHelp("Begun before: so long ago or an RFC 3339 time.", valueName: "time"),
        completion: Completions.spans)
    var until: String?

    @OptionGroup var option: ConditionOption

    @Argument(
        help: "The same as --where, for those who type: failed and name ~ example.", completion: Completions.condition)
    var condition: [String] = []

    /// - Throws: `ValidationError` that names the option, the value and what is allowed.
    func query() throws -> RequestQuery {
        var query = RequestQuery()
        query.expression = try expressions()
        let values: [(RequestQuery.Parameter, String?)] = [
            (.process, process), (.pid, pid), (.user, user), (.unit, unit), (.to, to), (.port, port),
            (.transport, transport), (.direction, direction), (.stage, stage),
            (.state, state), (.failed, failed ? "true" : nil), (.since, since), (.until, until),
        ]
        for (parameter, value) in values {
            guard let value else { continue }
            do throws(QueryError) {
                try query.set(parameter, value)
            } catch {
                throw ValidationError("--\(error.description).")
            }
        }
        return query
    }

    func validate() throws { _ = try query() }

    private func expressions() throws -> Expression? {
        let words = condition.joined(separator: " ")
        let named = try option.expression()
        let argument = try condition.isEmpty ? nil : ConditionOption.read(words, "the condition")
        do throws(ExpressionError) {
            return try Expression.both(named, argument)
        } catch {
            throw ValidationError("--where and the condition together: \(error.message).")
        }
    }
}
