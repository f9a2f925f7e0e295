/// A SYN-ACK that acknowledges a request's own SYN, and comes from another address or port than that was sent to.
package struct ElsewhereAnswer: Sendable, Equatable {
    package var from: Endpoint
    /// The source MAC of its frame: the station itself on the client's own link, or the hop before the observer.
    package var mac: MACAddress?
    package var time: Timestamp

    package init(from: Endpoint, mac: MACAddress?, time: Timestamp) {
        self.from = from
        self.mac = mac
        self.time = time
    }
}
