/// How much memory the control groups leave this program (cgroups(7)): of its own group and those around it, the least.
package enum MemoryLimit {
    /// In bytes; `nil` where there is no limit, or none to be seen.
    package static var ofThisProcess: UInt64? { read(groups: ProcFile.text(of: "/proc/self/cgroup") ?? "") }

    /// - Parameters:
    ///   - groups: as /proc/self/cgroup has them: `0::/system.slice/waybilld.service`, or a controller a line before
    ///     version 2.
    ///   - file: gives the content of a file.
    static func read(groups: String, _ file: (String) -> String? = { ProcFile.text(of: $0) }) -> UInt64? {
        var least: UInt64?
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[2].hasPrefix("/") else { continue }
            let (root, names): (String, [String])
            if fields[0] == "0" {
                (root, names) = ("/sys/fs/cgroup", ["memory.max", "memory.high"])
            } else if fields[1].split(separator: ",").contains("memory") {
                (root, names) = ("/sys/fs/cgroup/memory", ["memory.limit_in_bytes"])
            } else {
                continue
            }
            var folder = fields[2]
            while true {
                for name in names {
                    let path = root + (folder == "/" ? "" : String(folder)) + "/" + name
                    // `max`, or more than any machine has, is no limit.
                    guard let text = file(path), let bytes = UInt64(text.prefix { $0 != "\n" }), bytes < 1 << 60 else {
                        continue
                    }
                    least = min(least ?? bytes, bytes)
                }
                guard folder != "/", let slash = folder.lastIndex(of: "/") else { break }
                folder = slash == folder.startIndex ? "/" : folder[..<slash]
            }
        }
        return least
    }
}
