import Model

/// What answers about translations depend on.
struct ConntrackChecks {
    var source: HostSource
    /// The kernel has no such thing, at least not now.
    var isMissing = false
    var room: ConntrackRoom
    var kernel: Kernel

    /// The kernel's settings for this network namespace (Documentation/networking/nf_conntrack-sysctl.rst); `nil` where it
    /// has none.
    struct Kernel: Equatable {
        /// 0 never tells of changes, 1 always, 2 while somebody listens.
        var events: Int?
        var timestamp: Int?

        static var present: Kernel {
            Kernel(
                events: ConntrackRoom.number("nf_conntrack_events"),
                timestamp: ConntrackRoom.number("nf_conntrack_timestamp"))
        }
    }

    func checks(_ surroundings: Surroundings) -> [Check] {
        let main = source.check(
            finding, fix: isMissing ? "sudo modprobe nf_conntrack_netlink" : surroundings.grantingCapabilities)
        // Without the source the rest is nobody's concern.
        guard source.trouble == nil else { return [main] }
        return [main, roomCheck(surroundings)] + settings(surroundings)
    }

    private var finding: String {
        guard let count = room.count, let limit = room.limit else { return "the kernel tells of every translation" }
        return "the kernel tells of every translation; it tracks \(count) of at most \(limit) connections now"
    }

    private func roomCheck(_ surroundings: Surroundings) -> Check {
        guard let trouble = room.trouble else {
            let strays =
                room.strays == 0
                ? "" : "; \(room.strays) packets lately belonged to no connection that it knows (invalid)"
            return Check("conntrack_room", .ok, "conntrack dropped nothing lately and its table has room\(strays)")
        }
        let fix = room.isNearlyFull ? room.limit.map { "sudo sysctl -w net.netfilter.nf_conntrack_max=\($0 * 2)" } : nil
        return Check(
            "conntrack_room", .limited, trouble, lost: "packets of new connections, which the kernel drops", fix: fix)
    }

    private func settings(_ surroundings: Surroundings) -> [Check] {
        var checks: [Check] = []
        if kernel.events == 0 {
            checks.append(
                Check(
                    "conntrack_events", .lost, "net.netfilter.nf_conntrack_events is 0: the kernel tells of no change",
                    lost: "translations that begin or end while waybilld runs",
                    fix: surroundings.setting("net.netfilter.nf_conntrack_events=2")))
        }
        if kernel.timestamp == 0 {
            checks.append(
                Check(
                    "conntrack_timestamps", .limited, "net.netfilter.nf_conntrack_timestamp is 0",
                    lost: "when translations began that were there before waybilld",
                    fix: surroundings.setting("net.netfilter.nf_conntrack_timestamp=1")))
        } else if kernel.timestamp != nil {
            checks.append(Check("conntrack_timestamps", .ok, "the kernel keeps when connections began"))
        }
        return checks
    }
}
