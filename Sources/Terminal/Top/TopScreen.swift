package import API

/// What `waybill top` shows: keys and requests come in, a frame of lines goes out. No terminal, no clock, no daemon.
package struct TopScreen: Sendable {
    package enum Tab: String, Sendable, CaseIterable { case requests, processes, destinations, failures }

    /// What the screen cannot do itself.
    package enum Effect: Sendable, Equatable {
        case quit, suspend
        /// Only requests that match are wanted from now on; all of them again when it is `nil`.
        case ask(Expression?)
    }

    package enum Connection: Sendable { case connected, lost }

    enum Mode: Sendable, Equatable {
        case list, help
        /// One request as a waterfall, from a line on.
        case request(Request, line: Int, isComplete: Bool)
        /// The filter is being written; why it is none yet.
        case filter(String, mistake: ExpressionError?)
    }

    package private(set) var filter: Expression?
    /// Goes up with every new filter: what was asked for before is no answer any more.
    package private(set) var generation = 0
    package var connection = Connection.connected
    /// Moves on with every ``tick(_:)``.
    package var clock: Clock

    var columns: Int
    var rows: Int
    let drawing: Drawing
    let isColored: Bool
    let fixed: String
    var mode = Mode.list
    var tab = Tab.requests
    /// What is shown while new requests are only counted.
    private(set) var held: [Request]?
    var showsLookups = false
    private(set) var pool = RequestPool()
    private var views: [Tab: TopView] = [:]

    /// - Parameter fixed: filters that hold besides, as they are shown.
    package init(
        columns: Int, rows: Int, drawing: Drawing, isColored: Bool, clock: Clock, filter: Expression? = nil,
        fixed: String = ""
    ) {
        self.columns = columns
        self.rows = rows
        self.drawing = drawing
        self.isColored = isColored
        self.clock = clock
        self.filter = filter
        self.fixed = fixed
    }

    /// The canvas of pages that take the whole width.
    package var canvas: Canvas { Canvas(width: columns, drawing: drawing, isColored: isColored) }

    var view: TopView {
        get { views[tab] ?? TopView(tab) }
        set { views[tab] = newValue }
    }
}

// MARK: - Events

extension TopScreen {
    package mutating func take(_ request: Request) {
        pool.take(request)
        // What is open for a look stays as it is while the list is held.
        if held == nil, case .request(let shown, let line, let isComplete) = mode, shown.id == request.id,
            let latest = pool.requests[request.id]
        {
            mode = .request(latest, line: line, isComplete: isComplete)
        }
    }

    package mutating func tick(_ now: Time) { clock.now = now }

    package mutating func resize(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    package mutating func press(_ key: Key) -> Effect? {
        if key == .control("c") { return .quit }
        if key == .control("z") { return .suspend }
        switch mode {
        case .list: return pressInList(key)
        case .help:
            mode = .list
            return nil
        case .request(let request, let line, let isComplete):
            press(key, in: request, line: line, isComplete: isComplete)
            return nil
        case .filter(let text, _): return press(key, writing: text)
        }
    }

    private mutating func pressInList(_ key: Key) -> Effect? {
        switch key {
        case .character("q"): return .quit
        case .character("?"), .character("h"): mode = .help
        case .character("1"): tab = .requests
        case .character("2"): tab = .processes
        case .character("3"): tab = .destinations
        case .character("4"): tab = .failures
        case .tab, .right: turn(by: 1)
        case .backTab, .left: turn(by: Tab.allCases.count - 1)
        case .up, .character("k"): move(by: -1)
        case .down, .character("j"): move(by: 1)
        case .pageUp: move(by: -listHeight)
        case .pageDown: move(by: listHeight)
        case .home, .character("g"): view.selected = nil
        case .end, .character("G"): move(by: .max / 2)
        case .character("s"): view.sortByNext()
        case .character("r"): view.isDescending.toggle()
        case .character("p"), .character(" "): held = held == nil ? Array(pool.requests.values) : nil
        case .character("l"): showsLookups.toggle()
        case .character("/"): mode = .filter(filter?.text ?? "", mistake: nil)
        case .enter: return open()
        case .escape: return filter == nil ? nil : ask(nil)
        case .character, .control, .backspace, .delete: break
        }
        return nil
    }

    private mutating func turn(by steps: Int) {
        let tabs = Tab.allCases
        guard let place = tabs.firstIndex(of: tab) else { return }
        tab = tabs[(place + steps) % tabs.count]
    }

    private mutating func move(by steps: Int) {
        let rows = listRows
        guard !rows.isEmpty else { return }
        let place = view.place(in: rows)
        let (target, overflow) = place.addingReportingOverflow(steps)
        let next = min(max(overflow ? 0 : target, 0), rows.count - 1)
        view.selected = rows[next].key
        view.place = next
    }

    private mutating func ask(_ expression: Expression?) -> Effect {
        filter = expression
        generation += 1
        pool.removeAll()
        held = nil
        for tab in Tab.allCases { views[tab]?.selected = nil }
        return .ask(expression)
    }

    /// The waterfall of the chosen request, or the requests of the chosen group.
    private mutating func open() -> Effect? {
        let rows = listRows
        guard !rows.isEmpty else { return nil }
        switch rows[view.place(in: rows)].content {
        case .request(let request): mode = .request(request, line: 0, isComplete: false)
        case .group(let group):
            guard let expression = condition(for: group),
                let both = try? Expression.both(filter, expression)
            else { return nil }
            tab = .requests
            return ask(both)
        }
        return nil
    }

    private func condition(for group: RequestGroup) -> Expression? {
        if tab == .processes {
            return group.isKnown ? Expression(.process, is: group.name) : try? Expression("not process")
        }
        return Expression(.to, is: group.name) ?? Expression(.name, is: group.name)
    }

    private mutating func press(_ key: Key, in request: Request, line: Int, isComplete: Bool) {
        let last = max(waterfall(request, isComplete).count - pageHeight, 0)
        func show(_ line: Int, isComplete: Bool = isComplete) -> Mode {
            .request(request, line: min(max(line, 0), last), isComplete: isComplete)
        }
        switch key {
        case .escape, .enter, .backspace, .left, .character("q"): mode = .list
        case .up, .character("k"): mode = show(line - 1)
        case .down, .character("j"): mode = show(line + 1)
        case .pageUp: mode = show(line - pageHeight)
        case .pageDown, .character(" "): mode = show(line + pageHeight)
        case .home, .character("g"): mode = show(0)
        case .end, .character("G"): mode = show(last)
        case .character("f"): mode = .request(request, line: 0, isComplete: !isComplete)
        case .character, .control, .delete, .tab, .backTab, .right: break
        }
    }

    private mutating func press(_ key: Key, writing text: String) -> Effect? {
        switch key {
        case .escape: mode = .list
        case .control("u"): mode = .filter("", mistake: nil)
        case .control("w"):
            let kept = text.reversed().drop { $0 == " " }.drop { $0 != " " }
            mode = .filter(String(kept.reversed()), mistake: nil)
        case .backspace, .delete: mode = .filter(String(text.dropLast()), mistake: nil)
        case .character(let character):
            guard text.utf8.count < Expression.byteLimit else { return nil }
            mode = .filter(text + String(character), mistake: nil)
        case .enter:
            guard text.contains(where: { $0 != " " }) else {
                mode = .list
                return filter == nil ? nil : ask(nil)
            }
            do throws(ExpressionError) {
                let expression = try Expression(text)
                mode = .list
                return ask(expression)
            } catch {
                mode = .filter(text, mistake: error)
            }
        case .tab, .backTab, .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .control: break
        }
        return nil
    }
}

// MARK: - What is listed

extension TopScreen {
    private var shownRequests: [Request] {
        let all = held ?? Array(pool.requests.values)
        return all.filter { showsLookups || !($0.asksForNames && $0.outcome == .ok) }
    }

    var listRows: [TopRow] {
        let requests = shownRequests
        switch tab {
        case .requests: return view.sorted(requests)
        case .failures: return view.sorted(requests.filter { $0.outcome == .failed })
        case .processes:
            return view.sorted(RequestGroup.groups(of: requests, by: { $0.processName }, unknown: "not known"))
        case .destinations:
            return view.sorted(
                RequestGroup.groups(of: requests, by: { $0.server.trustedName ?? $0.server.address }, unknown: ""))
        }
    }

    /// How many requests there are, failed and are open, and how many wait while the list is held.
    var counts: (all: Int, failed: Int, open: Int) {
        let requests = shownRequests
        return (requests.count, requests.count { $0.outcome == .failed }, requests.count(where: \.isUnderWay))
    }
}
