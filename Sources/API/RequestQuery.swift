/// Which requests a list or stream shall hold: the filters of `/v1/requests`. All that are given must match.
package struct RequestQuery: ParameterQuery {
    /// Command name or path of the program.
    package var process: String?
    package var pid: UInt32?
    /// User name or number.
    package var user: String?
    /// systemd unit.
    package var unit: String?
    package var to: Destination?
    /// The port of either side.
    package var port: UInt16?
    package var transport: Transport?
    package var direction: Direction?
    /// The stage at which the request failed.
    package var stage: StageName?
    /// Only requests that failed, or only those that did not.
    package var failed: Bool?
    /// TCP only.
    package var state: TCPState?
    /// Requests whose last packet is at or after this.
    package var since: Moment?
    /// Requests whose first packet is before this.
    package var until: Moment?
    /// A condition on their fields.
    package var expression: Expression?
    package var limit: Int?
    /// `next_cursor` of the page before; opaque.
    package var cursor: String?

    package static let defaultLimit = 100
    package static let limits = 1...1000

    package init() {}
}

/// Why a query cannot be used: prints as
/// `protocol cannot be "sctp"; allowed are tcp, udp, icmp, icmpv6`.
package struct QueryError: Error, Sendable, Equatable, CustomStringConvertible {
    package var parameter: String
    package var value: String
    /// What the parameter may be: values, or a description of them.
    package var allowed: [String]
    /// Where in the value, in Unicode scalars from its start; of expressions only.
    package var offset: Int?
    var kind: Kind = .value

    enum Kind: Sendable, Equatable { case value, unknown, repeated, unavailable, expression(String) }

    package init(parameter: String, value: String, allowed: [String]) {
        self.parameter = parameter
        self.value = value
        self.allowed = allowed
    }

    init(_ kind: Kind, parameter: String, value: String, allowed: [String]) {
        self.init(parameter: parameter, value: value, allowed: allowed)
        self.kind = kind
    }

    /// A parameter that the call does not have.
    package static func unknown(_ parameter: String, value: String, allowed: [String]) -> QueryError {
        QueryError(.unknown, parameter: parameter, value: value, allowed: allowed)
    }

    /// A parameter that the contract has and this program cannot answer.
    package static func unavailable(_ parameter: RequestQuery.Parameter, value: String, why: String) -> QueryError {
        QueryError(.unavailable, parameter: parameter.rawValue, value: value, allowed: [why])
    }

    init(_ error: ExpressionError, parameter: String, value: String) {
        self.init(.expression(error.description), parameter: parameter, value: value, allowed: error.allowed)
        offset = error.offset
    }

    package var description: String {
        let list = allowed.joined(separator: ", ")
        return switch kind {
        case .value: "\(parameter) cannot be \"\(QueryText.shortened(value))\"; allowed are \(list)"
        case .unknown: "there is no parameter \"\(QueryText.shortened(parameter))\"; allowed are \(list)"
        case .repeated: "\(parameter) is given twice; give it once"
        case .unavailable: "\(parameter) cannot be used here: \(list)"
        case .expression(let message): "\(parameter), \(message)"
        }
    }
}

extension RequestQuery {
    /// The parameters, as they are spelt in a query string.
    package enum Parameter: String, Sendable, CaseIterable {
        case process, pid, user, unit, to, port
        case transport = "protocol"
        case direction, stage, failed, state, since, until
        case expression = "where"
        case limit, cursor
    }

    package mutating func set(_ parameter: Parameter, _ value: String) throws(QueryError) {
        let reader = ParameterReader(name: parameter.rawValue, value: value)
        switch parameter {
        case .process: process = try reader.text("the name or path of a program")
        case .pid: pid = UInt32(try reader.number(1...4_194_304))
        case .user: user = try reader.text("a user's name or number")
        case .unit: unit = try reader.text("the name of a systemd unit")
        case .to: to = try reader.parsed(Destination.init, Destination.forms)
        case .port: port = UInt16(try reader.number(0...65535))
        case .transport: transport = try reader.word()
        case .direction: direction = try reader.word()
        case .stage: stage = try reader.word()
        case .failed: failed = try reader.flag()
        case .state: state = try reader.word()
        case .since: since = try reader.parsed(Moment.init, Moment.forms)
        case .until: until = try reader.parsed(Moment.init, Moment.forms)
        case .expression:
            do throws(ExpressionError) {
                expression = try Expression(value)
            } catch {
                throw QueryError(error, parameter: parameter.rawValue, value: value)
            }
        case .limit: limit = try reader.number(Self.limits)
        case .cursor: cursor = try reader.text("next_cursor of the page before")
        }
    }

    package func text(of parameter: Parameter) -> String? {
        switch parameter {
        case .process: process
        case .pid: pid.map { String($0) }
        case .user: user
        case .unit: unit
        case .to: to?.description
        case .port: port.map { String($0) }
        case .transport: transport?.rawValue
        case .direction: direction?.rawValue
        case .stage: stage?.rawValue
        case .failed: failed.map { $0 ? "true" : "false" }
        case .state: state?.rawValue
        case .since: since?.description
        case .until: until?.description
        case .expression: expression?.text
        case .limit: limit.map { String($0) }
        case .cursor: cursor
        }
    }
}

/// Reads one parameter's value, and says what is allowed when it cannot.
struct ParameterReader {
    let name: String
    let value: String

    private static let byteLimit = 256

    func failure(_ allowed: [String]) -> QueryError { QueryError(parameter: name, value: value, allowed: allowed) }

    func text(_ what: String) throws(QueryError) -> String {
        guard !value.isEmpty, value.utf8.count <= Self.byteLimit else {
            throw failure(["\(what), 1 to \(Self.byteLimit) bytes long"])
        }
        return value
    }

    func number(_ range: ClosedRange<Int>) throws(QueryError) -> Int {
        guard value.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(value), range.contains(number) else {
            throw failure(["numbers from \(range.lowerBound) to \(range.upperBound)"])
        }
        return number
    }

    func word<Word: RawRepresentable<String> & CaseIterable>() throws(QueryError) -> Word {
        guard let word = Word(rawValue: value) else { throw failure(Word.allCases.map(\.rawValue)) }
        return word
    }

    func flag() throws(QueryError) -> Bool {
        switch value {
        case "true": return true
        case "false": return false
        default: throw failure(["true", "false"])
        }
    }

    func parsed<Value>(_ read: (String) -> Value?, _ forms: [String]) throws(QueryError) -> Value {
        guard let result = read(value) else { throw failure(forms) }
        return result
    }
}
