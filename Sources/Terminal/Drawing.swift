/// The signs that a page is drawn with.
package enum Drawing: String, Sendable, CaseIterable {
    /// Box-drawing characters and marks.
    case unicode
    /// The same shapes in ASCII, for terminals and fonts that have nothing else.
    case ascii
    /// No shapes at all: words and numbers, for screen readers and logs.
    case words
}

extension Drawing {
    var ellipsis: String { self == .unicode ? "…" : "..." }
    var dash: String { self == .unicode ? "–" : "-" }
    var microseconds: String { self == .unicode ? "µs" : "us" }
    var times: String { self == .unicode ? "×" : "x" }
    /// Between facts of one stage.
    var separator: String { self == .unicode ? " · " : ", " }
    /// From client to server.
    var arrow: String {
        switch self {
        case .unicode: "→"
        case .ascii: "->"
        case .words: "to"
        }
    }
    /// Before a command that is suggested.
    var prompt: String { self == .words ? "" : "$ " }
    /// Before one of several pieces of evidence.
    var bullet: String { self == .unicode ? "· " : "- " }
}
