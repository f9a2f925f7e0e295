import API
import Explain
import RecordSamples
import Testing

@testable import Terminal

/// Whatever a daemon sends is drawn: within the width, without a trap, without a sign that steers a terminal.
@Suite struct HostileRecordTests {
    private static let extremes = [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max]

    /// Spans and times at the ends of their ranges, which records of a well-meaning daemon do not reach.
    private static func request(_ generator: inout RecordGenerator) -> Request {
        var request = generator.request()
        func extreme() -> Int64 { extremes.randomElement(using: &generator) ?? 0 }
        if Bool.random(using: &generator) { request.duration = Milliseconds(microseconds: extreme()) }
        if Bool.random(using: &generator) { request.handshakeRTT = Milliseconds(microseconds: extreme()) }
        if Bool.random(using: &generator) { request.first = Time(nanoseconds: extreme()) }
        for index in request.stages.indices where Bool.random(using: &generator) {
            request.stages[index].duration = Milliseconds(microseconds: extreme())
            request.stages[index].start = Time(nanoseconds: extreme())
            for fact in request.stages[index].facts.indices
            where request.stages[index].facts[fact].name.hasSuffix("_ms") {
                request.stages[index].facts[fact].value = .span(Milliseconds(microseconds: extreme()))
            }
        }
        return request
    }

    private static let canvases = [40, 80, 240].flatMap { width in
        [Drawing.unicode, .ascii, .words].map { Canvas(width: width, drawing: $0) }
    }

    private func check(_ lines: [Line], on canvas: Canvas, _ what: String) {
        for line in lines {
            #expect(line.width <= canvas.width, "\(what) at \(canvas.width)")
            let text = line.rendered(inColor: false)
            #expect(
                !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E }, "\(what)")
        }
    }

    @Test(arguments: 1...4)
    func requestsAreDrawn(seed: Int) {
        var generator = RecordGenerator(seed: UInt64(seed))
        for round in 0..<12 {
            let requests = (0..<8).map { _ in Self.request(&generator) }
            let clock = Clock(now: Time(nanoseconds: Self.extremes[round % Self.extremes.count])) { _ in .max }
            for canvas in Self.canvases {
                let waterfalls = requests.flatMap { Waterfall($0, on: canvas, clock: clock, isComplete: true).lines() }
                check(waterfalls, on: canvas, "waterfall")
                let short = requests.flatMap { Waterfall($0, on: canvas, clock: clock, isComplete: false).lines() }
                check(short, on: canvas, "short waterfall")
                for columns in [nil, RequestColumn.allCases] {
                    let table = RequestTable(on: canvas, clock: clock, columns: columns)
                    check(table.lines(requests), on: canvas, "table")
                    check(requests.flatMap(table.streamRow), on: canvas, "rows")
                }
                let explanation = Explanation(requests)
                check(
                    ExplanationPage(explanation, of: "example.org", on: canvas, clock: clock).lines(), on: canvas,
                    "explanation")
                let comparison = WindowComparison(before: Array(requests.prefix(4)), after: Array(requests.suffix(4)))
                check(ComparisonPage(comparison, on: canvas, clock: clock).lines(), on: canvas, "comparison")
            }
            for column in RequestColumn.allCases {
                #expect(RequestOrder(column).sorted(requests).count == requests.count)
            }
        }
    }

    @Test(arguments: 1...4)
    func screensAreDrawn(seed: Int) {
        var generator = RecordGenerator(seed: UInt64(seed))
        let keys: [Key] = [
            .character("1"), .character("2"), .character("3"), .character("4"), .character("s"), .character("r"), .down,
            .up, .pageDown, .end, .home, .enter, .escape, .character("f"), .character("p"), .character("l"), .tab,
            .character("/"), .character("?"), .backspace, .character("("), .control("u"),
        ]
        for (columns, rows) in [(0, 0), (1, 1), (39, 8), (40, 8), (40, 10), (80, 24), (65_535, 65_535)] {
            var screen = TopScreen(
                columns: columns, rows: min(rows, 500), drawing: .unicode, isColored: false,
                clock: Clock(now: Time(nanoseconds: generator.number())))
            for _ in 0..<60 {
                screen.take(Self.request(&generator))
                _ = screen.press(keys.randomElement(using: &generator) ?? .down)
                let frame = screen.frame()
                #expect(frame.count == min(rows, 500))
                for line in frame { #expect(line.width <= max(columns, 1), "\(columns) x \(rows)") }
            }
        }
    }

    @Test(arguments: 1...4)
    func otherPagesAreDrawn(seed: Int) {
        var generator = RecordGenerator(seed: UInt64(seed))
        for _ in 0..<12 {
            let clock = Clock(now: Time(nanoseconds: generator.number()))
            let (status, routes, ports) = (generator.status(), generator.routeList(), generator.portReport())
            let lookups = (0..<4).map { _ in generator.lookup() }
            let neighbours = (0..<4).map { _ in generator.neighbour() }
            let leases = (0..<4).map { _ in generator.lease() }
            let translations = (0..<4).map { _ in generator.translation() }
            let (summary, forwards, all) = (generator.summary(), generator.portForwardList(), generator.portList())
            for canvas in Self.canvases {
                check(StatusText(status, on: canvas, clock: clock).lines(), on: canvas, "status")
                check(RoutePage(routes, on: canvas, clock: clock).lines(), on: canvas, "routes")
                check(PortPage(on: canvas, clock: clock).lines(ports), on: canvas, "port")
                check(PortPage(on: canvas, clock: clock).lines(all), on: canvas, "ports")
                check(LookupTable(on: canvas, clock: clock).lines(lookups), on: canvas, "lookups")
                check(NeighbourTable(on: canvas, clock: clock).lines(neighbours), on: canvas, "neighbours")
                check(LeaseTable(on: canvas, clock: clock).lines(leases), on: canvas, "leases")
                check(NATTable(on: canvas, clock: clock).lines(translations), on: canvas, "NAT")
                check(SummaryText(summary, on: canvas, clock: clock).lines(), on: canvas, "summary")
                check(ForwardPage(forwards, on: canvas, clock: clock).lines(), on: canvas, "forwards")
            }
        }
    }
}
