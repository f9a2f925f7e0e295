import API
import ArgumentParser
import Terminal

/// `--where`: a condition on any fields, by itself or beside other filters.
struct ConditionOption: ParsableArguments {
    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "A condition on any fields, as in \"process = curl and to.port in (80, 443)\"; `waybill fields` lists them.",
            valueName: "condition"),
        completion: Completions.condition)
    var text: String?

    /// - Throws: `ValidationError` with the condition and a mark under the place that is wrong.
    func expression() throws -> Expression? { try text.map { try Self.read($0, "--where") } }

    func validate() throws { _ = try expression() }

    /// - Throws: `ValidationError` with the expression and a mark under the place that is wrong.
    static func read(_ text: String, _ what: String) throws -> Expression {
        do throws(ExpressionError) {
            return try Expression(text)
        } catch {
            let mark = MarkedText(text, offset: error.offset, length: error.length).lines(width: 76)
            let lines = mark.map { "\n  " + $0.rendered(inColor: false) }.joined()
            let sentence = Line("\(what), \(error.description)").rendered(inColor: false)
            throw ValidationError(sentence + lines)
        }
    }
}
