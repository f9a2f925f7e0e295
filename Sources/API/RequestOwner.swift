extension Request {
    private func processFact(_ name: String) -> Fact.Value? { stage(.process)?.fact(name) }

    /// The name of the process that asked, if it is known.
    package var processName: String? { processText("process") }

    /// What is known of the process, by the fact's name: `user`, `unit`, `executable`, ….
    package func processText(_ name: String) -> String? {
        if case .text(let text)? = processFact(name) { text } else { nil }
    }

    package var pid: Int32? {
        if case .integer(let number)? = processFact("pid") { Int32(exactly: number) } else { nil }
    }

    /// The process that asked and those that it came from, nearest first; empty when it is not known.
    package var processLine: [Int32] {
        guard let pid else { return [] }
        guard case .list(let parents)? = processFact("parents") else { return [pid] }
        return [pid] + parents.compactMap(Self.number)
    }

    /// Of `name (number)`; a name may hold parentheses too.
    private static func number(_ parent: String) -> Int32? {
        guard parent.last == ")", let open = parent.lastIndex(of: "(") else { return nil }
        return Int32(parent[parent.index(after: open)...].dropLast())
    }
}
