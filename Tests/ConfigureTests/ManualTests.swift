import Foundation
import Testing

/// waybill.yaml(5) is what the configuration as it is installed says of itself. `WAYBILL_SNAPSHOTS=write` writes it.
@Suite struct ManualTests {
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A key with the comment above it; a section has no value.
    private struct Entry {
        var comment: String
        var key: String
        var value: String?
        var isSection: Bool
    }

    private static func entries(of yaml: String) -> (introduction: String, entries: [Entry]) {
        var introduction: String?
        var comment: [String] = []
        var entries: [Entry] = []
        for line in yaml.split(separator: "\n", omittingEmptySubsequences: false) {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("#") {
                comment.append(text.dropFirst().trimmingCharacters(in: .whitespaces))
            } else if text.isEmpty {
                if introduction == nil { introduction = comment.joined(separator: "\n") }
                comment = []
            } else if let colon = text.firstIndex(of: ":") {
                let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                entries.append(
                    Entry(
                        comment: comment.joined(separator: "\n"), key: String(text[..<colon]),
                        value: value.isEmpty ? nil : value, isSection: !line.hasPrefix(" ")))
                comment = []
            }
        }
        return (introduction ?? "", entries)
    }

    private static func roff(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("\n", with: " ").replacing(". ", with: ".\n")
            .split(separator: "\n").map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&\($0)\n" : "\($0)\n" }.joined()
    }

    private static func manual(of yaml: String) -> String {
        let (introduction, entries) = entries(of: yaml)
        var text = """
            .Dd November 21, 2026
            .Dt WAYBILL.YAML 5
            .Os Waybill 0.1.0
            .Sh NAME
            .Nm waybill.yaml
            .Nd configuration of the Waybill daemon
            .Sh DESCRIPTION
            \(introduction.split(separator: "\n\n").map { roff(String($0)) }.joined(separator: ".Pp\n"))
            """
        var isInList = false
        for entry in entries {
            if entry.isSection {
                if isInList { text += ".El\n" }
                isInList = true
                text += ".Ss \(entry.key)\n\(roff(entry.comment)).Bl -tag -width Ds\n"
            } else {
                text += ".It Sy \(entry.key) Pq default Li \(entry.value ?? "")\n\(roff(entry.comment))"
            }
        }
        if isInList { text += ".El\n" }
        return text + ".Sh FILES\n.Pa /etc/waybill/waybill.yaml\n.Sh SEE ALSO\n.Xr waybill 1 ,\n.Xr waybilld 8\n"
    }

    @Test func manualSaysWhatTheFileSays() throws {
        let yaml = try String(contentsOf: Self.root.appending(path: "config/waybill.yaml"), encoding: .utf8)
        let text = Self.manual(of: yaml)
        let file = Self.root.appending(path: "docs/man/waybill.yaml.5")
        if ProcessInfo.processInfo.environment["WAYBILL_SNAPSHOTS"] == "write" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
}
