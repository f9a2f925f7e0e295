import CLinux
import Model

/// Asks for conntrack's counters (IPCTNL_MSG_CT_GET_STATS_CPU), on a socket of its own: a dump of a table that is full to its
/// limit takes long, the kernel runs one a socket, and it is then that the counters are wanted.
///
/// It never waits: call ``ask(at:)`` now and then, poll the socket, and call ``receive(at:)``.
final class ConntrackCounters<Socket: NetlinkSocket & ~Copyable> {
    private(set) var socket: Socket
    private(set) var latest: ConntrackStatistics?
    private var coming = ConntrackStatistics(asked: .distantPast)
    private var sequence: UInt32 = 0
    private var isAsked = false

    init(socket: consuming Socket) { self.socket = socket }

    /// Asks, unless the last answer is still on its way: a dump that is under way is refused another (EBUSY).
    ///
    /// - Throws: ``NetlinkError`` when the request cannot be sent.
    func ask(at now: Timestamp) throws(NetlinkError) {
        guard !isAsked else { return }
        sequence = sequence == .max ? 1 : sequence + 1
        coming = ConntrackStatistics(asked: now)
        isAsked = true
        try socket.send(NetlinkRequest.conntrackStatistics(sequence: sequence))
    }

    /// Takes in what has arrived, without waiting.
    ///
    /// - Returns: whether ``latest`` is new.
    /// - Throws: ``NetlinkError`` when the socket fails or the kernel has no counters to give.
    func receive(at now: Timestamp) throws(NetlinkError) -> Bool {
        var isNew = false
        while true {
            switch try socket.receive() {
            case .nothing: return isNew
            case .lost: isAsked = false
            case .datagram(let bytes):
                var messages = NetlinkMessages(bytes)
                while let message = messages.next() {
                    guard isAsked, message.sequence == sequence else { continue }
                    if try take(message, now) { isNew = true }
                }
            }
        }
    }

    /// Whether the answer is complete.
    private func take(_ message: NetlinkMessage, _ now: Timestamp) throws(NetlinkError) -> Bool {
        switch Int(message.type) {
        case ConntrackEntry.type(IPCTNL_MSG_CT_GET_STATS_CPU): coming.add(message.payload)
        case Int(NLMSG_DONE):
            isAsked = false
            coming.heard = now
            latest = coming
            return true
        case Int(NLMSG_ERROR):
            // A negative errno, or 0 for an acknowledgement, which was not asked for.
            let number = message.payload.load(Int32.self) ?? 0
            if number != 0 { throw .refused(request: "counters (conntrack)", errno: 0 &- number) }
        default: break
        }
        return false
    }
}
