import Confine
import Glibc
import Model

/// How and where this program runs, as far as the command depends on it that helps.
struct Surroundings: Equatable {
    var pid = Int32(1)
    /// The systemd unit, where it is this program's own.
    var service: String?
    var isRoot = false
    /// This program's file.
    var program = "waybilld"
    /// It sees other mounts, another network than the rest of the host: commands have to be run where it is.
    var hasOwnMounts = false
    var hasOwnNetwork = false
    var capabilities: Capabilities?
    /// kernel.perf_event_paranoid; above -1 tracepoints are for CAP_PERFMON alone.
    var paranoia: Int?

    init() {}

    /// This program's, now.
    ///
    /// - Parameter capabilities: what it may do, all its threads together.
    init(folder: ProcFolder, _ capabilities: Capabilities?) {
        pid = getpid()
        service = folder.controlGroup(pid).map { ControlGroupName(path: $0).unit }.flatMap { unit in
            unit?.hasPrefix("waybilld") == true && unit?.hasSuffix(".service") == true ? unit : nil
        }
        isRoot = geteuid() == 0
        program = folder.executable(pid) ?? program
        func differs(_ kind: String) -> Bool {
            guard let own = folder.namespace("self", kind) else { return false }
            // The first process may not be looked at everywhere; whoever started this one tells as much.
            guard let other = folder.namespace("1", kind) ?? folder.namespace("\(getppid())", kind) else {
                return false
            }
            return own != other
        }
        // A service has its own mounts as well, and what is mounted on the host appears in them.
        hasOwnMounts = service == nil && differs("mnt")
        hasOwnNetwork = differs("net")
        self.capabilities = capabilities
        paranoia = ProcFile.text(of: "/proc/sys/kernel/perf_event_paranoid").flatMap { text in
            Int(text.prefix { $0 != "\n" })
        }
    }

    /// Whether this program may do what needs `capability`; when nobody can tell, the kernel's refusals will.
    func may(_ capability: Capabilities) -> Bool { capabilities?.allows(capability) ?? true }

    // MARK: - Commands

    /// Where tracepoints are described.
    var mountingTracefs: String {
        entering(hasOwnMounts ? "--mount" : nil, "mount -t tracefs tracefs /sys/kernel/tracing")
    }

    /// - Parameter setting: as sysctl(8) takes it, one of a network namespace.
    func setting(_ setting: String) -> String { entering(hasOwnNetwork ? "--net" : nil, "sysctl -w \(setting)") }

    private func entering(_ namespace: String?, _ command: String) -> String {
        namespace.map { "sudo nsenter --target \(pid) \($0) \(command)" } ?? "sudo \(command)"
    }

    /// Gives this program all the capabilities that it lacks; `nil` when it lacks none. Of a service the unit is edited
    /// for them, where ``missingHint`` says which lines are needed.
    var grantingCapabilities: String? {
        guard let capabilities else { return nil }
        let missing = Capabilities.needed.filter { !capabilities.allows($0.capability) }.map(\.name)
        guard !missing.isEmpty else { return nil }
        if let service { return "sudo systemctl edit \(service)" }
        if isRoot {
            // Whoever started it took them away, as runtimes of containers do.
            return "docker run \(missing.map { "--cap-add=\($0.dropFirst("CAP_".count))" }.joined(separator: " ")) …"
        }
        return "sudo \(Self.quoted(program))"
    }

    /// What a service lacks is a matter of two settings of its unit.
    var missingHint: String {
        service.map { "; AmbientCapabilities and CapabilityBoundingSet of \($0) have to name it" } ?? ""
    }

    /// As a shell takes one word.
    static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "/._-+".unicodeScalars.contains(scalar)
        }
        guard !isPlain || word.isEmpty else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The package that has a program, by the package manager that is there.
    static func installing(_ package: String) -> String? {
        let managers = [
            ("/usr/bin/apt-get", "apt-get install"), ("/usr/bin/dnf", "dnf install"),
            ("/usr/bin/zypper", "zypper install"),
            ("/usr/bin/pacman", "pacman -S"), ("/sbin/apk", "apk add"),
        ]
        return managers.first { unsafe access($0.0, X_OK) == 0 }.map { "sudo \($0.1) \(package)" }
    }
}
