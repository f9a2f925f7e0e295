import Decode
import Model

/// Asks of a DNS message everything that its readers can ask.
enum MessageWalk {
    static func dns(_ bytes: RawSpan) {
        guard let message = try? DNSView(bytes, at: 0) else { return }
        _ = message.responseCode(try? message.edns())
        _ = try? message.negativeTTL()
        let (records, leftOut) = message.decodedAnswers(limit: 64)
        demand(leftOut >= 0 && records.count <= 64, "more records than asked for")
        for record in records {
            demand(record.name.utf8.count <= 1100, "a name of \(record.name.utf8.count) bytes")
            _ = record.presentation
        }
        var questions = message.questions
        while let question = try? questions.next() { _ = question.name.text }
        var walk = message.records
        while let record = try? walk.next() {
            _ = try? record.name.text
            _ = try? record.decoded()
        }
    }
}
