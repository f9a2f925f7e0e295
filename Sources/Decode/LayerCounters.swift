package import Model

/// What became of every layer of every frame.
package struct LayerCounters: Sendable {
    package internal(set) var frames: UInt64 = 0
    /// On the wire.
    package internal(set) var bytes: UInt64 = 0
    package internal(set) var cutFrames: UInt64 = 0
    /// Frames without IP or ARP.
    package internal(set) var otherFrames: UInt64 = 0
    /// IP packets of a protocol that is not followed.
    package internal(set) var otherTransport: UInt64 = 0
    package internal(set) var laterFragments: UInt64 = 0
    var decoded = PerLayer()
    private var cut = PerLayer()
    private var reasons: [Reason: UInt64] = [:]

    /// Bounded by the number of layers times the number of fields.
    private struct Reason: Hashable {
        let layer: Layer
        /// `nil` when the header did not fit into what was on the wire.
        let field: DecodeError.Field?
    }

    struct PerLayer: Sendable {
        private var counts = InlineArray<28, UInt64>(repeating: 0)

        subscript(_ layer: Layer) -> UInt64 {
            @inline(__always) get { counts[layer.index] }
            @inline(__always) set { counts[layer.index] = newValue }
        }
    }

    /// A header whose bytes were on the wire up to `wireEnd` (bytes into the frame) was cut by the snap length;
    /// one that reaches beyond it is malformed.
    @inline(never)
    mutating func count(_ error: DecodeError, wireEnd: Int) {
        switch error {
        case .truncated(let layer, let offset, let needs, _):
            if offset.addingReportingOverflow(needs).partialValue <= wireEnd {
                cut[layer] &+= 1
            } else {
                reasons[Reason(layer: layer, field: nil), default: 0] &+= 1
            }
        case .invalid(let layer, _, let field, _):
            reasons[Reason(layer: layer, field: field), default: 0] &+= 1
        }
    }

    /// Layers that were met, in the order in which a frame meets them.
    package var summary: [LayerSummary] {
        Layer.allCases.compactMap { layer in
            let own = reasons.filter { $0.key.layer == layer }
                .map { LayerSummary.Reason(reason: $0.key.field?.description ?? "too short", count: $0.value) }
                .sorted { $0.reason < $1.reason }
            let malformed = own.reduce(0) { $0 &+ $1.count }
            guard decoded[layer] > 0 || cut[layer] > 0 || malformed > 0 else { return nil }
            return LayerSummary(
                layer: layer, decoded: decoded[layer], cut: cut[layer], malformed: malformed, reasons: own)
        }
    }
}
