/// What a piece of text means; colour follows meaning and is never the only sign of it.
package enum Style: Sendable, CaseIterable {
    case plain
    /// Column titles and the subject of a page.
    case heading
    /// Stands back: units, separators, what is usual.
    case quiet
    case name
    case address
    case good
    case bad
    /// Worth a look, and not an error.
    case doubtful
    /// A bar, by the part of a request that it stands for.
    case waiting, connecting, securing, exchanging

    /// Select Graphic Rendition parameters (ECMA-48 §8.3.117), from the 16 colours that every theme sets itself.
    var parameters: String {
        switch self {
        case .plain: ""
        case .heading: "1"
        case .quiet: "2"
        case .name: "1"
        case .address: ""
        case .good: "32"
        case .bad: "1;31"
        case .doubtful: "33"
        case .waiting: "36"
        case .connecting: "33"
        case .securing: "35"
        case .exchanging: "34"
        }
    }
}
