/// What the daemon itself takes of the host.
package struct DaemonUsage: Sendable, Equatable {
    package var pid: Int32
    /// Processor time since the start, its own and the kernel's for it (getrusage(2)).
    package var cpu: TimeSpan
    /// Bytes in memory now, and at most; what it shares with files is counted in.
    package var resident: UInt64?
    package var peakResident: UInt64?
    package var threads: Int?
    package var openFiles: Int?
    /// How many it may open (RLIMIT_NOFILE).
    package var openFilesLimit: UInt64?

    package init(pid: Int32, cpu: TimeSpan) {
        self.pid = pid
        self.cpu = cpu
    }
}

/// How fast something grew lately, by the second.
package struct InterfaceRate: Sendable, Equatable {
    package var frames: UInt64
    /// On the wire.
    package var bytes: UInt64
    /// By the kernel and the interface.
    package var dropped: UInt64

    package init(frames: UInt64, bytes: UInt64, dropped: UInt64) {
        self.frames = frames
        self.bytes = bytes
        self.dropped = dropped
    }
}
