// Confine's door: Confinement.begin() at the start of the daemon; Capabilities.keep(_:) at the start of a thread.

import CConfine
import Glibc

/// What this process gives up for good before it looks at anything hostile.
///
/// It is the same however the daemon was started: by systemd as its own user, or as root by hand. To be called while the
/// process has a single thread, since threads inherit from the one that made them and the kernel knows no way back.
///
///     let confinement = try Confinement.begin(as: "waybill", group: "waybill")
///     // … opens what needs privileges, starts the threads that keep some …
///     Capabilities.keep([])
///
/// Landlock is not among it: a thread that is restricted by it may not look into any process outside
/// (security/landlock/task.c, hook_ptrace_access_check), and /proc/PID/fd of others is how sockets get their owners.
package struct Confinement: Sendable {
    /// Who the process is now.
    package private(set) var user = ""
    /// What it may still do.
    package private(set) var kept: Capabilities = []
    /// System calls that it may no longer make.
    package private(set) var refusedCalls = 0
    /// What could not be given up, each in one sentence.
    package private(set) var problems: [String] = []

    /// - Parameters:
    ///   - user: who to become when root started it; empty, `root` and one that there is not mean to stay root.
    ///   - group: one to be a member of besides: the socket is given to it.
    ///   - directories: to be made for that user where they are missing, and their parents; with permission bits.
    /// - Throws: ``ConfinementError`` when it cannot become that user: going on as root would be more than was asked for.
    package static func begin(
        as user: String, group: String, directories: [(path: String, mode: UInt32)]
    ) throws(ConfinementError) -> Confinement {
        var confinement = Confinement()
        let before = Capabilities.current ?? []
        confinement.kept = before.intersection(.daemon)
        if geteuid() == 0 {
            try confinement.become(user, group: group, directories: directories)
        }
        confinement.user = Account.name(of: geteuid())
        confinement.giveUpCapabilities(before)
        confinement.giveUpTheRest()
        return confinement
    }

    private mutating func become(
        _ name: String, group: String, directories: [(path: String, mode: UInt32)]
    ) throws(ConfinementError) {
        let account = name.isEmpty || name == "root" ? nil : Account(name)
        if account == nil, !name.isEmpty, name != "root" {
            problems.append(
                "there is no user \(name), so waybilld stays root; make it with: useradd --system --user-group \(name)")
        }
        for directory in directories { Self.make(directory.path, directory.mode, for: account) }
        var groups = account?.groups ?? Account.ownGroups
        if !group.isEmpty, let number = Account.groupID(group), !groups.contains(number) { groups.append(number) }
        guard unsafe setgroups(groups.count, groups) == 0 else {
            throw ConfinementError(user: name, call: "setgroups", errno: errno)
        }
        guard let account else { return }
        // Else the change of user would take all capabilities away.
        guard wb_prctl(wb_pr_set_keepcaps, 1, 0) == 0 else {
            throw ConfinementError(user: name, call: "prctl", errno: errno)
        }
        guard wb_set_group(account.group) == 0 else {
            throw ConfinementError(user: name, call: "setresgid", errno: errno)
        }
        guard wb_set_user(account.user) == 0 else {
            throw ConfinementError(user: name, call: "setresuid", errno: errno)
        }
    }

    /// As `mkdir -p` does; what is there already is left as it is.
    private static func make(_ path: String, _ mode: UInt32, for account: Account?) {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            let part = String(path[..<end])
            let isLast = end == path.endIndex
            guard unsafe mkdir(part, isLast ? mode : 0o755) == 0, isLast, let account else { continue }
            _ = unsafe chown(part, account.user, account.group)
        }
    }

    private mutating func giveUpCapabilities(_ before: Capabilities) {
        // Those that a program could have that this one starts. systemd has done it already where this is not permitted.
        if before.contains(.setPermitted) || geteuid() == 0 {
            // A change of user leaves them permitted, and not in effect.
            _ = wb_set_capabilities(before.rawValue, 0)
            _ = wb_prctl(wb_pr_set_securebits, wb_securebits_no_root, 0)
            for number in UInt(0)..<64 where !kept.numbers.contains(number) {
                guard wb_prctl(wb_pr_capbset_read, number, 0) == 1 else { continue }
                if wb_prctl(wb_pr_capbset_drop, number, 0) != 0 {
                    problems.append("the bounding set could not be cut: \(SystemText.of(errno))")
                    break
                }
            }
        }
        // nft(8) reads the rules by this one.
        if !Capabilities.keep(kept, forPrograms: [.netAdmin]) {
            problems.append("capabilities could not be given up: \(SystemText.of(errno))")
        }
    }

    private mutating func giveUpTheRest() {
        if wb_prctl(wb_pr_set_no_new_privs, 1, 0) != 0 {
            problems.append("no_new_privs could not be set: \(SystemText.of(errno))")
        }
        // What was seen of others is not for a core file, nor for a debugger of the same user.
        _ = wb_prctl(wb_pr_set_dumpable, 0, 0)
        // Memory never becomes code; kernels before 6.3 do not know it.
        _ = wb_prctl(wb_pr_set_mdwe, wb_pr_mdwe_refuse_exec_gain, 0)
        do throws(SystemCallFilter.Failure) { refusedCalls = try SystemCallFilter.install() } catch {
            problems.append("system calls could not be refused: \(error)")
        }
    }
}

/// Why the daemon could not become the user that it should run as.
package struct ConfinementError: Error, Equatable, CustomStringConvertible {
    var user: String
    var call: String
    var errno: CInt

    package var description: String {
        "cannot become the user \(user): \(call): \(SystemText.of(errno)); --user root stays root"
    }
}

enum SystemText {
    static func of(_ number: CInt) -> String {
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "errno \(number)"
    }
}
