/// Makes text from the wire harmless before it reaches a terminal.
///
/// Everything that could move the cursor, start a control sequence, reorder or hide what stands beside it is
/// written out as `\x1b` or `\u{202e}`: C0, DEL, C1, separators, format and bidirectional controls, zero-width
/// characters, private and unassigned ones, and combining marks that have no base or pile up on one.
enum Escaping {
    /// Marks that real orthographies put on one base; more only serve to deface the lines above and below.
    static let marksPerBase = 3

    static func escape(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
        var escaped = ""
        // Starts full, so that a mark without a base is written out.
        var marks = marksPerBase
        for scalar in text.unicodeScalars {
            if isMark(scalar) && !scalar.properties.isDefaultIgnorableCodePoint {
                marks += 1
                if marks <= marksPerBase { escaped.unicodeScalars.append(scalar) } else { escaped += code(scalar) }
            } else {
                marks = 0
                if isHarmless(scalar) { escaped.unicodeScalars.append(scalar) } else { escaped += code(scalar) }
            }
        }
        return escaped
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x300 && DisplayWidth.cells(scalar) == 0
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        if scalar.properties.isDefaultIgnorableCodePoint { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    private static func code(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        if scalar.value > 0xFF { return "\\u{\(digits)}" }
        return digits.count < 2 ? "\\x0\(digits)" : "\\x\(digits)"
    }
}
