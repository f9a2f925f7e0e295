import CLinux
import Glibc
import Model

/// Translations, as conntrack has them.
final class ConntrackPart: HostPart {
    private var watcher: ConntrackWatcher<KernelNetlinkSocket>?
    /// `nil` where the kernel gives no counters: without them there is still all the rest.
    private var counters: ConntrackCounters<KernelNetlinkSocket>?
    /// Asks for single entries; `nil` where there is no socket for it.
    private var asker: NetlinkAsker<KernelNetlinkSocket>?
    private var trouble: String?
    /// The kernel does not know conntrack, at least not now.
    private var isMissing = false
    private var retriedAt = Timestamp.distantPast
    private var gaps: UInt64 = 0
    private var questions = ConntrackQuestions()
    private(set) var room = ConntrackRoom()
    private var uses = ForwardUses()
    private var failedInserts = FailedInserts()
    private var refusedPackets = RefusedPackets()

    /// An event takes about 1 KiB by the kernel's account: some 15,000 may wait, the better part of a second's worth at
    /// the highest rates.
    private static let bufferedBytes: CInt = 16 * 1024 * 1024
    private static let retryInterval = TimeSpan.seconds(10)

    private let rules: RulesetPart

    init(_ rules: RulesetPart) {
        self.rules = rules
        open(at: HostClock.now)
    }

    var source: HostSource {
        var source = HostSource(name: .conntrack, trouble: trouble ?? room.trouble)
        source.gaps = gaps
        return source
    }

    func checks(_ surroundings: Surroundings) -> [Check] {
        var bare = source
        bare.trouble = trouble
        return ConntrackChecks(source: bare, isMissing: isMissing, room: room, kernel: .present).checks(surroundings)
    }

    var descriptors: [CInt] {
        [watcher?.socket.fileDescriptor, counters?.socket.fileDescriptor].compactMap(\.self)
    }

    var due: Timestamp? { trouble == nil && watcher?.isSynchronised == true ? questions.due : nil }

    var tables: [TableSummary] {
        let own = watcher.map { [$0.table.summary, $0.ended.summary] } ?? []
        return own + [questions.summary]
    }

    func ask(_ questions: [HostQuestion]) {
        guard trouble == nil else { return }
        // Of what is asked about as forwarded, the translation is known.
        self.questions.take(questions.filter { $0.forwarding == nil }, at: HostClock.now)
    }

    func turn(_ now: Timestamp) -> [Fact] {
        guard trouble == nil else { return [] }
        let counted = troubleCounted(now)
        var facts: [Fact] = []
        do throws(NetlinkError) { facts = try receive(now) } catch { close(because: error) }
        let eventCount = facts.count
        facts += counted
        facts += questions.answers(at: now, watcher) { asker?.connection($0) ?? .unknown }
        for index in facts.indices {
            guard case .translation(var translation) = facts[index].body else { continue }
            translation.rule = rules.rule(for: translation)
            facts[index].body = .translation(translation)
            // An answer is of one that was counted when it began.
            if index < eventCount { uses.note(translation, at: facts[index].time) }
        }
        return facts
    }

    /// Entries times rules that are looked at for what stands, at most.
    private static let effort = 1 << 20

    /// Port forwards in force, and what came by them.
    func forwards() -> PortForwardSnapshot {
        var snapshot = PortForwardSnapshot()
        snapshot.forwards = rules.ruleset.forwards
        snapshot.trouble = rules.source.trouble ?? trouble.map { "what came by them is not known: \($0)" }
        var open: [TranslationRule: Int]? = [:]
        if let table = watcher?.table, table.translatedCount * rules.ruleset.count <= Self.effort {
            table.forEachTranslated { entry, _, _ in
                let translation = Translation(entry)
                guard translation.rewritesDestination, let rule = rules.rule(for: translation) else { return }
                open?[rule, default: 0] += 1
            }
        } else {
            open = nil
        }
        for index in snapshot.forwards.indices {
            let rule = snapshot.forwards[index].rule
            snapshot.forwards[index].use = uses.use(of: rule)
            snapshot.forwards[index].use.open = open.map { $0[rule] ?? 0 }
        }
        return snapshot
    }

    /// `nil` when conntrack cannot be followed.
    func translations(_ selection: TranslationSelection) -> [TranslationState]? {
        watcher?.translations(selection).map { state in
            var state = state
            state.translation.rule = rules.rule(for: state.translation)
            return state
        }
    }

    private func receive(_ now: Timestamp) throws(NetlinkError) -> [Fact] {
        let facts = try watcher?.receive(at: now) ?? []
        for case .translationsMissed in facts.lazy.map(\.body) { gaps &+= 1 }
        return facts
    }

    /// What the counters tell, once they are there.
    private func troubleCounted(_ now: Timestamp) -> [Fact] {
        do throws(NetlinkError) {
            guard let counters, try counters.receive(at: now), let statistics = counters.latest else { return [] }
            return [failedInserts.news(statistics), refusedPackets.news(statistics, room)].compactMap(\.self)
        } catch {
            counters = nil
            return []
        }
    }

    func expire(at now: Timestamp) {
        if trouble != nil, now >= retriedAt + Self.retryInterval || now < retriedAt { open(at: now) }
        guard trouble == nil else { return }
        uses.retain(rules.ruleset.forwards)
        room.look(counters?.latest, at: now)
        do throws(NetlinkError) { try counters?.ask(at: now) } catch { counters = nil }
    }

    private func open(at now: Timestamp) {
        retriedAt = now
        do throws(NetlinkError) {
            // Before the first dump: what is dropped while that is read counts too.
            counters = try ConntrackCounters(socket: KernelNetlinkSocket(NETLINK_NETFILTER))
            try counters?.ask(at: now)
        } catch { counters = nil }
        do throws(NetlinkError) {
            asker = try NetlinkAsker(socket: KernelNetlinkSocket(NETLINK_NETFILTER))
        } catch { asker = nil }
        do throws(NetlinkError) {
            watcher = try ConntrackWatcher(
                socket: KernelNetlinkSocket(
                    NETLINK_NETFILTER, groups: Self.groups, bufferedBytes: Self.bufferedBytes))
            trouble = nil
        } catch { close(because: error) }
    }

    private static var groups: UInt32 {
        [NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE, NFNLGRP_CONNTRACK_DESTROY]
            .reduce(0) { $0 | 1 << ($1.rawValue - 1) }
    }

    private func close(because error: NetlinkError) {
        watcher = nil
        counters = nil
        asker = nil
        trouble = words(error)
    }

    private func words(_ error: NetlinkError) -> String {
        isMissing = false
        switch error {
        case .socket(_, EPERM), .refused(_, EPERM): return "listening to conntrack needs the capability CAP_NET_ADMIN"
        case .socket(_, EPROTONOSUPPORT), .refused(_, EINVAL), .refused(_, EOPNOTSUPP):
            isMissing = true
            return
                "this kernel has no nf_conntrack_netlink; where it is a module, load it: modprobe nf_conntrack_netlink"
        case .socket, .refused: return error.description
        }
    }
}
