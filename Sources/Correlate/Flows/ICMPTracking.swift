import Decode
import Model

extension Correlator {
    mutating func observeICMP(_ packet: Packet, _ frame: RawSpan) {
        guard
            let message = try? ICMPView(
                packet.message(in: frame), version: packet.source.version, at: packet.headerOffset)
        else { return }
        if message.isEchoRequest || message.isEchoReply {
            observeEcho(packet, identifier: message.identifier, isReply: message.isEchoReply, frame)
        } else if message.isError {
            observeError(message, packet)
        } else {
            do throws(DecodeError) {
                if let discovery = try message.neighbourDiscovery() { observeNDP(discovery, packet) }
            } catch {
                decoder.countFailure(error, isCut: packet.isCut)
            }
        }
    }

    /// An error message; the packet that it quotes tells whose it is, and is itself no packet of a request.
    private mutating func observeError(_ message: borrowing ICMPView, _ packet: Packet) {
        totals.icmpErrors &+= 1
        var report = ICMPErrorReport(
            time: packet.time, from: packet.source, to: packet.destination, type: message.type, code: message.code)
        report.mtu = message.mtu
        do throws(DecodeError) {
            report.quoted = try message.quotation()
        } catch {
            decoder.countFailure(error, isCut: packet.isCut)
        }
        if let quoted = report.quoted {
            let key = FlowKey(quoted)
            if let found = flows.find(key, hash: key.hash(hash)) ?? paths.find(key, key.hash(hash))?.slot {
                let slot = request(of: found)
                report.request = identifier(slot)
                if settings.keepsRecords { attachments.demand(&flows.cold[slot]).note(report) }
                noteChange(slot)
            }
        }
        if settings.keepsRecords { finished.append(.icmpError(report)) }
    }
}
