import API
import ArgumentParser
import Diagnose
import Model
import Terminal

struct Verdicts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists what verdicts there are, or says what one of them means; no daemon is needed.")

    @Argument(help: "Only this one: its cause, the evidence that it needs, and what helps.")
    var id: String?

    @OptionGroup var form: FormatOptions
    @OptionGroup var display: DisplayOptions

    func run() throws {
        let output = Output()
        let canvas = display.canvas()
        let page = VerdictPage(on: canvas)
        let entries = Finding.all.map(VerdictPage.Entry.init)
        if let id {
            guard var entry = Finding.named(id).map(VerdictPage.Entry.init) else {
                throw Failure(.failed, "there is no verdict \"\(id)\"; `waybill verdicts` lists them")
            }
            entry.id = id
            switch form.format {
            case .text: try output.write(page.lines(entry), on: canvas)
            case .json, .ndjson: try output.write(json: entry)
            }
        } else {
            switch form.format {
            case .text: try output.write(page.lines(entries), on: canvas)
            case .json: try output.write(json: API.Page(items: entries, nextCursor: nil))
            case .ndjson: for entry in entries { try output.write(json: entry) }
            }
        }
        try output.flush()
    }
}

extension VerdictPage.Entry {
    init(_ finding: Finding) {
        self.init(
            id: finding.id, severity: API.Verdict.Severity(rawValue: finding.severity.rawValue) ?? .none,
            stage: finding.stage.flatMap { StageName(rawValue: $0.name) }, title: finding.title, cause: finding.cause,
            evidence: finding.evidence, fix: finding.fix)
    }
}
