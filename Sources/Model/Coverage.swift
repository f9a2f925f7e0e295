/// What the observer could not see while the record was made.
package struct Coverage: Sendable, Equatable {
    /// Frames of this request that the snap length cut.
    package var cutFrames: UInt64 = 0
    /// The record begins in the middle of the request.
    package var joinedMidstream = false
    /// Holes in the sequence space beyond what could be tracked.
    package var untrackedHoles: UInt32 = 0
    /// Copies of this request's packets on other interfaces, seen and not counted again.
    package var copiesElsewhere: UInt64 = 0
    /// There was no room to count which of its segments stand out.
    package var analysisSkipped = false

    /// The kernel's news of translations were lost while it was open: one of its own may be unknown.
    package var translationsMissed = false
    /// Datagrams of this request that came in fragments and were put together.
    package var reassembled: UInt64 = 0

    package init() {}
}
