import Foundation
import Synchronization

/// Wireshark's own reading of a capture, frame by frame, where `tshark` is installed (`make deps` installs it).
enum TShark {
    /// The program, found in PATH; `nil` when it is not there.
    static let program: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        return path.split(separator: ":").map { $0 + "/tshark" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }()

    /// One frame: what it has of each field, outermost layer first.
    struct Frame {
        let values: [String: [Substring]]

        subscript(_ field: String) -> [Substring] { values[field] ?? [] }
        /// Of a field that occurs in several layers, the innermost.
        func last(_ field: String) -> String? { values[field]?.last.map(String.init) }
        func has(_ field: String) -> Bool { values[field]?.isEmpty == false }
        func isSet(_ field: String) -> Bool { ["1", "True"].contains(last(field)) }
    }

    struct Trouble: Error, CustomStringConvertible { let description: String }

    /// Runs it once over the file, for at most a minute. What it says of a damaged file's end is no error.
    static func frames(of path: String, fields: [String]) throws -> [Frame] {
        let output = FileManager.default.temporaryDirectory.appending(path: "tshark-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: output.path, contents: nil) else {
            throw Trouble(description: "cannot write \(output.path)")
        }
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["timeout", "60", program ?? "tshark", "-n", "-r", path, "--enable-protocol", "communityid"]
            + ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=\(separator)"]
            + fields.flatMap { ["-e", $0] }
        // No profile of whoever runs the test: its preferences change what tshark says.
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent", "LC_ALL": "C.UTF-8"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationReason == .exit, [0, 2].contains(process.terminationStatus) else {
            throw Trouble(description: "tshark ended with status \(process.terminationStatus) on \(path)")
        }
        return try String(decoding: Data(contentsOf: output), as: UTF8.self).split(separator: "\n").map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            var values: [String: [Substring]] = [:]
            for (field, column) in zip(fields, columns) where !column.isEmpty {
                values[field] = column.split(separator: separator, omittingEmptySubsequences: false)
            }
            return Frame(values: values)
        }
    }

    private static let separator: Character = "|"
}
