import CLinux

/// What this process may do beyond an ordinary user (capabilities(7)): its effective set.
package struct Capabilities: OptionSet, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    private init(number: CInt) { self.init(rawValue: 1 << UInt64(number)) }

    /// Capturing needs it.
    package static let netRaw = Capabilities(number: CAP_NET_RAW)
    /// Conntrack, promiscuous mode and large socket buffers need it.
    package static let netAdmin = Capabilities(number: CAP_NET_ADMIN)
    /// Looking into other users' processes needs it.
    package static let ptrace = Capabilities(number: CAP_SYS_PTRACE)
    /// Reading other users' files in /proc needs it.
    package static let readSearch = Capabilities(number: CAP_DAC_READ_SEARCH)

    /// Tracepoints need it; before Linux 5.8 ``systemAdmin``.
    package static let perfmon = Capabilities(number: CAP_PERFMON)
    package static let systemAdmin = Capabilities(number: CAP_SYS_ADMIN)
    /// Goes beyond ``readSearch``.
    package static let override = Capabilities(number: CAP_DAC_OVERRIDE)

    /// This process's; `nil` when /proc does not say.
    package static var effective: Capabilities? {
        ProcFile.text(of: "/proc/self/status").flatMap(Capabilities.init(status:))
    }

    /// Reads the `CapEff:` line of a status file (proc_pid_status(5)): 16 hexadecimal digits.
    init?(status: String) {
        let label = "CapEff:"
        for line in status.split(separator: "\n") where line.hasPrefix(label) {
            let digits = line.dropFirst(label.count).drop { $0 == "\t" || $0 == " " }
            guard let bits = UInt64(digits, radix: 16) else { return nil }
            self.init(rawValue: bits)
            return
        }
        return nil
    }
}
