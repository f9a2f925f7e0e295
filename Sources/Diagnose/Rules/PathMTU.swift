import Model

extension Finding {
    static let exchangeMTUBlackHole = Finding(
        id: "exchange.mtu_black_hole", stage: .exchange, severity: .error, title: "Large packets do not get through",
        cause:
            "A link on the way carries only smaller packets, and the word of it (ICMP \"fragmentation needed\", \"packet too big\") does not reach the sender, or it does not obey (RFC 2923 §2.1). Tunnels and VPNs often bring it about.",
        evidence:
            "A handshake, full-size segments that are sent again or missing, small ones after them that arrive; or the ICMP error, and a sender that goes on as before.",
        fix:
            "Let ICMP pass; or `ip route change … mtu 1280`, or clamp the MSS: `nft … tcp option maxseg size set rt mtu`."
    )

    static let exchangePathMTU = Finding(
        id: "exchange.path_mtu", stage: .exchange, severity: .notice,
        title: "A link on the way carries smaller packets",
        cause:
            "The path has a smaller MTU than the first link, as behind a tunnel; the sender was told and obeyed (RFC 1191, RFC 8201).",
        evidence: "ICMP \"fragmentation needed\" or \"packet too big\" that quotes the request, which went on.",
        fix: "Nothing, unless it happens often: then lower the MTU at the sender or clamp the MSS.")
}

extension Diagnosis {
    /// The handshake is fine, and what fills whole packets gets lost.
    static func mtuBlackHole(_ subject: Case) -> Verdict? {
        guard subject.lifecycle.transport == .tcp, let party = subject.sizeVictim else { return nil }
        let side = subject.side(party)
        var evidence: [String] = []
        if let error = subject.tooBig {
            evidence.append(
                "ICMP \(error.name) from \(error.from): at most \(error.mtu ?? 0) bytes, "
                    + "\(Words.span(error.time - subject.lifecycle.first)) after the first packet")
        }
        let again = side.tcp?.retransmittedSegments ?? 0
        if again > 0 {
            let longest = side.tcp?.longestRepetition ?? 0
            evidence.append(
                "\(Words.count(again, "segment")) of the \(party.name) sent again in vain, of up to "
                    + "\(Words.count(longest, "byte"))")
        }
        if let missing = side.tcp?.missingBytes, missing > 0 {
            evidence.append("\(Words.count(missing, "byte")) of the \(party.name) never came, while what follows did")
        }
        if let answer = subject.answerToSmallOnes(party) { evidence.append(answer) }
        let limit = subject.tooBig.map { ", and \($0.from) says so" } ?? ""
        let address = subject.side(party == .client ? .server : .client).endpoint.address
        return subject.verdict(
            .exchangeMTUBlackHole, at: subject.stageUnderWay,
            "Small packets between the client and \(subject.server) get through, large ones of the \(party.name) do not\(limit).",
            severity: subject.waterfall.failure == nil ? .warning : .error,
            evidence: evidence, confidence: .likely,
            next: [
                "ping -M do -s 1400 -c 3 \(address)  # \(party == .client ? "do" : "on the server: do") large packets pass?",
                "tracepath -n \(address)",
                "nft list ruleset  # does a rule drop ICMP \"fragmentation needed\"?",
            ])
    }

    /// The sender was told of a smaller MTU, and it worked.
    static func pathMTU(_ subject: Case) -> Verdict? {
        guard let error = subject.tooBig, subject.waterfall.outcome == .ok else { return nil }
        return subject.verdict(
            .exchangePathMTU,
            "A link on the way to \(subject.server) carries at most \(error.mtu ?? 0) bytes a packet; the sender was told.",
            evidence: [
                "ICMP \(error.name) from \(error.from), \(Words.span(error.time - subject.lifecycle.first)) after the first packet"
            ], next: ["tracepath -n \(subject.serverAddress)"])
    }
}

extension Case {
    /// The latest error that names the MTU of a link on the way (RFC 1191 §4, RFC 4443 §3.2).
    fileprivate var tooBig: ICMPErrorReport? { lifecycle.icmpErrors.last { !$0.isFatal && ($0.mtu ?? 0) > 0 } }

    /// The side whose large segments get lost.
    fileprivate var sizeVictim: Party? {
        if let error = tooBig {
            let party: Party = error.quoted?.source == lifecycle.server.endpoint ? .server : .client
            let first = lifecycle.icmpErrors.first { !$0.isFatal && ($0.mtu ?? 0) > 0 }?.time ?? error.time
            return isStuck(party) && lifecycle.last - first >= Self.patience ? party : nil
        }
        return [Party.client, .server].first { losesLargeOnes($0) || missesLargeOnes($0) }
    }

    /// So little of the side's bytes has been acknowledged that no segment of full size can be among them.
    private func isStuck(_ party: Party) -> Bool {
        guard let tcp = side(party).tcp, let open = tcp.unacknowledged, open > 0 else { return false }
        return tcp.sequenceBytes < UInt64(open) + UInt64(fullSize)
    }

    /// As many repetitions as make an accident unlikely: each is lost again.
    private static let enough: UInt32 = 3
    private static let patience = TimeSpan.seconds(1)

    /// Seen on the sender's side of the link: full-size segments again and again, and the other side, which got something
    /// smaller after them, goes on to ask for them.
    private func losesLargeOnes(_ party: Party) -> Bool {
        guard let tcp = side(party).tcp, let open = tcp.unacknowledged else { return false }
        return isStuck(party) && open >= fullSize && tcp.retransmittedSegments >= Self.enough
            && tcp.longestRepetition >= fullSize && answerToSmallOnes(party) != nil
    }

    /// That the other side got something smaller after what it waits for: it says again how far it has come. Where nothing
    /// was acknowledged yet, its first ACK may only tell another window than its SYN-ACK did.
    fileprivate func answerToSmallOnes(_ party: Party) -> String? {
        guard let tcp = side(party).tcp, let other = side(party.other).tcp?.analysis, let open = tcp.unacknowledged
        else { return nil }
        let isFresh = UInt64(open) >= tcp.sequenceBytes
        let answers = UInt64(other.duplicateAcks) + (isFresh ? UInt64(other.windowUpdates) : 0)
        guard answers > 0 else { return nil }
        return "the \(party.other.name) got something after them: \(Words.count(answers, "ACK")) told no progress"
    }

    /// Seen on the receiver's side: a gap that nothing ever fills, though what follows it came.
    private func missesLargeOnes(_ party: Party) -> Bool {
        guard let tcp = side(party).tcp, let other = side(party.other).tcp, let open = tcp.unacknowledged,
            let sent = side(party).lastPayload
        else { return false }
        return isStuck(party) && tcp.missingBytes >= UInt64(fullSize) && UInt64(open) > tcp.missingBytes
            && tcp.outOfOrderSegments == 0
            && tcp.retransmittedSegments == 0 && other.analysis.duplicateAcks > 0
            && lifecycle.last - sent >= Self.patience
    }

    /// The payload of a segment that is as large as both sides allow, roughly.
    private var fullSize: UInt32 {
        let sizes = [lifecycle.client.tcp, lifecycle.server.tcp].compactMap { $0?.options?.maximumSegmentSize }
        return UInt32(sizes.min() ?? 1220) / 10 * 9
    }
}
