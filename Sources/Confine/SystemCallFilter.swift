import CSeccomp
import Glibc

/// System calls that no part of the daemon, and no program that it starts, has a use for: they fail with EPERM from then
/// on, in every thread (seccomp(2)).
///
/// A list of what is refused, not of what is allowed: libraries and the C library change what they call, and the unit's
/// `SystemCallFilter=` is the stricter one. What is left out here is what systemd's `@system-service` leaves out
/// (systemd.exec(5)), and what an intruder would reach for first.
enum SystemCallFilter {
    enum Failure: Error, Equatable, CustomStringConvertible {
        case noMemory
        case library(call: String, errno: CInt)

        var description: String {
            switch self {
            case .noMemory: "no memory for the filter"
            case .library(let call, let number): "\(call): \(SystemText.of(number))"
            }
        }
    }

    static let refused: [String] = [
        // other processes' memory and files
        "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
        // the kernel itself
        "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "bpf", "syslog",
        "acct", "iopl", "ioperm", "modify_ldt", "personality", "userfaultfd", "uselib", "_sysctl", "lookup_dcookie",
        // the clock and the names of the host
        "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname",
        // mounts, namespaces, other roots
        "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig",
        "fsmount",
        "fspick", "mount_setattr", "unshare", "setns", "swapon", "swapoff", "quotactl", "quotactl_fd",
        "open_by_handle_at", "name_to_handle_at", "mknod", "mknodat", "fanotify_init",
        // ways around this filter, or large attack surfaces
        "io_uring_setup", "io_uring_enter", "io_uring_register", "add_key", "request_key", "keyctl", "vhangup",
        // who the process is: it has become that already
        "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups",
    ]

    /// Families of sockets that the daemon and nft(8) use.
    static let families: Set<CInt> = [AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET]

    /// CLONE_NEWTIME … CLONE_NEWNET of linux/sched.h.
    private static let namespaceFlags: [UInt64] = [
        0x80, 0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ]

    /// - Returns: how many calls are refused now, those counted once that depend on their arguments.
    static func install() throws(Failure) -> Int {
        guard let filter = unsafe seccomp_init(allow) else { throw .noMemory }
        defer { unsafe seccomp_release(filter) }
        func check(_ call: String, _ code: CInt) throws(Failure) {
            guard code == 0 else { throw .library(call: call, errno: -code) }
        }
        // All threads, though there should be one.
        try check("seccomp_attr_set", unsafe seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1))
        var count = 0
        for name in refused {
            let number = unsafe seccomp_syscall_resolve_name(name)
            // Not of this architecture, or newer than the library.
            guard number >= 0 else { continue }
            try check("seccomp_rule_add", unsafe seccomp_rule_add_array(filter, fail(EPERM), number, 0, nil))
            count += 1
        }
        let socket = unsafe seccomp_syscall_resolve_name("socket")
        for family in CInt(0)...AF_PACKET where !families.contains(family) {
            try check("seccomp_rule_add", unsafe add(filter, socket, SCMP_CMP_EQ, UInt64(family)))
        }
        try check("seccomp_rule_add", unsafe add(filter, socket, SCMP_CMP_GT, UInt64(AF_PACKET)))
        let clone = unsafe seccomp_syscall_resolve_name("clone")
        for flag in namespaceFlags {
            try check("seccomp_rule_add", unsafe add(filter, clone, SCMP_CMP_MASKED_EQ, flag, flag))
        }
        // Its flags lie in memory, where no filter can see them: the C library falls back to clone(2).
        let clone3 = unsafe seccomp_syscall_resolve_name("clone3")
        if clone3 >= 0 {
            try check("seccomp_rule_add", unsafe seccomp_rule_add_array(filter, fail(ENOSYS), clone3, 0, nil))
        }
        try check("seccomp_load", unsafe seccomp_load(filter))
        return count + 3
    }

    /// Refuses `call` where its first argument compares so.
    @unsafe private static func add(
        _ filter: scmp_filter_ctx, _ call: CInt, _ comparison: scmp_compare, _ datum: UInt64, _ other: UInt64 = 0
    ) -> CInt {
        let condition = scmp_arg_cmp(arg: 0, op: comparison, datum_a: datum, datum_b: other)
        return unsafe withUnsafePointer(to: condition) {
            unsafe seccomp_rule_add_array(filter, fail(EPERM), call, 1, $0)
        }
    }

    // SCMP_ACT_ALLOW and SCMP_ACT_ERRNO (seccomp.h) are macros with casts, which Swift does not import.
    private static let allow: UInt32 = 0x7FFF_0000
    private static func fail(_ number: CInt) -> UInt32 { 0x0005_0000 | UInt32(number) & 0xFFFF }
}
