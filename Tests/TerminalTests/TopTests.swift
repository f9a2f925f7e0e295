import API
import Testing

@testable import Terminal

@Suite struct TopTests {
    static let sizes: [(String, Int, Int, Drawing)] = [
        ("80x24", 80, 24, .unicode), ("160x50", 160, 50, .unicode), ("80x24-ascii", 80, 24, .ascii),
        ("40x10", 40, 10, .unicode),
    ]

    static func screen(_ columns: Int, _ rows: Int, _ drawing: Drawing = .unicode, empty: Bool = false) -> TopScreen {
        var owned = Samples.owned
        owned.id = "b7b7b7b7b7b7"
        var screen = TopScreen(columns: columns, rows: rows, drawing: drawing, isColored: false, clock: Samples.clock)
        if !empty { for request in Samples.list + [owned, Samples.translated] { screen.take(request) } }
        return screen
    }

    @Test(arguments: sizes)
    func screens(_ name: String, _ columns: Int, _ rows: Int, _ drawing: Drawing) throws {
        func check(_ what: String, _ screen: TopScreen) throws {
            var screen = screen
            let frame = screen.frame()
            #expect(frame.count == rows)
            try Snapshot.check("top-\(what)-\(name)", frame, on: screen.canvas)
        }
        try check("empty", Self.screen(columns, rows, drawing, empty: true))
        for (key, tab) in [("1", "requests"), ("2", "processes"), ("3", "destinations"), ("4", "failures")] {
            var screen = Self.screen(columns, rows, drawing)
            _ = screen.press(.character(Character(key)))
            _ = screen.press(tab == "failures" ? .home : .down)
            try check(tab, screen)
        }
        var screen = Self.screen(columns, rows, drawing)
        _ = screen.press(.enter)
        try check("waterfall", screen)
        screen = Self.screen(columns, rows, drawing)
        _ = screen.press(.character("?"))
        try check("help", screen)
        screen = Self.screen(columns, rows, drawing)
        screen.connection = .lost
        _ = screen.press(.character("p"))
        _ = screen.press(.character("/"))
        for character in "failed and protocol = sctp" { _ = screen.press(.character(character)) }
        try check("filter", screen)
        _ = screen.press(.enter)
        try check("filter-mistake", screen)
        screen = TopScreen(
            columns: columns, rows: rows, drawing: drawing, isColored: false, clock: Samples.clock,
            filter: try Expression("name ~ example"), fixed: "--failed --port 81")
        screen.take(Samples.refused)
        try check("filtered", screen)
    }

    @Test func aFilterIsAskedOfTheDaemon() throws {
        var screen = Self.screen(80, 24)
        _ = screen.press(.character("/"))
        for character in "failedd" { _ = screen.press(.character(character)) }
        #expect(screen.press(.enter) == nil)
        #expect(screen.filter == nil)
        _ = screen.press(.backspace)
        #expect(screen.press(.enter) == .ask(try Expression("failed")))
        #expect(screen.counts.all == 0, "what was known may not match")
        #expect(screen.generation == 1)
        #expect(screen.press(.escape) == .ask(nil))
        #expect(screen.press(.escape) == nil)
    }

    @Test func everyKeyLeavesTheHelp() {
        for key in [Key.character("q"), .escape, .enter, .character("x")] {
            var screen = Self.screen(80, 24)
            _ = screen.press(.character("?"))
            #expect(screen.press(key) == nil && screen.mode == .list)
        }
    }

    @Test func aGroupOpensAsAFilter() throws {
        var screen = Self.screen(80, 24)
        _ = screen.press(.character("3"))
        let rows = screen.listRows
        let place = try #require(rows.firstIndex { $0.key == "www.example.org" })
        for _ in 0..<place { _ = screen.press(.down) }
        #expect(screen.press(.enter) == .ask(try Expression("to = www.example.org")))
        #expect(screen.tab == .requests)
        screen = Self.screen(80, 24)
        _ = screen.press(.character("2"))
        let unknown = try #require(screen.listRows.firstIndex { $0.key == "not known" })
        for _ in 0..<unknown { _ = screen.press(.down) }
        #expect(screen.press(.enter) == .ask(try Expression("not process")))
    }

    @Test func pauseHoldsWhatIsShown() {
        var screen = Self.screen(80, 24, empty: true)
        screen.take(Samples.page)
        _ = screen.press(.character("p"))
        screen.take(Samples.refused)
        #expect(screen.counts.all == 1)
        _ = screen.press(.character("p"))
        #expect(screen.counts.all == 2)
    }

    @Test func theChosenRowStaysWhenOthersCome() {
        var screen = Self.screen(80, 24, empty: true)
        var request = Samples.page
        for index in 0..<10 {
            request.id = "a\(index)"
            request.first = Time(nanoseconds: Samples.page.first.nanoseconds + Int64(index))
            screen.take(request)
        }
        _ = screen.press(.down)
        let chosen = screen.view.selected
        request.id = "newer"
        request.first = Time(nanoseconds: Samples.page.first.nanoseconds + 100)
        screen.take(request)
        #expect(screen.view.selected == chosen && screen.view.place(in: screen.listRows) == 2)
        _ = screen.press(.home)
        #expect(screen.view.place(in: screen.listRows) == 0)
    }

    @Test func memoryIsBounded() {
        var screen = Self.screen(80, 24, empty: true)
        var request = Samples.page
        for index in 0..<3 * RequestPool.capacity {
            request.id = "\(index)"
            request.first = Time(nanoseconds: Int64(index))
            screen.take(request)
            #expect(screen.pool.requests.count <= RequestPool.capacity)
        }
        #expect(screen.pool.dropped + UInt64(screen.pool.requests.count) == UInt64(3 * RequestPool.capacity))
        #expect(screen.pool.requests["\(3 * RequestPool.capacity - 1)"] != nil)
        #expect(screen.frame()[0].rendered(inColor: false).contains("4,000 dropped"))
    }

    @Test func anOlderWordDoesNotReplaceANewerOne() {
        var pool = RequestPool()
        var request = Samples.page
        request.complete = true
        pool.take(request)
        request.complete = false
        pool.take(request)
        #expect(pool.requests[request.id]?.complete == true)
        request.attemptOf = "another"
        pool.take(request)
        #expect(pool.requests.isEmpty)
    }

    /// Whatever is pressed, at whatever size, a frame fills the terminal and no more.
    @Test func everySizeAndKeyHolds() {
        var random = SystemRandomNumberGenerator()
        let keys: [Key] =
            "1234?hksrp l/jgGfqa=()failed \u{301}例".map { Key.character($0) }
            + [
                .enter, .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left, .right, .pageUp,
                .pageDown,
                .home, .end, .control("u"), .control("w"),
            ]
        for (columns, rows) in [(1, 1), (39, 24), (40, 8), (41, 9), (80, 24), (80, 7), (300, 90)] {
            for drawing in Drawing.allCases {
                var screen = Self.screen(columns, rows, drawing)
                for _ in 0..<120 {
                    guard let key = keys.randomElement(using: &random) else { continue }
                    _ = screen.press(key)
                    let frame = screen.frame()
                    #expect(frame.count == rows, "\(columns) x \(rows) after \(key)")
                    for line in frame { #expect(line.width <= columns, "\(columns) x \(rows) after \(key)") }
                    if screen.counts.all == 0 { for request in Samples.list { screen.take(request) } }
                }
            }
        }
    }
}

@Suite struct KeyReaderTests {
    @Test(
        arguments: [
            ("a", [.character("a")]), ("é例", [.character("é"), .character("例")]), ("\r\n", [.enter, .enter]),
            ("\t\u{7F}\u{8}", [.tab, .backspace, .backspace]), ("\u{3}\u{1A}", [.control("c"), .control("z")]),
            ("\u{1B}[A\u{1B}OB", [.up, .down]), ("\u{1B}[1;5C", [.right]),
            ("\u{1B}[5~\u{1B}[6;2~", [.pageUp, .pageDown]),
            ("\u{1B}[H\u{1B}[4~\u{1B}OF\u{1B}[Z", [.home, .end, .end, .backTab]), ("\u{1B}[3~", [.delete]),
            ("\u{1B}[99~x", [.character("x")]), ("\u{1B}[200~x", [.character("x")]), ("\u{1B}\u{1B}", [.escape]),
            ("\u{1B}qx", [.character("x")]), ("\u{0}\u{1}", [.control("a")]), ("\u{1B}[<0;1;1Mx", [.character("x")]),
            ("\u{1B}[\u{1B}[A", [.up]),
        ] as [(String, [Key])])
    func reads(_ text: String, _ keys: [Key]) {
        var whole = KeyReader()
        #expect(whole.take(text.utf8) == keys)
        var pieces = KeyReader()
        #expect(text.utf8.flatMap { pieces.take([$0]) } == keys, "byte by byte")
    }

    @Test func aLoneEscapeIsAKeyWhenNothingFollows() {
        var reader = KeyReader()
        #expect(reader.take([0x1B]).isEmpty)
        #expect(reader.isWaiting)
        #expect(reader.flush() == [.escape])
        #expect(!reader.isWaiting)
        #expect(reader.take("\u{1B}[".utf8).isEmpty)
        #expect(reader.flush().isEmpty, "half a sequence is no key")
        #expect(reader.take("A".utf8) == [.character("A")])
    }

    @Test func anEndlessSequenceIsDropped() {
        var reader = KeyReader()
        #expect(reader.take("\u{1B}[".utf8).isEmpty)
        for _ in 0..<10_000 { #expect(reader.take("1;".utf8).isEmpty) }
        #expect(reader.take("Ax".utf8) == [.character("x")])
    }

    @Test func noiseEndsInTheSameState() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            var reader = KeyReader()
            _ = reader.take((0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 0...255, using: &random) })
            _ = reader.flush()
            #expect(reader.take("q".utf8) == [.character("q")])
        }
    }
}
