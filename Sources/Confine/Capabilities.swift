import CConfine
import Glibc

/// What a thread may do beyond an ordinary user (capabilities(7)).
package struct Capabilities: OptionSet, Sendable, Hashable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    private init(number: CInt) { self.init(rawValue: 1 << UInt64(number)) }

    /// Capturing needs it.
    package static let netRaw = Capabilities(number: CAP_NET_RAW)
    /// Conntrack, the packet filter's rules, promiscuous mode and large socket buffers need it.
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
    /// Giving up part of the bounding set needs it.
    static let setPermitted = Capabilities(number: CAP_SETPCAP)

    /// All that the daemon ever uses.
    package static let daemon: Capabilities = [.netRaw, .netAdmin, .ptrace, .readSearch, .perfmon]

    /// The calling thread's; `nil` when the kernel does not say.
    package static var current: Capabilities? {
        var bits: UInt64 = 0
        return unsafe wb_get_capabilities(&bits) == 0 ? Capabilities(rawValue: bits) : nil
    }

    /// Leaves the calling thread these of those that it has; it cannot get the others back. A program that it starts
    /// gets those of `forPrograms` that it has itself.
    ///
    /// - Returns: whether the kernel did so.
    @discardableResult
    package static func keep(_ kept: Capabilities, forPrograms: Capabilities = []) -> Bool {
        guard let current else { return false }
        let kept = current.intersection(kept)
        let given = kept.intersection(forPrograms)
        let isClear = wb_prctl(wb_pr_cap_ambient, wb_pr_cap_ambient_clear_all, 0) == 0
        guard wb_set_capabilities(kept.rawValue, given.rawValue) == 0 else { return false }
        for number in given.numbers where wb_prctl(wb_pr_cap_ambient, wb_pr_cap_ambient_raise, number) != 0 {
            return false
        }
        return isClear
    }

    /// Reads the `CapEff:` line of a status file (proc_pid_status(5)): 16 hexadecimal digits.
    package init?(status: String) {
        let label = "CapEff:"
        for line in status.split(separator: "\n") where line.hasPrefix(label) {
            let digits = line.dropFirst(label.count).drop { $0 == "\t" || $0 == " " }
            guard let bits = UInt64(digits, radix: 16) else { return nil }
            self.init(rawValue: bits)
            return
        }
        return nil
    }

    /// Their numbers, as linux/capability.h has them.
    var numbers: [UInt] { (0..<64).filter { rawValue & 1 << $0 != 0 } }

    private static let names: [(capability: Capabilities, name: String)] = [
        (.netRaw, "CAP_NET_RAW"), (.netAdmin, "CAP_NET_ADMIN"), (.perfmon, "CAP_PERFMON"),
        (.readSearch, "CAP_DAC_READ_SEARCH"), (.ptrace, "CAP_SYS_PTRACE"),
    ]

    /// The daemon's by their names; others are counted.
    package var list: String {
        guard !isEmpty else { return "none" }
        var words = Self.names.filter { contains($0.capability) }.map(\.name)
        let others = subtracting(.daemon).numbers.count
        if others > 0 { words.append("\(others) that waybilld does not use") }
        return words.joined(separator: ", ")
    }
}
