/// The text format of Prometheus, version 0.0.4: families of samples, each with its help and type.
struct PrometheusText {
    private(set) var text = ""
    private var family: StaticString = ""

    static let type = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String { case counter, gauge }

    /// Begins a family; its samples follow, and none of another one in between.
    mutating func family(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
        family = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ value: some BinaryInteger, _ labels: (name: StaticString, value: String)...) {
        sample(String(value), labels)
    }

    /// Of seconds.
    mutating func sample(nanoseconds: Int64, _ labels: (name: StaticString, value: String)...) {
        let magnitude = nanoseconds.magnitude
        let fraction = String(magnitude % 1_000_000_000)
        sample(
            (nanoseconds < 0 ? "-" : "") + String(magnitude / 1_000_000_000) + "."
                + String(repeating: "0", count: 9 - fraction.utf8.count) + fraction,
            labels)
    }

    private mutating func sample(_ value: String, _ labels: [(name: StaticString, value: String)]) {
        text += "\(family)"
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// Backslash, quote and newline as the format wants them; what else steers a terminal is replaced.
    static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                    result.unicodeScalars.append("\u{FFFD}")
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
