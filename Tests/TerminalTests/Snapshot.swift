import FoundationEssentials
import Testing

@testable import Terminal

/// Compares a page with the text kept under `Snapshots/`, so that a review sees what a user sees.
///
/// Run the tests with `WAYBILL_SNAPSHOTS=write` to keep the present pages instead, then read the difference.
enum Snapshot {
    static func check(
        _ name: String, _ lines: [Line], on canvas: Canvas, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = folder + name + ".txt"
        let page = canvas.render(lines)
        for line in lines {
            #expect(
                line.width <= canvas.width, "\(name): \(line.rendered(inColor: false))", sourceLocation: sourceLocation)
        }
        if ProcessInfo.processInfo.environment["WAYBILL_SNAPSHOTS"] == "write" {
            try page.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        let kept = try String(contentsOfFile: path, encoding: .utf8)
        #expect(page == kept, "\(name) has changed; it is now:\n\(page)", sourceLocation: sourceLocation)
    }

    private static let folder = String(#filePath.dropLast("Snapshot.swift".count)) + "Snapshots/"
}
