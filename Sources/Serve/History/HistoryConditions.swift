import API
import Model
import Report
import Store

extension RequestFilter {
    /// What is asked of the history on disk: at least all that match, and as few others as SQL can tell.
    func search(below key: RequestKey?, limit: Int) -> RequestSearch {
        var search = RequestSearch(limit: limit)
        search.condition = HistoryCondition(self)
        search.since = since
        let end = until.map { RequestKey(first: $0, id: RequestID(bits: 0)) }
        search.below = if let key, let end { min(key, end) } else { key ?? end }
        return search
    }
}

extension HistoryCondition {
    /// Times aside.
    init(_ filter: RequestFilter) {
        let query = filter.query
        var parts: [HistoryCondition] = []
        func add(_ part: HistoryCondition?) { if let part { parts.append(part) } }
        func word(_ column: HistoryColumn, _ value: String?) { add(value.map { .equals(column, .text($0)) }) }
        add(filter.onlyUser.map { .equals(.owner, HistoryValue($0)) })
        word(.transport, query.transport?.rawValue)
        word(.direction, query.direction?.rawValue)
        word(.stage, query.stage?.rawValue)
        word(.state, query.state?.rawValue)
        add(query.failed.map { $0 ? .isKnown(.stage) : .not(.isKnown(.stage)) })
        add(query.pid.map { .equals(.pid, HistoryValue($0)) })
        func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }
        add(query.process.flatMap { isPlain($0) ? .isProcess($0) : nil })
        add(query.user.flatMap { isPlain($0) ? .isUser($0) : nil })
        add(query.unit.flatMap { isPlain($0) ? .isUnit($0) : nil })
        add(query.port.map { .isPort(HistoryValue($0)) })
        add(query.to.map { .isAt($0, .server, .serverPort).condition })
        if let expression = query.expression { add(Self.required(expression.root).condition) }
        self = parts.isEmpty ? .always : .all(parts)
    }

    /// A condition, and whether it holds for exactly those that are meant. One that holds for more cannot be negated.
    struct Part {
        var condition: HistoryCondition
        var isExact = true

        static let unknown = Part(condition: .always, isExact: false)
    }

    private static func required(_ node: Expression.Node) -> Part {
        switch node {
        case .all(let nodes):
            let parts = nodes.map(required)
            return Part(condition: .all(parts.map(\.condition)), isExact: parts.allSatisfy(\.isExact))
        case .any(let nodes):
            let parts = nodes.map(required)
            return Part(condition: .any(parts.map(\.condition)), isExact: parts.allSatisfy(\.isExact))
        case .not(let node):
            let part = required(node)
            return part.isExact ? Part(condition: .not(part.condition)) : .unknown
        case .test(let test): return required(test)
        }
    }

    private static func required(_ test: FieldTest) -> Part {
        guard let comparison = test.comparison else { return holds(test.field) }
        switch comparison {
        case .equal, .among:
            let parts = test.operands.map { equal(test.field, $0) }
            return Part(condition: .any(parts.map(\.condition)), isExact: parts.allSatisfy(\.isExact))
        case .notEqual:
            guard let operand = test.operands.first else { return .unknown }
            let part = equal(test.field, operand)
            return part.isExact ? Part(condition: .not(part.condition)) : .unknown
        case .like: return like(test)
        case .less: return ordered(test, .less)
        case .atMost: return ordered(test, .atMost)
        case .more: return ordered(test, .more)
        case .atLeast: return ordered(test, .atLeast)
        }
    }

    /// The field by itself: it is known, and neither false nor 0.
    private static func holds(_ field: RequestField) -> Part {
        switch field {
        case .failed: Part(condition: .isKnown(.stage))
        case .complete: Part(condition: .equals(.complete, .integer(1)))
        default:
            switch field.column {
            case nil: .unknown
            case let column? where field.isNumber: Part(condition: .compares(column, .more, .integer(0)))
            case let column?: Part(condition: .isKnown(column))
            }
        }
    }

    private static func equal(_ field: RequestField, _ operand: Operand) -> Part {
        switch (field, operand) {
        // Swift takes several spellings of a text for the same, SQL does not.
        case (_, .text(let text)) where !text.utf8.allSatisfy({ $0 < 0x80 }): .unknown
        case (.process, .text(let text)): Part(condition: .isProcess(text), isExact: false)
        case (.user, .text(let text)): Part(condition: .isUser(text), isExact: false)
        case (.unit, .text(let text)): Part(condition: .isUnit(text))
        case (.port, .number(let number)): Part(condition: .isPort(HistoryValue(number)))
        case (.to, .host(let destination)): isAt(destination, .server, .serverPort)
        case (.from, .host(let destination)): isAt(destination, .client, .clientPort)
        case (.name, .text(let name)): Part(condition: .contains(.names, name), isExact: false)
        case (.nat, .rank(let word, _)): Part(condition: .contains(.translations, word + "\n"))
        case (.httpStatus, .number(let number)): Part(condition: .contains(.httpStatuses, "\(number)\n"))
        case (.failed, .flag(let flag)):
            Part(condition: flag ? .isKnown(.stage) : .not(.isKnown(.stage)))
        case (.complete, .flag(let flag)): Part(condition: .equals(.complete, .integer(flag ? 1 : 0)))
        case (_, .text(let text)), (_, .rank(let text, _)):
            field.column.map { Part(condition: .equals($0, .text(text))) } ?? .unknown
        // A span below zero counts as 0 where conditions are asked.
        case (_, .span(0)): .unknown
        case (_, .number(let number)), (_, .span(let number)), (_, .size(let number)):
            field.column.map { Part(condition: .equals($0, HistoryValue(number)), isExact: number < UInt64(Int64.max)) }
                ?? .unknown
        default: .unknown
        }
    }

    private static func ordered(_ test: FieldTest, _ order: Order) -> Part {
        guard let column = test.field.column, let operand = test.operands.first else { return .unknown }
        switch operand {
        case .number(let number), .span(let number), .size(let number):
            guard test.field.isNumber, number > 0 || order == .more, number < UInt64(Int64.max) else {
                return .unknown
            }
            let isExact = order == .more || order == .atLeast
            return Part(condition: .compares(column, order, HistoryValue(number)), isExact: isExact)
        case .rank(_, let place):
            guard case .rank(let words) = test.field.kind else { return .unknown }
            let fitting = words.indices.filter { index in
                switch order {
                case .less: index < place
                case .atMost: index <= place
                case .more: index > place
                case .atLeast: index >= place
                }
            }
            return Part(condition: .any(fitting.map { .equals(column, .text(words[$0])) }))
        case .text, .host, .flag: return .unknown
        }
    }

    /// The longest piece of the pattern without wildcards stands in what it matches.
    private static func like(_ test: FieldTest) -> Part {
        let columns: [HistoryColumn] =
            switch test.field {
            case .process: [.process, .executable]
            case .container: [.container, .containerRuntime]
            case .name, .unit, .application, .interface, .reason, .verdict: test.field.column.map { [$0] } ?? []
            // Of these there are values that stand in no column.
            default: []
            }
        guard case .text(let pattern)? = test.operands.first, test.operands.count == 1, !columns.isEmpty else {
            return .unknown
        }
        let pieces = pattern.lowercased().split { $0 == "*" || $0 == "?" }.filter { $0.utf8.allSatisfy { $0 < 0x80 } }
        guard let longest = pieces.max(by: { $0.utf8.count < $1.utf8.count }) else { return .unknown }
        return Part(condition: .any(columns.map { .containsAnyCase($0, String(longest)) }), isExact: false)
    }

    private static func isProcess(_ text: String) -> HistoryCondition {
        var choices: [HistoryCondition] = [
            .equals(.process, .text(text)), .equals(.executable, .text(text)), .contains(.executable, "/" + text),
        ]
        if text.contains("/") { choices.removeLast() }
        return .any(choices)
    }

    private static func isUser(_ text: String) -> HistoryCondition {
        var choices: [HistoryCondition] = [.equals(.user, .text(text))]
        if let number = UInt32(text) { choices.append(.equals(.uid, HistoryValue(number))) }
        return .any(choices)
    }

    private static func isUnit(_ text: String) -> HistoryCondition {
        .any([.equals(.unit, .text(text)), .equals(.unit, .text(text + ".service"))])
    }

    private static func isPort(_ port: HistoryValue) -> HistoryCondition {
        .any([.equals(.clientPort, port), .equals(.serverPort, port)])
    }

    private static func isAt(_ destination: Destination, _ address: HistoryColumn, _ port: HistoryColumn) -> Part {
        var parts: [HistoryCondition] = []
        var isExact = true
        if let number = destination.port { parts.append(.equals(port, HistoryValue(number))) }
        switch destination.host {
        case .name(let name):
            isExact = false
            if address == .server { parts.append(.contains(.names, name)) }
        case .address(let text):
            guard let wanted = IPAddress(text) else { return .unknown }
            parts.append(.equals(address, .address(wanted)))
        case .network(let text, let length):
            guard let base = IPAddress(text), let range = IPPrefix(address: base, length: length)?.range else {
                return .unknown
            }
            parts.append(.within(address, .address(range.first), .address(range.last)))
        }
        return Part(condition: .all(parts), isExact: isExact)
    }
}

extension IPPrefix {
    /// Its first and its last address.
    fileprivate var range: (first: IPAddress, last: IPAddress) {
        switch address.version {
        case .v4:
            let mask: UInt32 = length == 0 ? 0 : ~0 << UInt32(32 - length)
            let bits = UInt32(truncatingIfNeeded: address.low)
            return (IPAddress(v4: bits & mask), IPAddress(v4: bits | ~mask))
        case .v6:
            let mask: UInt128 = length == 0 ? 0 : ~0 << UInt128(128 - length)
            let bits = UInt128(address.high) << 64 | UInt128(address.low)
            func made(_ bits: UInt128) -> IPAddress {
                IPAddress(v6High: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
            }
            return (made(bits & mask), made(bits | ~mask))
        }
    }
}

extension RequestField {
    /// The column that has its value alone; `nil` where there is none.
    fileprivate var column: HistoryColumn? {
        switch self {
        case .process: .process
        case .pid: .pid
        case .user: .uid
        case .unit: .unit
        case .container, .to, .from, .port, .failed, .bytes: nil
        case .toPort: .serverPort
        case .fromPort: .clientPort
        case .name: .names
        case .transport: .transport
        case .application: .application
        case .direction: .direction
        case .interface: .interface
        case .nat: .translations
        case .outcome: .outcome
        case .stage: .stage
        case .reason: .reason
        case .state: .state
        case .verdict: .verdict
        case .severity: .severity
        case .complete: .complete
        case .duration: .duration
        case .rtt: .rtt
        case .sent: .sent
        case .received: .received
        case .retransmitted: .retransmitted
        case .httpStatus: .httpStatuses
        }
    }

    /// One number, not several.
    fileprivate var isNumber: Bool {
        switch kind {
        case .number, .span, .size: self != .httpStatus
        case .text, .name, .host, .flag, .word, .rank: false
        }
    }
}
