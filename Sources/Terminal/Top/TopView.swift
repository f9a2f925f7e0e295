import API

/// One row of a list: what it stands for, and by what it is found again when the list has changed.
struct TopRow: Sendable {
    enum Content: Sendable {
        case request(Request)
        case group(RequestGroup)
    }

    var key: String
    var content: Content

    var request: Request? {
        if case .request(let request) = content { request } else { nil }
    }
}

/// How one tab is looked at: its order, what is chosen, and from which row on it is shown.
struct TopView: Sendable, Equatable {
    enum Sort: String, Sendable { case when, time, bytes, process, to, result, requests, failed, open, name, last }

    private let sorts: [Sort]
    private(set) var sort: Sort
    var isDescending = true
    /// The row's key; `nil` for whichever is the first.
    var selected: String?
    /// Where the chosen row was last: what takes its place is chosen when it is gone.
    var place = 0
    var start = 0

    init(_ tab: TopScreen.Tab) {
        switch tab {
        case .requests: sorts = [.when, .time, .bytes, .process, .to, .result]
        case .failures: sorts = [.when, .time, .process, .to, .result]
        case .processes, .destinations: sorts = [.requests, .failed, .open, .bytes, .last, .name]
        }
        sort = sorts[0]
    }

    /// The next order of the tab, in the direction that is usual for it.
    mutating func sortByNext() {
        let place = sorts.firstIndex(of: sort) ?? 0
        sort = sorts[(place + 1) % sorts.count]
        switch sort {
        case .when, .time, .bytes, .requests, .failed, .open, .last: isDescending = true
        case .process, .to, .result, .name: isDescending = false
        }
    }

    func place(in rows: [TopRow]) -> Int {
        guard let selected else { return 0 }
        return rows.firstIndex { $0.key == selected } ?? min(place, max(rows.count - 1, 0))
    }

    func sorted(_ requests: [Request]) -> [TopRow] {
        let column: RequestColumn =
            switch sort {
            case .time: .duration
            case .bytes: .bytes
            case .process: .process
            case .to: .to
            case .result: .result
            case .when, .requests, .failed, .open, .name, .last: .when
            }
        return RequestOrder(column, isDescending: isDescending).sorted(requests).map {
            TopRow(key: $0.id, content: .request($0))
        }
    }

    func sorted(_ groups: [RequestGroup]) -> [TopRow] {
        func precedes(_ left: RequestGroup, _ right: RequestGroup) -> Bool {
            switch sort {
            case .failed where left.failed != right.failed: left.failed < right.failed
            case .open where left.open != right.open: left.open < right.open
            case .bytes where left.bytes != right.bytes: left.bytes < right.bytes
            case .last where left.last != right.last: left.last < right.last
            case .requests where left.requests != right.requests: left.requests < right.requests
            case .failed, .open, .bytes, .last, .requests:
                // Equals stand in the order of the alphabet, whichever way the list goes.
                isDescending ? left.name > right.name : left.name < right.name
            case .name, .when, .time, .process, .to, .result: left.name < right.name
            }
        }
        return groups.sorted { isDescending ? precedes($1, $0) : precedes($0, $1) }.map {
            TopRow(key: $0.name, content: .group($0))
        }
    }
}
