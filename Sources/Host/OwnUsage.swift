import Glibc
package import Model

/// What this program takes of the host.
package enum OwnUsage {
    /// Now. What /proc does not tell is absent.
    package static func take() -> DaemonUsage {
        var usage = DaemonUsage(pid: getpid(), cpu: cpu)
        // proc_pid_statm(5): pages in all, then those in memory.
        let fields = ProcFile.text(of: "/proc/self/statm")?.split(separator: " ") ?? []
        if fields.count > 1, let pages = UInt64(fields[1]) {
            usage.resident = pages.multipliedReportingOverflow(by: UInt64(sysconf(CInt(_SC_PAGESIZE)))).partialValue
        }
        let peak = resources.ru_maxrss
        // The kernel counts both in ways of its own, and a peak is never less than what is.
        if peak > 0 { usage.peakResident = max(UInt64(peak) &* 1024, usage.resident ?? 0) }
        usage.threads = count("/proc/self/task")
        // The look itself has one open.
        usage.openFiles = count("/proc/self/fd").map { max(0, $0 - 1) }
        var limit = rlimit()
        if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur != .max {
            usage.openFilesLimit = UInt64(limit.rlim_cur)
        }
        return usage
    }

    /// Processor time since the start.
    package static var cpu: TimeSpan {
        let resources = resources
        func nanoseconds(_ time: timeval) -> Int64 {
            Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_usec) &* 1000
        }
        return TimeSpan(nanoseconds: nanoseconds(resources.ru_utime) &+ nanoseconds(resources.ru_stime))
    }

    private static var resources: rusage {
        var resources = rusage()
        _ = unsafe getrusage(RUSAGE_SELF.rawValue, &resources)
        return resources
    }

    private static func count(_ folder: String) -> Int? {
        FolderNames(folder).map { names in names.reduce(0) { $0 + ($1.hasPrefix(".") ? 0 : 1) } }
    }
}
