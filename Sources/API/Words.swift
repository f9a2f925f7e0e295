// The contract's closed vocabularies. Raw values are what stands in the JSON and in the filters.

package enum Transport: String, Sendable, Decodable, CaseIterable {
    case tcp, udp, icmp, icmpv6
}

package enum Direction: String, Sendable, Decodable, CaseIterable {
    case outbound, inbound, forwarded, local
}

/// The steps of a request, in the order of the waterfall.
package enum StageName: String, Sendable, Decodable, CaseIterable {
    case process, name, route, neighbour, port, translation, connect, secure, exchange, close
}

package enum StageStatus: String, Sendable, Decodable, CaseIterable {
    case ok, failed, pending
    /// It must have happened and was not observed: cached, or before the capture.
    case unseen
    case notApplicable = "not_applicable"
}

package enum Outcome: String, Sendable, Decodable, CaseIterable {
    case ok, failed, pending
    /// Too little was seen to tell.
    case unknown
}

package enum TCPState: String, Sendable, Decodable, CaseIterable {
    case noAnswer = "no_answer"
    case refused, aborted
    case halfOpen = "half_open"
    case established
    case halfClosed = "half_closed"
    case closed
    case resetByClient = "reset_by_client"
    case resetByServer = "reset_by_server"
    case midstream
}
