import CLinux
package import Model

extension HostWatcher {
    /// Translations that stand or ended lately, the latest first; `nil` when conntrack cannot be followed, or after the end.
    package func translations(_ selection: TranslationSelection) async -> [TranslationState]? {
        await inspect { $0.conntrack.translations(selection) } ?? nil
    }
}

extension HostWatcher {
    /// Port forwards in force, and what came by them; `nil` after the end.
    package func portForwards() async -> PortForwardSnapshot? { await inspect { $0.conntrack.forwards() } }
}

extension ConntrackWatcher where Socket: ~Copyable {
    /// Those that `selection` includes, the latest first.
    func translations(_ selection: TranslationSelection) -> [TranslationState] {
        var found: [TranslationState] = []
        // Twice what is wanted is let in before the older half goes: 100,000 are looked at, few are kept.
        let room = max(64, min(selection.limit, 1 << 20) * 2)
        func add(_ state: TranslationState) {
            guard selection.includes(state.translation, state.serial) else { return }
            found.append(state)
            guard found.count >= room else { return }
            found.sort { $0.serial > $1.serial }
            found.removeLast(found.count - selection.limit)
        }
        table.forEachTranslated { add(TranslationState($0, serial: $1, heard: $2)) }
        ended.all.forEach(add)
        found.sort { $0.serial > $1.serial }
        return Array(found.prefix(max(0, selection.limit)))
    }
}

extension TranslationState {
    init(_ entry: ConntrackEntry, serial: UInt64, heard: Timestamp) {
        self.init(
            translation: Translation(entry), serial: serial, heard: heard,
            state: entry.tcpState.flatMap { ConntrackEntry.name(ofTCPState: $0) },
            isAnswered: entry.status & IPS_SEEN_REPLY.rawValue != 0)
    }
}

extension ConntrackEntry {
    /// The state's name as conntrack(8) has it, in lower case.
    static func name(ofTCPState number: UInt8) -> String? {
        switch tcp_conntrack(rawValue: UInt32(number)) {
        case TCP_CONNTRACK_SYN_SENT: "syn_sent"
        case TCP_CONNTRACK_SYN_RECV: "syn_recv"
        case TCP_CONNTRACK_ESTABLISHED: "established"
        case TCP_CONNTRACK_FIN_WAIT: "fin_wait"
        case TCP_CONNTRACK_CLOSE_WAIT: "close_wait"
        case TCP_CONNTRACK_LAST_ACK: "last_ack"
        case TCP_CONNTRACK_TIME_WAIT: "time_wait"
        case TCP_CONNTRACK_CLOSE: "close"
        // SYNs of both sides; the header calls the value so, and an alias by what it means.
        case TCP_CONNTRACK_LISTEN: "syn_sent2"
        default: nil
        }
    }
}
