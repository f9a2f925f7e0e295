import Model

/// Which process sent what has no port, ICMP's echo requests above all: the kernel looks for a way as each is sent, and that
/// tells the process and the peer, a moment before the packet is seen.
///
/// Holds the last ``capacity``, dropping the oldest: they are asked for within milliseconds.
struct EchoSenders {
    private var ring: [Sending] = []
    private var next = 0

    private static let capacity = 1024
    /// From the look for a way to the packet.
    private static let lead = TimeSpan.milliseconds(2)
    private static let slack = TimeSpan(nanoseconds: 100_000)

    private struct Sending {
        var transport: TransportProtocol
        var peer: IPAddress
        var time: Timestamp
        var process: Process
    }

    mutating func note(_ tuple: FlowTuple, _ process: Process, at time: Timestamp) {
        let sending = Sending(transport: tuple.transport, peer: tuple.destination.address, time: time, process: process)
        if ring.count < Self.capacity {
            ring.append(sending)
        } else {
            ring[next] = sending
            next = (next + 1) % Self.capacity
        }
    }

    /// Those that sent to the request's peer just before its first packet was seen at `first`, each once.
    func senders(of tuple: FlowTuple, at first: Timestamp) -> [Process] {
        var found: [Process] = []
        for sending in ring
        where sending.transport == tuple.transport && sending.peer == tuple.destination.address
            && sending.time <= first + Self.slack && sending.time >= first - Self.lead
        {
            if !found.contains(where: { $0.pid == sending.process.pid }) { found.append(sending.process) }
        }
        return found
    }
}
