extension Lifecycle {
    /// Who asked, or of an inbound request who serves it here. No frame carries that.
    var processStage: Stage {
        if isUnsolicited || isAskedByNobody {
            return Stage(.process, .notApplicable, reason: "no socket has the port that the answer came to")
        }
        if let owner { return stage(owner) }
        switch direction {
        case .outbound, .local:
            return Stage(.process, .unseen, reason: "no kernel was asked for the socket's owner")
        case .inbound, .forwarded:
            return Stage(.process, .notApplicable, reason: "the client is another host")
        }
    }

    private func stage(_ owner: SocketOwner) -> Stage {
        guard let process = owner.process else {
            var facts: [StageFact] = []
            if let user = owner.user { facts.append(StageFact("user", .text(user.text), from: .kernel)) }
            return Stage(.process, .unseen, reason: owner.reason ?? "the socket's owner is not known", facts: facts)
        }
        var facts = [
            StageFact("process", .text(process.name), from: .kernel),
            StageFact("pid", .integer(Int64(process.pid)), from: .kernel),
        ]
        func add(_ name: String, _ text: String?) {
            if let text { facts.append(StageFact(name, .text(text), from: .kernel)) }
        }
        if let started = process.started, started <= first {
            facts.append(StageFact("process_age_ms", .span(first - started), from: .kernel))
        }
        add("executable", process.executable)
        if let arguments = process.arguments, !arguments.isEmpty {
            facts.append(StageFact("command_line", .list(arguments), from: .kernel))
        }
        add("user", (process.user ?? owner.user)?.text)
        add("unit", process.unit)
        add("container", process.container?.identifier)
        add("container_runtime", process.container?.runtime)
        if !process.ancestors.isEmpty {
            facts.append(
                StageFact("parents", .list(process.ancestors.map { "\($0.name) (\($0.pid))" }), from: .kernel))
        }
        add("control_group", process.controlGroup)
        if case .other(let namespace) = process.networkNamespace {
            facts.append(StageFact("network_namespace", .integer(Int64(clamping: namespace)), from: .kernel))
        }
        facts.append(StageFact("found_by", .text(owner.how.name), from: .kernel))
        let gaps = [owner.reason, process.gap].compactMap { $0 }
        add("not_known", gaps.isEmpty ? nil : gaps.joined(separator: "; "))
        return Stage(.process, .ok, facts: facts)
    }
}

extension Process.User {
    /// Its name, or its number when it has none.
    package var text: String { name ?? String(identifier) }
}
