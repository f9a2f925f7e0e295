import Model

/// Reads what a process is from /proc, all of it at one moment.
struct ProcessReader {
    private let folder: ProcFolder
    private let boot: Timestamp
    private let ownNamespace: UInt64?
    var keepsArguments: Bool
    private var users: UserNames

    init(folder: ProcFolder, boot: Timestamp, keepsArguments: Bool, users: UserNames = UserNames()) {
        self.folder = folder
        self.boot = boot
        self.keepsArguments = keepsArguments
        self.users = users
        ownNamespace = folder.networkNamespace("self")
    }

    /// - Parameters:
    ///   - ancestors: gives those from a PID on upwards.
    ///   - file: what it runs as events have it, for one of which /proc tells no more.
    /// - Returns: the process, and whether all of it was to be seen; `nil` when it is gone, or came and went while it
    ///   was read.
    mutating func read(
        _ pid: Int32, file: String? = nil, ancestors: (_ parent: Int32) -> [Process.Ancestor]
    ) -> (process: Process, isWhole: Bool)? {
        guard let stat = folder.stat(pid) else { return nil }
        // What goes first when it ends is read first.
        let arguments = folder.arguments(pid)
        let executable = folder.executable(pid)
        let controlGroup = folder.controlGroup(pid)
        let owner = user(folder.user(pid))
        let namespace = namespace(pid)
        guard folder.stat(pid)?.started == stat.started else { return nil }
        let ticks = stat.started.multipliedReportingOverflow(by: 1_000_000_000 / ProcFolder.ticks)
        let group = controlGroup.map { ControlGroupName(path: $0) }
        // A kernel thread has neither program nor arguments. Of another process that has none its end has begun.
        let isKernel = pid == Self.kernelParent || stat.parent == Self.kernelParent
        let isEnding = arguments?.isEmpty != false && !isKernel
        let gap: String? =
            isEnding
            ? "it was ending when /proc was read: its command line is not known"
            : executable == nil && !isKernel ? "its program file may not be looked at" : nil
        let process = Process(
            pid: pid, name: stat.name,
            started: boot + TimeSpan(nanoseconds: ticks.overflow ? .max / 2 : Int64(clamping: ticks.partialValue)),
            executable: executable ?? (isEnding ? file.flatMap { $0.hasPrefix("/") ? $0 : nil } : nil),
            arguments: keepsArguments && !isEnding ? arguments : nil,
            ancestors: ancestors(stat.parent), user: owner, controlGroup: controlGroup, unit: group?.unit,
            container: group?.container,
            networkNamespace: namespace, gap: gap)
        return (process, !isEnding)
    }

    /// kthreadd, which all threads of the kernel come from.
    private static let kernelParent: Int32 = 2

    mutating func user(_ identifier: UInt32?) -> Process.User? {
        identifier.map { Process.User(identifier: $0, name: users.name(of: $0)) }
    }

    private func namespace(_ pid: Int32) -> Process.NetworkNamespace {
        guard let inode = folder.networkNamespace(String(pid)), let ownNamespace else { return .unknown }
        return inode == ownNamespace ? .own : .other(inode)
    }
}
