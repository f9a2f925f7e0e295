/// A socket that listens at the port of an inbound request, as it was a moment after the request began.
package struct ServingListener: Sendable, Equatable {
    /// What it is bound to; unspecified for all addresses.
    package var address: IPAddress
    /// Connections that wait to be accepted; of TCP alone.
    package var queue: Queue?

    package struct Queue: Sendable, Equatable {
        package var waiting: UInt32
        package var limit: UInt32

        package init(waiting: UInt32, limit: UInt32) {
            self.waiting = waiting
            self.limit = limit
        }

        /// No further SYN is answered (Linux, `sk_acceptq_is_full`: one more than the limit may wait).
        package var isFull: Bool { waiting > limit }
    }

    package init(address: IPAddress, queue: Queue? = nil) {
        self.address = address
        self.queue = queue
    }
}
