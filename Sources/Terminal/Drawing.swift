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

/// The page that is drawn on: how wide, with which signs, in colour or not.
package struct Page: Sendable, Equatable {
    /// In terminal cells.
    package var width: Int
    package var drawing: Drawing
    package var isColored: Bool

    package static let narrowest = 40
    /// Beyond this, lines are harder to follow with the eye than they are worth.
    package static let widest = 240

    /// `width` is taken into the range that pages can be drawn at.
    package init(width: Int = 80, drawing: Drawing = .unicode, isColored: Bool = false) {
        self.width = min(max(width, Self.narrowest), Self.widest)
        self.drawing = drawing
        self.isColored = isColored
    }

    /// The lines as text, each with its line break.
    package func render(_ lines: [Line]) -> String {
        lines.map { $0.rendered(inColor: isColored) + "\n" }.joined()
    }
}
