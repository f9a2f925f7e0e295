extension Configuration {
    /// The keys whose values differ from those of `other`, as `section.key`, in the order of the schema.
    package func changes(from other: Configuration) -> [String] {
        Schema.sections.flatMap { section in
            section.keys.filter { !$0.field.isSame(self, other) }.map { "\(section.name).\($0.name)" }
        }
    }
}

extension Schema.Field {
    fileprivate func isSame(_ left: Configuration, _ right: Configuration) -> Bool {
        switch self {
        case .number(let path, _): left[keyPath: path] == right[keyPath: path]
        case .flag(let path): left[keyPath: path] == right[keyPath: path]
        case .text(let path, _): left[keyPath: path] == right[keyPath: path]
        case .list(let path, _): left[keyPath: path] == right[keyPath: path]
        case .mode(let path): left[keyPath: path] == right[keyPath: path]
        case .access(let path): left[keyPath: path] == right[keyPath: path]
        case .level(let path): left[keyPath: path] == right[keyPath: path]
        }
    }
}
