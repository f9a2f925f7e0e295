import API
import ArgumentParser
import Explain
import Terminal

struct ExplainTarget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says what is wrong with a host, a program or a request, since when, and what to do.",
        discussion: """
            TARGET is an id from `waybill list`, a host name or an address (with :PORT), a URL, a program, a systemd unit, \
            a port (:443), or one that says what it is: id:…, process:…, pid:…, unit:…, user:…, to:….

            Of all its requests that are kept it tells how many failed, since when, and of what, then draws the one that \
            tells most. With --where only requests that fulfil the condition count. Without any, it shows what is known of name, route, neighbour, listener and NAT, without sending \
            anything. Exit status 1 when nothing is known at all.
            """)

    @Argument(help: "What to explain.", completion: Completions.targets)
    var target: String

    @Option(
        help: ArgumentHelp("Only requests active since: so long ago (10m, 2h) or a time.", valueName: "time"),
        completion: Completions.spans)
    var since: String?

    @OptionGroup var condition: ConditionOption
    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let subject: Target
        do throws(TargetError) { subject = try Target(target) } catch { throw Failure(.usage, error.description) }
        let expression = try condition.expression()
        let found = try await TargetRequests(daemon.client, since: since, condition: expression).found(of: subject)
        let output = Output()
        let canvas = display.canvas()
        guard !found.requests.isEmpty else {
            var prospect = try await Prospects(client: daemon.client).prospect(of: subject, named: target)
            prospect.condition = expression?.text
            switch form.format {
            case .text:
                try output.write(ProspectPage(prospect, on: canvas, clock: display.clock).lines(), on: canvas)
            case .json, .ndjson: try output.write(json: Explanation([]))
            }
            try output.flush()
            if prospect.isEmpty { throw ExitCode(ExitStatus.failed.rawValue) }
            return
        }
        let explanation = Explanation(found.requests, isCut: found.isCut, about: found.meant)
        switch form.format {
        case .text:
            let page = ExplanationPage(
                explanation, of: target, condition: expression?.text, on: canvas, clock: display.clock)
            try output.write(page.lines(), on: canvas)
        case .json, .ndjson: try output.write(json: explanation)
        }
        try output.flush()
    }
}
