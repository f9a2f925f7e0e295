import API
import Model

extension API.Status {
    /// Whether frames are seen, all of them, and soon.
    func captureChecks(at now: Timestamp, _ state: WatchState) -> [API.Check] {
        [capture, drops, delay(now, state.observedUntil)]
    }

    private var capture: API.Check {
        let open = interfaces.filter { $0.state == .capturing }
        let failed = interfaces.filter { $0.state == .failed }
        guard !open.isEmpty else {
            let why = failed.first.flatMap(\.reason).map { ": \($0)" } ?? ""
            return API.Check(
                "capture", .lost, "no interface is captured\(why)", lost: "everything",
                fix: "sudo waybilld --check-config")
        }
        guard failed.isEmpty else {
            let list = failed.map { $0.name + ($0.reason.map { ": \($0)" } ?? "") }.joined(separator: "; ")
            return API.Check(
                "capture", .limited, "not captured: \(list)", lost: "requests that use those interfaces alone")
        }
        return API.Check("capture", .ok, "captured: \(Self.names(open.map(\.name)))")
    }

    private static func names(_ names: [String]) -> String {
        let shown = names.prefix(8).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }

    /// From one frame in a hundred on, requests without gaps are the exception.
    private static let manyDropped = 0.01

    private static func dropped(_ interface: InterfaceStatus) -> UInt64 {
        (interface.droppedByKernel ?? 0) &+ (interface.droppedByInterface ?? 0)
    }

    private var drops: API.Check {
        let received = interfaces.reduce(UInt64(0)) { $0 &+ ($1.received ?? 0) }
        let dropped = interfaces.reduce(UInt64(0)) { $0 &+ Self.dropped($1) }
        guard dropped > 0 else { return API.Check("drops", .ok, "no frame was dropped since the start") }
        let lossy = interfaces.filter { Self.dropped($0) > 0 }.map(\.name)
        let isMuch = Double(dropped) >= Self.manyDropped * (Double(received) + Double(dropped))
        return API.Check(
            "drops", isMuch ? .lost : .limited,
            "\(dropped) frames were dropped since the start, on \(Self.names(lossy)); a larger buffer_mib rides out "
                + "longer bursts",
            lost: "what those frames told: segments, answers, whole requests", fix: "sudoedit /etc/waybill/waybill.yaml"
        )
    }

    private func delay(_ now: Timestamp, _ observed: Timestamp?) -> API.Check {
        guard let observed else {
            return API.Check("delay", .lost, "no frame has been read yet", lost: "everything until now")
        }
        let late = (now - observed).nanoseconds / 1_000_000
        guard late < 2000 else {
            return API.Check(
                "delay", .limited, "frames are read \(late) ms after they were seen", lost: "what happened since then")
        }
        return API.Check("delay", .ok, "frames are read as they come")
    }
}
