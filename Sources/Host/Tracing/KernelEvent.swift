import Model

/// Something that a thread did, as the kernel told it at that moment.
struct KernelEvent: Equatable {
    var time: Timestamp
    /// The process (thread group) and the thread, as this program's PID namespace numbers them.
    var pid: Int32
    var thread: Int32
    var body: Body

    enum Body: Equatable {
        /// It looked for a way to `destination` for a socket of its own: it connects, or sends.
        case routed(FlowTuple)
        /// One of the tables that it looked into had no way, or one that is refused; a negative errno. Another table may.
        case lookupFailed(FlowTuple, error: Int32)
        /// A TCP socket that connected was closed before it had a port: none was free.
        case noPort(FlowTuple)
        /// A TCP socket of its own came to another state. The address identifies the socket until it is destroyed.
        case connecting(socket: UInt64, FlowTuple)
        /// The state came about in whatever thread was running: only the tuple means something.
        case settled(socket: UInt64, FlowTuple)
        /// It went from SYN-SENT to CLOSE: refused, timed out, or given up. As with ``settled(socket:_:)``, only the tuple
        /// means something.
        case abandoned(socket: UInt64, FlowTuple)
        /// What it sent is held back until `nextHop` tells its hardware address.
        case held(nextHop: IPAddress, interface: String)
        case forked(parent: Int32)
        /// It calls itself so; `isExec` when it began to run another program.
        case named(String, isExec: Bool)
        /// The file that it began to run, as it was named.
        case executed(path: String)
        case exited
        /// So many records could not be kept: nobody read them in time.
        case lost(UInt64)
    }
}
