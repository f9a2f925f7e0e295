import Foundation
import Model

@testable import Host

/// A folder laid out like /proc, gone with this value.
final class FakeProc {
    let url: URL
    var folder: ProcFolder { ProcFolder(url.path) }

    /// What /proc/PID/stat has; clock ticks after ``boot``.
    static let boot = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try link("net:[4026531840]", at: "self/ns/net")
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to path: String) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func link(_ target: String, at path: String) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(at: file)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
    }

    /// - Parameter seconds: after ``boot``, when it began.
    func add(
        _ pid: Int32, _ name: String, parent: Int32 = 1, at seconds: Double = 0, arguments: [String]? = nil,
        user: Int = 1000, group: String = "/user.slice/x.scope", namespace: Int = 4_026_531_840, sockets: [Int] = []
    ) throws {
        let ticks = Int(seconds * Double(ProcFolder.ticks))
        let middle = Array(repeating: "0", count: 17).joined(separator: " ")
        try write("\(pid) (\(name)) S \(parent) \(middle) \(ticks) 0 0\n", to: "\(pid)/stat")
        try link("/usr/bin/\(name)", at: "\(pid)/exe")
        try write((arguments ?? [name]).map { $0 + "\0" }.joined(), to: "\(pid)/cmdline")
        try write("0::\(group)\n", to: "\(pid)/cgroup")
        try write("Name:\t\(name)\nUid:\t0\t\(user)\t0\t0\n", to: "\(pid)/status")
        try link("net:[\(namespace)]", at: "\(pid)/ns/net")
        try FileManager.default.createDirectory(
            at: url.appending(path: "\(pid)/fd"), withIntermediateDirectories: true)
        try link("/dev/null", at: "\(pid)/fd/0")
        for (index, inode) in sockets.enumerated() { try link("socket:[\(inode)]", at: "\(pid)/fd/\(index + 3)") }
    }

    func unlink(_ path: String) throws { try FileManager.default.removeItem(at: url.appending(path: path)) }

    func remove(_ pid: Int32) { try? FileManager.default.removeItem(at: url.appending(path: "\(pid)")) }

    /// A table of its processes that follows events, as one with tracepoints does.
    func table(keepsArguments: Bool = true, capacity: Int = ProcessTable.capacity) throws -> ProcessTable {
        try write("root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n", to: "passwd")
        let table = ProcessTable(
            folder: folder, boot: Self.boot, keepsArguments: keepsArguments,
            users: UserNames(path: url.appending(path: "passwd").path), capacity: capacity)
        table.followsEvents = true
        return table
    }

    /// Seconds after ``boot``.
    static func at(_ seconds: Double) -> Timestamp {
        boot + TimeSpan(nanoseconds: Int64((seconds * 1_000_000_000).rounded()))
    }

    static func event(_ seconds: Double, _ pid: Int32, _ body: KernelEvent.Body) -> KernelEvent {
        KernelEvent(time: at(seconds), pid: pid, thread: pid, body: body)
    }
}
