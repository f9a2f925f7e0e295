/// How many local ports were taken from one address towards one peer, told where that is more than half of them. It never
/// changes, and many requests share it.
package final class PortScarcity: Sendable {
    package let pressure: PortPressure
    package let range: EphemeralPorts

    package init(_ pressure: PortPressure, of range: EphemeralPorts) {
        self.pressure = pressure
        self.range = range
    }
}

extension PortScarcity: Equatable {
    package static func == (left: PortScarcity, right: PortScarcity) -> Bool {
        left === right || left.pressure == right.pressure && left.range == right.range
    }
}
