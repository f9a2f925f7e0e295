import Yams

extension Configuration {
    /// Reads a configuration written in YAML. Every key is optional; an empty file is the default.
    ///
    /// - Parameter file: what error messages call it.
    /// - Throws: ``ConfigurationError`` when it is no YAML, for an unknown key, and for a value of the wrong type or
    ///   out of range.
    package init(yaml: String, file: String) throws(ConfigurationError) {
        self.init()
        var reader = ConfigurationReader(file: file)
        try reader.read(yaml)
        self = reader.configuration
    }
}

/// Walks the nodes of a YAML document along the schema.
struct ConfigurationReader {
    let file: String
    private(set) var configuration = Configuration()

    init(file: String) { self.file = file }

    mutating func read(_ yaml: String) throws(ConfigurationError) {
        guard let root = try compose(yaml), !Self.isNull(root) else { return }
        guard let mapping = root.mapping else {
            throw error(root, nil, "must hold sections: \(Schema.sectionNames.joined(separator: ", "))")
        }
        for (name, value) in mapping {
            let word = try text(of: name)
            guard let section = Schema.sections.first(where: { $0.name == word }) else {
                throw unknownSection(word, at: name)
            }
            // A section whose keys are all commented out.
            if Self.isNull(value) { continue }
            guard let keys = value.mapping else {
                throw error(value, word, "must hold keys: \(section.keys.map(\.name).joined(separator: ", "))")
            }
            for (key, value) in keys { try read(key, value, in: section) }
        }
    }

    private mutating func read(_ name: Node, _ value: Node, in section: Schema.Section) throws(ConfigurationError) {
        let word = try text(of: name)
        let path = "\(section.name).\(word)"
        guard let key = section.keys.first(where: { $0.name == word }) else {
            throw unknownKey(word, in: section, at: name)
        }
        switch key.field {
        case .number(let target, let range):
            guard let number = Self.number(value), range.contains(number) else {
                let what = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
                throw error(value, path, what + Self.found(value))
            }
            configuration[keyPath: target] = number
        case .flag(let target):
            guard let text = Self.plain(value), let flag = Bool(text) else {
                throw error(value, path, "must be true or false" + Self.found(value))
            }
            configuration[keyPath: target] = flag
        case .text(let target, let rule): configuration[keyPath: target] = try string(value, path, rule)
        case .list(let target, let rule):
            guard let elements = value.sequence else {
                throw error(value, path, "must be a list of texts: [first, second]" + Self.found(value))
            }
            guard elements.count <= Self.listCapacity else {
                throw error(value, path, "may have \(Self.listCapacity) elements at most")
            }
            var texts: [String] = []
            for element in elements { texts.append(try string(element, path, rule)) }
            configuration[keyPath: target] = texts
        case .mode(let target):
            if value.scalar?.string == "auto" {
                configuration[keyPath: target] = nil
                break
            }
            guard let text = value.scalar?.string, let mode = Self.mode(text) else {
                throw error(value, path, "must be permission bits in octal, 0600 to 0777, or auto" + Self.found(value))
            }
            configuration[keyPath: target] = mode
        case .level(let target): configuration[keyPath: target] = try oneOf(value, path)
        case .access(let target): configuration[keyPath: target] = try oneOf(value, path)
        }
    }

    private func oneOf<Word: RawRepresentable<String> & CaseIterable>(
        _ value: Node, _ path: String
    ) throws(ConfigurationError) -> Word {
        guard let text = value.scalar?.string, let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(value, path, "must be one of \(words)" + Self.found(value))
        }
        return word
    }

    private static let listCapacity = 1024

    private func string(_ value: Node, _ path: String, _ rule: Schema.TextRule) throws(ConfigurationError) -> String {
        guard let scalar = value.scalar else { throw error(value, path, "must be a text" + Self.found(value)) }
        guard !Self.isNull(value) else { throw error(value, path, "has no value; give one, or remove the key") }
        if let complaint = rule.complaint(about: scalar.string) {
            throw error(value, path, complaint + Self.found(value))
        }
        return scalar.string
    }
}

// What YAML leaves open: a plain scalar is a number, a flag or nothing by its look. Quoted ones are texts.
extension ConfigurationReader {
    private static func plain(_ node: Node) -> String? {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return nil }
        return scalar.string
    }

    private static func isNull(_ node: Node) -> Bool {
        guard let text = plain(node) else { return false }
        return text.isEmpty || text == "~" || text.lowercased() == "null"
    }

    private static func number(_ node: Node) -> Int? {
        guard let text = plain(node), text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        return Int(text.filter { $0 != "_" })
    }

    /// `0660`, `660` and `0o660` all mean the same here: nobody writes permission bits in decimal.
    private static func mode(_ text: String) -> UInt32? {
        let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
        guard (1...4).contains(digits.utf8.count), let mode = UInt32(digits, radix: 8), (0o600...0o777).contains(mode)
        else { return nil }
        return mode
    }

    /// What stands there instead, shortened.
    private static func found(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar):
            if isNull(node) { return ", and has no value; give one, or remove the key" }
            let line = scalar.string.prefix(40).map { $0.isNewline ? " " : String($0) }.joined()
            return ", not \"\(line)\(scalar.string.count > 40 ? "…" : "")\""
        case .mapping: return ", not a mapping"
        case .sequence: return ", not a list"
        case .alias: return ", not an alias"
        }
    }

    private func text(of key: Node) throws(ConfigurationError) -> String {
        guard let scalar = key.scalar else { throw error(key, nil, "a key must be a word") }
        return scalar.string
    }
}

extension ConfigurationReader {
    private func error(_ node: Node, _ key: String?, _ problem: String) -> ConfigurationError {
        ConfigurationError(
            file: file, line: node.mark?.line, column: node.mark?.column, key: key, problem: problem)
    }

    private func unknownSection(_ word: String, at name: Node) -> ConfigurationError {
        // A key at the top that belongs into a section is the likeliest slip of all.
        if let home = Schema.sections.first(where: { $0.keys.contains { $0.name == word } }) {
            return error(name, word, "stands outside its section; write it as \(word) below \(home.name):")
        }
        return unknown("section", word, among: Schema.sectionNames, at: name, path: word)
    }

    private func unknownKey(_ word: String, in section: Schema.Section, at name: Node) -> ConfigurationError {
        unknown("key", word, among: section.keys.map(\.name), at: name, path: "\(section.name).\(word)")
    }

    private func unknown(
        _ what: String, _ word: String, among known: [String], at node: Node, path: String
    ) -> ConfigurationError {
        let nearest = Suggestion.nearest(to: word, among: known).map { "; did you mean \($0)?" } ?? "."
        let key = path.count > 80 ? path.prefix(80) + "…" : path
        return error(
            node, String(key), "there is no such \(what)\(nearest) Allowed are \(known.joined(separator: ", "))")
    }

    private func compose(_ yaml: String) throws(ConfigurationError) -> Node? {
        do {
            return try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw syntaxError(error)
        } catch {
            throw ConfigurationError(file: file, problem: "is no YAML: \(error)")
        }
    }

    private func syntaxError(_ error: YamlError) -> ConfigurationError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ConfigurationError(file: file, line: mark.line, column: mark.column, problem: "is no YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ConfigurationError(
                file: file, line: context.mark.line, column: context.mark.column,
                problem: "a key is given twice: \(duplicates.sorted().joined(separator: ", "))")
        case .reader(let problem, _, _, _): ConfigurationError(file: file, problem: "is no YAML: \(problem)")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            ConfigurationError(file: file, problem: "is no YAML: \(error)")
        }
    }
}
