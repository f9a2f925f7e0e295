import Glibc
import Model
import Synchronization

/// Notices when local ports become scarce towards some peer.
///
/// The number of all TCP sockets costs one small file (/proc/net/sockstat). Only when there are more than half as many as
/// ports to choose from are they listed, on a thread of their own: a list of 28,000 takes tens of milliseconds. The next
/// one is made fifty times as much later.
final class PortWatch: Sendable {
    private let state = Mutex(State())
    private let folder: String

    private struct State {
        var isLooking = false
        var next = Timestamp.distantPast
        /// What was found and not yet told.
        var found: [PortScarcity]?
        var wasScarce = false
        var earlier: (time: Timestamp, ways: [PortSurvey.Way: PortSurvey.Use])?
    }

    private static let interval = TimeSpan.seconds(2)
    /// Of the ports that there are to choose from.
    private static let share = 0.5
    /// The fullest ways that are told.
    private static let limit = 16

    init(folder: String = "/proc") { self.folder = folder }

    /// What is new since the last call: the ways on which most ports are taken, instead of those told before.
    func take() -> [PortScarcity]? {
        state.withLock { state in
            defer { state.found = nil }
            return state.found
        }
    }

    /// Looks, when it is time.
    func look(at now: Timestamp) {
        let isDue = state.withLock { !$0.isLooking && (now >= $0.next || $0.next > now + .seconds(600)) }
        guard isDue else { return }
        let range = EphemeralPorts.ofThisHost
        let count = ProcFile.text(of: "\(folder)/net/sockstat").flatMap { Self.sockets($0) } ?? 0
        guard let range, range.count > 0, Double(count) >= Self.share * Double(range.count) else {
            state.withLock { state in
                state.next = now + Self.interval
                if state.wasScarce { state.found = [] }
                state.wasScarce = false
                state.earlier = nil
            }
            return
        }
        state.withLock { $0.isLooking = true }
        guard !OwnThread.start("port-watch", keeping: [], { self.list(range) }) else { return }
        state.withLock { state in
            state.isLooking = false
            state.next = now + Self.interval
        }
    }

    /// All TCP sockets of this network namespace, those in TIME_WAIT among them: `TCP: inuse 5 orphan 0 tw 27000 …`.
    static func sockets(_ text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("TCP:") }) else { return nil }
        let words = line.split(separator: " ")
        func number(_ name: Substring) -> Int? {
            words.firstIndex(of: name).flatMap { words.indices.contains($0 + 1) ? UInt32(words[$0 + 1]) : nil }.map(
                Int.init)
        }
        guard let open = number("inuse"), let waiting = number("tw") else { return nil }
        return open + waiting
    }

    private func list(_ range: EphemeralPorts) {
        let began = HostClock.now
        let ways = Self.ways(range)
        let ended = HostClock.now
        state.withLock { state in
            state.isLooking = false
            let effort = TimeSpan(nanoseconds: max(0, (ended - began).nanoseconds) * 50)
            state.next = ended + max(Self.interval, effort)
            guard let ways else { return }
            let found = Self.scarce(ways, range, since: state.earlier, at: began)
            state.found = found
            state.wasScarce = !found.isEmpty
            state.earlier = (began, ways)
        }
    }

    private static func ways(_ range: EphemeralPorts) -> [PortSurvey.Way: PortSurvey.Use]? {
        do throws(NetlinkError) {
            var finder = try SocketFinder()
            return try PortSurvey.uses(&finder, range)
        } catch { return nil }
    }

    /// The ways on which more than half of the ports are taken, the fullest first.
    static func scarce(
        _ ways: [PortSurvey.Way: PortSurvey.Use], _ range: EphemeralPorts,
        since earlier: (time: Timestamp, ways: [PortSurvey.Way: PortSurvey.Use])?, at now: Timestamp
    ) -> [PortScarcity] {
        let full = ways.filter { Double($0.value.inUse) >= share * Double(range.count) }
            .sorted { $0.value.inUse > $1.value.inUse }.prefix(limit)
        return full.map { way, use in
            var pressure = PortPressure(source: way.source, peer: way.peer, inUse: use.inUse, timeWait: use.timeWait)
            if let earlier, now > earlier.time {
                let seconds = Double((now - earlier.time).nanoseconds) / 1e9
                pressure.growth = Double(use.inUse - (earlier.ways[way]?.inUse ?? 0)) / seconds
            }
            return PortScarcity(pressure, of: range)
        }
    }
}
