// What several stages need to know of a lifecycle before they can judge their own part.

extension Lifecycle {
    /// The connection is older than the capture.
    var isMidstream: Bool { (coverage.joinedMidstream || tcp?.state == .midstream) && !isUnsolicited }

    /// The packets themselves say that no more will come, or nothing came for so long that it was given up. The end
    /// of a capture and an eviction say nothing of the kind: an answer could have followed.
    var isOver: Bool {
        switch ending {
        case .closed, .idle, .portReused: return true
        case .evicted, .captureEnded, nil: break
        }
        switch tcp?.state {
        case .refused, .aborted, .closed, .resetByClient, .resetByServer: return true
        case .noAnswer, .halfOpen, .established, .halfClosed, .midstream, nil: return false
        }
    }

    /// The word of a pending stage, by who or what it waits for.
    func waiting(for what: String) -> String {
        switch ending {
        case .captureEnded: "capture_ended"
        case .evicted: "evicted"
        case .closed, .idle, .portReused, nil: what
        }
    }

    /// The oldest ICMP error that says the client's packets cannot get there.
    package var fatalError: ICMPErrorReport? {
        icmpErrors.first { $0.isFatal && $0.quoted?.source != server.endpoint }
    }

    /// Whether the TCP handshake was completed, seen or not.
    var isConnected: Bool {
        guard let tcp else { return transport != .tcp }
        if isUnsolicited || isNeverAccepted { return false }
        switch tcp.state {
        case .noAnswer, .refused, .aborted, .halfOpen: return false
        case .established, .halfClosed, .closed, .midstream: return true
        case .resetByClient, .resetByServer: return tcp.established != nil || isMidstream || client.payloadBytes > 0
        }
    }

    /// Client and server are this host, or one of its own addresses.
    var isOnLoopback: Bool { direction == .local || server.endpoint.address.isLoopback }

    /// More than one station may be meant, so there is no one to resolve or to answer.
    var isToGroup: Bool {
        let address = server.endpoint.address
        return address.isMulticast || address.isLimitedBroadcast || nextHopMAC?.isGroup == true
    }
}
