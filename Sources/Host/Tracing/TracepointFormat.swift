/// What tracefs says of one tracepoint: its number, and where each field stands in a record
/// (Documentation/trace/events.rst, "Event formats").
///
///     name: inet_sock_set_state
///     ID: 2287
///     format:
///     	field:int common_pid;	offset:4;	size:4;	signed:1;
struct TracepointFormat: Equatable {
    let identifier: UInt64
    private(set) var fields: [String: Field] = [:]

    struct Field: Equatable {
        var offset: Int
        var size: Int
    }

    /// A record is a few hundred bytes at most; what claims more is none.
    private static let recordLimit = 8192

    /// `nil` when the text has no number.
    init?(_ text: String) {
        var identifier: UInt64?
        for line in text.split(separator: "\n") {
            if line.hasPrefix("ID: ") {
                identifier = UInt64(line.dropFirst(4))
            } else if line.hasPrefix("\tfield:"), let (name, field) = Self.field(line) {
                fields[name] = field
            }
        }
        guard let identifier else { return nil }
        self.identifier = identifier
    }

    private static func field(_ line: Substring) -> (String, Field)? {
        let parts = line.split(separator: ";").map { $0.drop { $0 == "\t" || $0 == " " } }
        guard parts.count >= 3, let declaration = parts[0].dropping(prefix: "field:"),
            let word = declaration.split(separator: " ").last,
            let offset = number(parts[1], after: "offset:"), let size = number(parts[2], after: "size:"),
            offset <= recordLimit, size <= recordLimit
        else { return nil }
        // `saddr[4]`: the name alone.
        return (String(word.prefix { $0 != "[" }), Field(offset: offset, size: size))
    }

    private static func number(_ text: Substring, after label: String) -> Int? {
        text.hasPrefix(label) ? Int(text.dropFirst(label.count)).flatMap { $0 >= 0 ? $0 : nil } : nil
    }

    /// Where `name` stands, when it has `size` bytes.
    func offset(of name: String, size: Int) -> Int? {
        guard let field = fields[name], field.size == size else { return nil }
        return field.offset
    }
}
