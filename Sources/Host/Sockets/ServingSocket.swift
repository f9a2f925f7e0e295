import Model

/// Which kind of socket the server of an inbound request was found by.
enum ServingSocket: Equatable {
    case accepted, receiving, listening

    var how: SocketOwner.How {
        switch self {
        case .accepted: .accepted
        case .receiving: .receiving
        case .listening: .listening
        }
    }

    /// The one of the processes that have it open from which all the others came: servers share their sockets with children.
    ///
    /// - Parameters:
    ///   - known: those of the holders that could be looked at.
    ///   - count: how many holders there are.
    func owner(among known: [Process], of count: Int) -> SocketOwner {
        var owner = SocketOwner(nil, how)
        let eldest = known.first { candidate in
            known.allSatisfy { other in
                other.pid == candidate.pid || other.ancestors.contains { $0.pid == candidate.pid }
            }
        }
        guard let eldest, known.count == count else {
            owner.reason =
                known.isEmpty
                ? "the process that has its socket open ended before it could be looked at"
                : "several processes have its socket open: \(Process.list(known, of: count))"
            return owner
        }
        owner.process = eldest
        var caveats: [String] = []
        if self == .listening {
            caveats.append(
                "the connection was over before its own socket could be looked up: this is who listens at its port")
        }
        if count > 1 {
            let others = known.filter { $0.pid != eldest.pid }
            caveats.append("its socket is open in \(Process.list(others, of: count - 1)) as well")
        }
        owner.reason = caveats.isEmpty ? nil : caveats.joined(separator: "; ")
        return owner
    }
}

extension Process {
    /// `nginx (12), nginx (13) and 2 more`
    static func list(_ known: [Process], of count: Int) -> String {
        let shown = known.prefix(4)
        let names = shown.map { "\($0.name) (\($0.pid))" }.joined(separator: ", ")
        guard count > shown.count else { return names }
        return shown.isEmpty ? "\(count) processes" : "\(names) and \(count - shown.count) more"
    }
}
