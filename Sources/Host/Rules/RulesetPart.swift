import CLinux
import Confine
import Glibc
import Model

/// The packet filter's rules, read by nft(8) at the start and whenever the kernel says that they changed.
///
/// nft is run as it is installed, with no argument from outside; it has 5 s, and of what it prints 2 MiB are read. Where
/// iptables-nft made rules it is run twice: only its text has what their targets lead to.
final class RulesetPart: HostPart {
    private(set) var ruleset = Ruleset()
    private var news: KernelNetlinkSocket?
    private var command: CommandOutput?
    /// Rules of iptables-nft, read but for where they lead: ``command`` tells that.
    private var incomplete: Ruleset?
    private var isDirty = true
    /// When the rules were last seen to be others than before; `nil` while they are those of the start.
    private var changed: Timestamp?
    private var isKnown = false
    private var nextRun = Timestamp.distantPast
    private var trouble: String?

    /// What nft has when it is run.
    static let capabilities: Capabilities = .netAdmin

    private static let paths = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"]
    private static let outputLimit = 2 << 20
    private static let patience = TimeSpan.seconds(5)
    /// Container hosts change rules many times a second at times.
    private static let runInterval = TimeSpan.seconds(2)

    init() {
        // Without news the rules are those of the start.
        news = try? KernelNetlinkSocket(NETLINK_NETFILTER, groups: 1 << (NFNLGRP_NFTABLES.rawValue - 1))
    }

    /// The rule that asked for a translation, if it is one of those in force now and was in force then.
    func rule(for translation: Translation) -> TranslationRule? {
        guard isKnown, !isDirty, command == nil else { return nil }
        if let changed, (translation.began ?? .distantPast) < changed { return nil }
        return ruleset.rule(for: translation)
    }

    /// What the rules in force now say of a port, or why that is not known.
    func filter(ofPort port: UInt16) -> PortFilter {
        var filter = isKnown ? ruleset.filter(ofPort: port) : PortFilter()
        filter.trouble = trouble ?? (isKnown ? nil : "the rules have not been read yet")
        return filter
    }

    var source: HostSource { HostSource(name: .rules, trouble: trouble) }

    func checks(_ surroundings: Surroundings) -> [Check] {
        let fix = path == nil ? Surroundings.installing("nftables") : surroundings.grantingCapabilities
        return [source.check("nft lists the rules, and tells when they change", fix: fix)]
    }

    private var path: String? { Self.paths.first { unsafe access($0, X_OK) == 0 } }

    var descriptors: [CInt] {
        var all: [CInt] = []
        if news != nil, let descriptor = news?.fileDescriptor { all.append(descriptor) }
        if let command { all.append(command.descriptor) }
        return all
    }

    var tables: [TableSummary] {
        [
            TableSummary(
                name: "filter_rules", count: ruleset.count, peak: ruleset.count, capacity: Ruleset.capacity,
                evictions: ruleset.isCut ? 1 : 0)
        ]
    }

    func ask(_ questions: [HostQuestion]) {}

    func turn(_ now: Timestamp) -> [Fact] {
        hear()
        if let command, command.read(upTo: Self.outputLimit) || now > nextRun - Self.runInterval + Self.patience {
            self.command = nil
            take(command.finish(), at: now)
        }
        if isDirty, command == nil, now >= nextRun || now < nextRun - .seconds(10) { run(at: now) }
        return []
    }

    func expire(at now: Timestamp) {}

    private func hear() {
        for _ in 0..<256 {
            // An error means no more news; what is known stays.
            guard let reception = try? news?.receive(), reception != .nothing else { return }
            isDirty = true
        }
    }

    private func run(at now: Timestamp) {
        isDirty = false
        nextRun = now + Self.runInterval
        incomplete = nil
        start(["-j", "list", "ruleset"])
    }

    private func start(_ words: [String]) {
        guard let path else {
            trouble = "nft is not installed (package nftables)"
            return
        }
        command = CommandOutput([path] + words)
        if command == nil { trouble = "nft cannot be started" }
    }

    private func take(_ output: (bytes: [UInt8], problem: String?), at now: Timestamp) {
        if let problem = output.problem {
            isKnown = false
            let may = Capabilities.current?.contains(.netAdmin) ?? true
            trouble = may ? "nft \(problem)" : "reading the rules needs the capability CAP_NET_ADMIN"
            return
        }
        guard output.bytes.count < Self.outputLimit else {
            isKnown = false
            trouble = "the ruleset is larger than \(Self.outputLimit >> 20) MiB"
            ruleset = Ruleset()
            return
        }
        if var latest = incomplete {
            incomplete = nil
            latest.complete(with: RulesetText(String(decoding: output.bytes, as: UTF8.self)))
            return put(latest, at: now)
        }
        guard let latest = try? Ruleset(json: output.bytes) else {
            isKnown = false
            trouble = "what nft printed cannot be read"
            return
        }
        guard latest.hasHiddenTargets else { return put(latest, at: now) }
        incomplete = latest
        start(["-a", "list", "ruleset"])
    }

    private func put(_ latest: Ruleset, at now: Timestamp) {
        trouble = latest.isCut ? "there are more than \(Ruleset.capacity) rules" : nil
        if isKnown, latest != ruleset { changed = now }
        ruleset = latest
        isKnown = true
    }
}
