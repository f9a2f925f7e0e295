import API
import Correlate
import Model
import Report
import Terminal

/// A condition as somebody types it, or the query string of a request: the first byte says which.
///
/// - What was read prints as text that reads back as the same; what was not says where, within the text.
/// - Asked of requests, a condition and its negation never agree.
/// - No answer holds a control character, and the daemon's is one JSON text.
enum ConditionTarget {
    static func run(_ bytes: RawSpan) {
        var input = Input(bytes)
        let kind = input.byte() % 3
        let text = String(decoding: input.rest(), as: UTF8.self)
        switch kind {
        case 0: condition(text)
        case 1: query(text)
        // What else a client may say there is decoded first.
        default: query("where=" + QueryText.encode(text))
        }
    }

    private static func condition(_ text: String) {
        do throws(ExpressionError) {
            check(try Expression(text))
        } catch {
            let count = text.unicodeScalars.count
            demand(error.offset >= 0 && error.offset <= count, "at \(error.offset) of \(count): \(error)")
            demand(error.length >= 0 && error.length <= count - error.offset, "\(error.length) long: \(error)")
            draw(MarkedText(text, offset: error.offset, length: error.length).lines(width: 76) + [Line("\(error)")])
        }
    }

    private static func query(_ text: String) {
        do throws(QueryError) {
            let query = try RequestQuery(queryString: text)
            let written = query.queryString
            let again = try? RequestQuery(queryString: written)
            demand(again == query, "\(written) reads as something else")
            demand(again?.queryString == written, "\(written) is written otherwise the second time")
            if let expression = query.expression { check(expression) }
            let filter = try RequestFilter(query, now: Timestamp(nanoseconds: 1_700_000_000_000_000_000))
            for lifecycle in lifecycles { _ = filter.matches(lifecycle) }
        } catch {
            var writer = JSONWriter()
            Problem.badParameter(error, instance: Routes.requests).write(to: &writer)
            do {
                _ = try JSONCheck(Array(writer.bytes))
            } catch {
                fatalError("no JSON, \(error): \(writer.text)")
            }
            draw([Line("\(error)")])
        }
    }

    private static func check(_ expression: Expression) {
        let printed = expression.description
        // Quotation marks may take a text over what is allowed.
        if printed.utf8.count <= Expression.byteLimit {
            let again = try? Expression(printed)
            demand(again == expression, "\(expression.text) prints as \(printed)")
        }
        let (plain, negated) = (filter(expression.text), filter("not (\(expression.text))"))
        guard let plain, let negated else { return }
        for lifecycle in lifecycles {
            demand(
                plain.matches(lifecycle) != negated.matches(lifecycle), "it and its negation agree: \(expression.text)")
        }
    }

    private static func filter(_ text: String) -> RequestFilter? {
        var query = RequestQuery()
        query.expression = try? Expression(text)
        guard query.expression != nil else { return nil }
        return try? RequestFilter(query, now: Timestamp(nanoseconds: 1_700_000_000_000_000_000))
    }

    /// One that was answered with a page, and one that was refused.
    private static let lifecycles: [Lifecycle] = {
        var correlator = Correlator(CorrelatorSettings())
        var time: Int64 = 1_700_000_000_000_000_000
        func send(_ segment: [UInt8], isReply: Bool) {
            let bytes = Frames.ipv4(6, segment, isReply: isReply)
            time += 1_000_000
            let info = FrameInfo(
                time: Timestamp(nanoseconds: time), wireLength: bytes.count, interface: InterfaceID(0),
                linkType: .ethernet)
            correlator.observe(bytes.span.bytes, info)
        }
        let (syn, ack, reset): (UInt8, UInt8, UInt8) = (0x02, 0x10, 0x04)
        send(Frames.tcp(40000, 80, syn, 100, 0), isReply: false)
        send(Frames.tcp(80, 40000, syn | ack, 200, 101), isReply: true)
        send(Frames.tcp(40000, 80, ack, 101, 201), isReply: false)
        let question = Array("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n".utf8)
        send(Frames.tcp(40000, 80, ack, 101, 201, question), isReply: false)
        let answer = Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8)
        send(Frames.tcp(80, 40000, ack, 201, 101 &+ UInt32(question.count), answer), isReply: true)
        send(Frames.tcp(40001, 81, syn, 100, 0), isReply: false)
        send(Frames.tcp(81, 40001, reset | ack, 0, 101), isReply: true)
        while correlator.finish(atMost: 64) {}
        return correlator.takeFinished().compactMap { record in
            if case .request(let lifecycle) = record { lifecycle } else { nil }
        }
    }()

    private static func draw(_ lines: [Line]) {
        let drawn = Canvas(width: 80).render(lines)
        for scalar in drawn.unicodeScalars
        where scalar != "\n" && (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)) {
            fatalError("a control character reached the terminal: \(drawn.debugDescription)")
        }
    }
}
