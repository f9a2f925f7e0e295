import API
import Testing

@testable import Terminal

@Suite struct PageTests {
    static let canvases: [(String, Canvas)] = [
        ("80", Canvas(width: 80)), ("160", Canvas(width: 160)), ("80-ascii", Canvas(width: 80, drawing: .ascii)),
        ("80-words", Canvas(width: 80, drawing: .words)), ("80-color", Canvas(width: 80, isColored: true)),
    ]

    @Test(arguments: canvases)
    func waterfalls(_ size: String, _ canvas: Canvas) throws {
        for (name, request) in [
            ("page", Samples.page), ("refused", Samples.refused), ("silent", Samples.silent), ("idle", Samples.idle),
            ("pending", Samples.pending), ("exchanges", Samples.exchanges), ("quic", Samples.quic),
            ("alert", Samples.alert), ("race", Samples.raced),
        ] {
            let lines = Waterfall(request, on: canvas, clock: Samples.clock).lines()
            try Snapshot.check("waterfall-\(name)-\(size)", lines, on: canvas)
        }
        let complete = Waterfall(Samples.page, on: canvas, clock: Samples.clock, isComplete: true).lines()
        try Snapshot.check("waterfall-complete-\(size)", complete, on: canvas)
        let deep = Samples.deep.flatMap { request in
            Waterfall(request, on: canvas, clock: Samples.clock, isComplete: true).lines() + [Line()]
        }
        try Snapshot.check("waterfall-complete-deep-\(size)", deep, on: canvas)
    }

    @Test(arguments: canvases)
    func lists(_ size: String, _ canvas: Canvas) throws {
        let table = RequestTable(on: canvas, clock: Samples.clock)
        try Snapshot.check("list-\(size)", table.lines(Folding.fold(Samples.list).shown), on: canvas)
        try Snapshot.check("follow-\(size)", table.streamTitles() + Samples.list.flatMap(table.streamRow), on: canvas)
    }

    @Test(arguments: canvases)
    func chosenColumns(_ size: String, _ canvas: Canvas) throws {
        let columns: [RequestColumn] = [.ago, .transport, .from, .to, .rtt, .sent, .received, .verdict]
        let table = RequestTable(on: canvas, clock: Samples.clock, columns: columns)
        let sorted = RequestOrder(.received, isDescending: true).sorted(Samples.list)
        try Snapshot.check("list-columns-\(size)", table.lines(sorted), on: canvas)
        let sized = RequestTable(on: canvas, clock: Samples.clock, columns: RequestColumn.allCases)
        try Snapshot.check("list-all-columns-\(size)", sized.lines(sorted), on: canvas)
        let relative = RequestTable(on: canvas, clock: Samples.clock, isRelative: true)
        try Snapshot.check("list-relative-\(size)", relative.lines(Samples.list), on: canvas)
        try Snapshot.check("fields-\(size)", FieldList(on: canvas).lines(), on: canvas)
    }

    @Test func aPortIsNeverCut() throws {
        let columns: [RequestColumn] = [.id, .process, .from, .to, .address, .result, .verdict, .sent, .received]
        for width in [40, 60, 80, 120, 160, 240] {
            let table = RequestTable(on: Canvas(width: width), clock: Samples.clock, columns: columns)
            let leftOut = table.leftOut(Samples.list)
            for (request, line) in zip(Samples.list, table.lines(Samples.list).dropFirst()) {
                let text = line.rendered(inColor: false)
                for (column, side) in [(RequestColumn.from, request.client), (.to, request.server)] {
                    guard let port = side.port, !leftOut.contains(column), column == .from || !request.asksForNames
                    else { continue }
                    #expect(text.contains(":\(port)"), "\(width): \(text)")
                }
            }
            #expect(leftOut == columns.filter(leftOut.contains), "in their order")
            #expect(leftOut.isEmpty == (width >= 160), "\(width): \(leftOut)")
        }
    }

    @Test func chosenColumnsStayWhenTheyAreEmpty() {
        let table = RequestTable(on: Canvas(), clock: Samples.clock, columns: [.to, .unit, .user])
        #expect(table.leftOut([Samples.refused]).isEmpty)
        #expect(table.lines([Samples.refused])[0].rendered(inColor: false).contains("unit"))
        let single = RequestTable(on: Canvas(width: 40), clock: Samples.clock, columns: [.verdict, .to, .from, .unit])
        #expect(!single.leftOut(Samples.list).contains(.verdict))
    }

    @Test(arguments: canvases)
    func otherPages(_ size: String, _ canvas: Canvas) throws {
        let clock = Samples.clock
        try Snapshot.check("status-\(size)", StatusText(Samples.status, on: canvas, clock: clock).lines(), on: canvas)
        try Snapshot.check(
            "lookups-\(size)", LookupTable(on: canvas, clock: clock).lines(Samples.lookups), on: canvas)
        try Snapshot.check("leases-\(size)", LeaseTable(on: canvas, clock: clock).lines(Samples.leases), on: canvas)
        try Snapshot.check(
            "neighbours-\(size)", NeighbourTable(on: canvas, clock: clock).lines(Samples.neighbours), on: canvas)
    }

    @Test(arguments: canvases)
    func forwards(_ size: String, _ canvas: Canvas) throws {
        let clock = Samples.clock
        var forwards = Samples.forwards
        try Snapshot.check("forwards-\(size)", ForwardPage(forwards, on: canvas, clock: clock).lines(), on: canvas)
        forwards.trouble = "nft is not installed (package nftables)"
        forwards.items = []
        try Snapshot.check(
            "forwards-unknown-\(size)", ForwardPage(forwards, on: canvas, clock: clock).lines(), on: canvas)
        try Snapshot.check(
            "waterfall-bridged-\(size)", Waterfall(Samples.bridged, on: canvas, clock: clock).lines(), on: canvas)
    }

    @Test(arguments: canvases)
    func checkups(_ size: String, _ canvas: Canvas) throws {
        for (name, checks) in [("well", Samples.well), ("lost", Samples.lost), ("absent", Samples.absent)] {
            try Snapshot.check("doctor-\(name)-\(size)", CheckupText(Checkup(checks), on: canvas).lines(), on: canvas)
        }
    }

    @Test(arguments: canvases)
    func whoAsked(_ size: String, _ canvas: Canvas) throws {
        func lines(_ isComplete: Bool) -> [Line] {
            Waterfall(Samples.owned, on: canvas, clock: Samples.clock, isComplete: isComplete).lines()
        }
        let table = RequestTable(on: canvas, clock: Samples.clock).lines([Samples.refused, Samples.owned])
        try Snapshot.check("owner-\(size)", table + [Line()] + lines(false) + [Line()] + lines(true), on: canvas)
    }

    @Test(arguments: canvases)
    func whatTheKernelTells(_ size: String, _ canvas: Canvas) throws {
        let clock = Samples.clock
        for isComplete in [false, true] {
            let lines = Waterfall(Samples.translated, on: canvas, clock: clock, isComplete: isComplete).lines()
            try Snapshot.check("waterfall-\(isComplete ? "complete-" : "")nat-\(size)", lines, on: canvas)
        }
        try Snapshot.check("nat-\(size)", NATTable(on: canvas, clock: clock).lines(Samples.translations), on: canvas)
        let pages = [Samples.routes, Samples.way, Samples.noWay, RouteList(trouble: "no capability")].flatMap { list in
            RoutePage(list, on: canvas, clock: clock).lines() + [Line()]
        }
        try Snapshot.check("routes-\(size)", pages, on: canvas)
    }

    @Test(arguments: canvases)
    func ports(_ size: String, _ canvas: Canvas) throws {
        let page = PortPage(on: canvas, clock: Samples.clock)
        try Snapshot.check("ports-\(size)", page.lines(Samples.ports), on: canvas)
        try Snapshot.check("ports-unknown-\(size)", page.lines(Samples.portTrouble), on: canvas)
        try Snapshot.check("port-\(size)", page.lines(Samples.port), on: canvas)
    }

    @Test(arguments: canvases)
    func reportsOfARun(_ size: String, _ canvas: Canvas) throws {
        let requests = [Samples.servant, Samples.page, Samples.refused]
        let report = RunReport(requests, on: canvas, clock: Samples.clock, isComplete: false) {
            $0.id == Samples.page.id ? .process : .time
        }
        try Snapshot.check("run-\(size)", report.lines(), on: canvas)
        let nothing = RunReport([], on: canvas, clock: Samples.clock, isComplete: false) { _ in .port }
        try Snapshot.check("run-nothing-\(size)", nothing.lines(), on: canvas)
        let silent = RunReport(
            [], silent: [Samples.neighbours[1]], on: canvas, clock: Samples.clock, isComplete: false
        ) { _ in .port }
        try Snapshot.check("run-silent-neighbour-\(size)", silent.lines(), on: canvas)
        let inFile = SilentNeighbour(Samples.neighbours[1], on: canvas).lines(ofCommand: false)
        try Snapshot.check("read-silent-neighbour-\(size)", inFile, on: canvas)
    }

    @Test(arguments: canvases)
    func rowsOfAFile(_ size: String, _ canvas: Canvas) throws {
        let rows = RequestTable(on: canvas, clock: Samples.clock).rows(fitting: Samples.list)
        try Snapshot.check("read-\(size)", rows.titles + Samples.list.flatMap(rows.lines), on: canvas)
    }

    @Test(arguments: canvases)
    func explanations(_ size: String, _ canvas: Canvas) throws {
        for (name, target, explanation) in Samples.explanations {
            let condition = name == "two" ? "failed or to.port = 81" : nil
            let page = ExplanationPage(
                explanation, of: target, condition: condition, on: canvas, clock: Samples.clock)
            try Snapshot.check("explain-\(name)-\(size)", page.lines(), on: canvas)
        }
        for (name, prospect) in Samples.prospects {
            let page = ProspectPage(prospect, on: canvas, clock: Samples.clock)
            try Snapshot.check("prospect-\(name)-\(size)", page.lines(), on: canvas)
        }
    }

    @Test(arguments: canvases)
    func comparisons(_ size: String, _ canvas: Canvas) throws {
        for (name, comparison) in Samples.comparisons {
            let page = ComparisonPage(comparison, on: canvas, clock: Samples.clock)
            try Snapshot.check("compare-\(name)-\(size)", page.lines(), on: canvas)
        }
    }

    @Test(arguments: canvases)
    func verdicts(_ size: String, _ canvas: Canvas) throws {
        let page = VerdictPage(on: canvas)
        let lines = page.lines(Samples.verdictEntries) + [Line()] + Samples.verdictEntries.prefix(1).flatMap(page.lines)
        try Snapshot.check("verdicts-\(size)", lines, on: canvas)
    }

    @Test func everyWidthHolds() {
        for width in [0, 1, 39, 40, 41, 47, 53, 60, 66, 79, 81, 95, 99, 119, 120, 139, 200, 240, 260] {
            for drawing in Drawing.allCases {
                let canvas = Canvas(width: width, drawing: drawing)
                var lines = RequestTable(on: canvas, clock: Samples.clock).lines(Samples.list)
                for request in Samples.list + [Samples.idle] + Samples.deep {
                    lines += Waterfall(request, on: canvas, clock: Samples.clock).lines()
                    lines += Waterfall(request, on: canvas, clock: Samples.clock, isComplete: true).lines()
                }
                lines += StatusText(Samples.status, on: canvas, clock: Samples.clock).lines()
                lines += LookupTable(on: canvas, clock: Samples.clock).lines(Samples.lookups)
                lines += LeaseTable(on: canvas, clock: Samples.clock).lines(Samples.leases)
                lines += NeighbourTable(on: canvas, clock: Samples.clock).lines(Samples.neighbours)
                lines += CheckupText(Checkup(Samples.lost + Samples.absent), on: canvas).lines()
                lines += Waterfall(Samples.translated, on: canvas, clock: Samples.clock).lines()
                lines += NATTable(on: canvas, clock: Samples.clock).lines(Samples.translations)
                for list in [Samples.routes, Samples.way] {
                    lines += RoutePage(list, on: canvas, clock: Samples.clock).lines()
                }
                let ports = PortPage(on: canvas, clock: Samples.clock)
                lines += ports.lines(Samples.ports) + ports.lines(Samples.portTrouble) + ports.lines(Samples.port)
                for (_, target, explanation) in Samples.explanations {
                    lines += ExplanationPage(explanation, of: target, on: canvas, clock: Samples.clock).lines()
                }
                for (_, prospect) in Samples.prospects {
                    lines += ProspectPage(prospect, on: canvas, clock: Samples.clock).lines()
                }
                for (_, comparison) in Samples.comparisons {
                    lines += ComparisonPage(comparison, on: canvas, clock: Samples.clock).lines()
                }
                let page = VerdictPage(on: canvas)
                lines += page.lines(Samples.verdictEntries) + Samples.verdictEntries.flatMap(page.lines)
                for line in lines { #expect(line.width <= canvas.width, "\(width): \(line.rendered(inColor: false))") }
            }
        }
    }
}
