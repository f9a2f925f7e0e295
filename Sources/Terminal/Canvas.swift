/// What is drawn on: how wide, with which signs, in colour or not.
package struct Canvas: Sendable, Equatable {
    /// In terminal cells.
    package var width: Int
    package var drawing: Drawing
    package var isColored: Bool

    package static let narrowest = 40
    /// Beyond this, lines are harder to follow with the eye than they are worth.
    package static let widest = 240

    /// `width` is taken into the range that can be drawn at.
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
