import CLinux
import Model

/// Asks the kernel one thing at a time, on a socket of its own.
///
/// It answers while it takes the question in (rtnetlink_rcv_msg, net/core/rtnetlink.c; nfnetlink_rcv_msg,
/// net/netfilter/nfnetlink.c): when the question is sent the answer waits already, and nobody has to. So there is never
/// more than one under way.
struct NetlinkAsker<Socket: NetlinkSocket & ~Copyable>: ~Copyable {
    private var socket: Socket
    private var sequence: UInt32 = 0

    enum Reply: Equatable {
        case message(NetlinkMessage)
        /// The kernel's errno, positive.
        case error(Int32)
    }

    init(socket: consuming Socket) { self.socket = socket }

    /// Answers to earlier questions that may stand before this one's.
    private static var patience: Int { 8 }

    /// - Returns: `nil` when no answer came.
    mutating func ask(_ request: consuming NetlinkRequest) -> Reply? {
        sequence = sequence == .max ? 1 : sequence + 1
        do throws(NetlinkError) {
            try socket.send(request.finish(sequence: sequence))
            for _ in 0..<Self.patience {
                guard case .datagram(let bytes) = try socket.receive() else { return nil }
                var messages = NetlinkMessages(bytes)
                while let message = messages.next() {
                    guard message.sequence == sequence else { continue }
                    guard Int(message.type) == Int(NLMSG_ERROR) else { return .message(message) }
                    return message.payload.load(Int32.self).map { .error(0 &- $0) }
                }
            }
        } catch { return nil }
        return nil
    }
}
