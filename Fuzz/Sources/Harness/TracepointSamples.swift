import Model

@testable import Host

/// The tracepoints that are listened to, laid out as one kernel had them.
enum TracepointSamples {
    static let layouts: TracepointLayouts = {
        var layouts = TracepointLayouts()
        layouts.stateChange = TracepointFormat(stateChange).flatMap { TracepointLayouts.StateChange($0) }
        layouts.routeLookup = TracepointFormat(routeLookup).flatMap { TracepointLayouts.RouteLookup($0, .v4) }
        layouts.exec = TracepointFormat(exec).flatMap { TracepointLayouts.Exec($0) }
        demand(
            layouts.stateChange != nil && layouts.routeLookup != nil && layouts.exec != nil, "a sample is read no more")
        return layouts
    }()

    static let stateChange = text(
        1520,
        [
            ("common_flags", 2, 1), ("skaddr", 8, 8), ("oldstate", 16, 4), ("newstate", 20, 4), ("sport", 24, 2),
            ("dport", 26, 2), ("family", 28, 2), ("protocol", 30, 2), ("saddr", 32, 4), ("daddr", 36, 4),
            ("saddr_v6", 40, 16), ("daddr_v6", 56, 16),
        ])

    static let routeLookup = text(
        1499,
        [
            ("common_flags", 2, 1), ("err", 12, 4), ("iif", 20, 4), ("proto", 24, 1), ("src", 28, 4), ("dst", 32, 4),
            ("sport", 44, 2), ("dport", 46, 2),
        ])

    static let exec = text(317, [("filename", 8, 4), ("pid", 12, 4)])

    private static func text(_ identifier: Int, _ fields: [(name: String, offset: Int, size: Int)]) -> String {
        fields.reduce("ID: \(identifier)\nformat:\n") { text, field in
            "\(text)\tfield:int \(field.name);\toffset:\(field.offset);\tsize:\(field.size);\tsigned:0;\n"
        }
    }
}
