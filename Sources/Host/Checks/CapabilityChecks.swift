import Confine
import Model

extension Capabilities {
    /// All that answers depend on, and which ones each is for.
    static let needed: [(capability: Capabilities, name: String, lost: String)] = [
        (.netRaw, "CAP_NET_RAW", "everything: no frame can be captured"),
        (.netAdmin, "CAP_NET_ADMIN", "translations and the rules behind them"),
        (.perfmon, "CAP_PERFMON", "processes that live for a moment, and requests that never left"),
        (.readSearch, "CAP_DAC_READ_SEARCH", "tracepoints, and whose sockets those of other users are"),
        (.ptrace, "CAP_SYS_PTRACE", "other users' programs and containers, and whose sockets theirs are"),
    ]

    /// Whether they permit what needs `capability`: some permit what others do (capabilities(7)).
    func allows(_ capability: Capabilities) -> Bool {
        if contains(capability) { return true }
        if capability == .perfmon { return contains(.systemAdmin) }
        if capability == .readSearch { return contains(.override) }
        return false
    }
}

extension Surroundings {
    /// One check for each capability.
    var capabilityChecks: [Check] {
        Capabilities.needed.map { need in
            let name = need.name.lowercased()
            guard let capabilities else {
                return Check(name, .unknown, "/proc/self/status does not say what waybilld may do", lost: need.lost)
            }
            if capabilities.allows(need.capability) { return Check(name, .ok, "waybilld has it") }
            var finding = "waybilld does not have it"
            if need.capability == .perfmon, let paranoia {
                // perf_allow_tracepoint, include/linux/perf_event.h
                guard paranoia > -1 else {
                    return Check(
                        name, .ok, "waybilld does without: kernel.perf_event_paranoid \(paranoia) lets everybody trace")
                }
                finding += ", and kernel.perf_event_paranoid is \(paranoia)"
            }
            return Check(name, .lost, finding + missingHint, lost: need.lost, fix: grantingCapabilities)
        }
    }
}
