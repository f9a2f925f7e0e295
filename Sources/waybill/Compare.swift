import API
import ArgumentParser
import Explain
import Terminal

struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what changed between two windows of time: names, routes, NAT, certificates, delays, failures.",
        discussion: """
            Requests that began before --before stand against those that began at or after --after (the same moment when \
            it is left out). TARGET narrows both to a host, a program or what else `waybill explain` takes, --where to \
            requests that fulfil a condition. What is kept can be compared: `waybill status` tells how far back that is.
            """)

    @Option(
        help: ArgumentHelp("The first window ends here: so long ago (2h) or an RFC 3339 time.", valueName: "time"),
        completion: Completions.spans)
    var before: String

    @Option(
        help: ArgumentHelp("The second window begins here (default: where the first ends).", valueName: "time"),
        completion: Completions.spans)
    var after: String?

    @Argument(help: "Only requests of or to this.", completion: Completions.targets)
    var target: String?

    @OptionGroup var condition: ConditionOption
    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let subject: Target?
        do throws(TargetError) {
            subject = try target.map { text throws(TargetError) in try Target(text) }
        } catch {
            throw Failure(.usage, error.description)
        }
        if case .id? = subject {
            throw Failure(.usage, "one request cannot be compared with itself; name its host or its program")
        }
        let (end, start) = (try Self.moment("--before", before), try Self.moment("--after", after ?? before))
        guard end <= start else {
            throw Failure(.usage, "--after is before --before: the two windows would overlap")
        }
        let expression = try condition.expression()
        let earlier = try await requests(subject, expression, until: end).filter { $0.first < end }
        let later = try await requests(subject, expression, since: start).filter { $0.first >= start }
        let comparison = WindowComparison(before: earlier, after: later)
        let output = Output()
        switch form.format {
        case .text:
            let canvas = display.canvas()
            let page = ComparisonPage(comparison, condition: expression?.text, on: canvas, clock: display.clock)
            try output.write(page.lines(), on: canvas)
        case .json, .ndjson: try output.write(json: comparison)
        }
        try output.flush()
        if earlier.isEmpty || later.isEmpty { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func requests(
        _ target: Target?, _ condition: Expression?, since: Time? = nil, until: Time? = nil
    ) async throws(Failure) -> [Request] {
        let kept = try TargetRequests(
            daemon.client, since: since?.description, until: until?.description, condition: condition)
        guard let target else { return try await kept.all().requests }
        return try await kept.found(of: target).requests
    }

    private static func moment(_ option: String, _ text: String) throws(Failure) -> Time {
        guard let moment = Moment(text) else {
            throw Failure(.usage, "\(option) cannot be \"\(text)\"; give \(Moment.forms.joined(separator: " or "))")
        }
        return moment.time(now: .now)
    }
}
