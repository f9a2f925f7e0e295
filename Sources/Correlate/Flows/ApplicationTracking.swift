import Decode
import Model

extension Correlator {
    /// First bytes.
    mutating func readFirstBytes(_ slot: Int, _ direction: Int, _ packet: Packet, _ frame: RawSpan) {
        flows.hot[slot].marks.remove(Flow.watches(direction))
    }
}
