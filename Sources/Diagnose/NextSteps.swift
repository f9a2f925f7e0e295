import Model

// Commands that several rules propose. A next step is one line for a shell: a command, and what to look for in its output
// behind `#`.

extension Case {
    /// What was written to the journal of the server's host around the request.
    ///
    /// - Parameter question: what to look for there.
    func serverJournal(_ question: String) -> String { journal(of: .server, question) }

    /// The same on the client's host.
    func clientJournal(_ question: String) -> String { journal(of: .client, question) }

    private func journal(of party: Party, _ question: String) -> String {
        // Whole seconds since 1970, which mean the same in every time zone; a journal is often a little late.
        let (from, to) = (seconds(lifecycle.first) - 1, seconds(lifecycle.last) + 3)
        let unit = unit(of: party).map { " -u \($0)" } ?? ""
        return
            "journalctl --since @\(from) --until @\(to)\(unit)  # \(isHere(party) ? "" : "on the \(party.name): ")\(question)"
    }

    private func isHere(_ party: Party) -> Bool {
        switch lifecycle.direction {
        case .outbound: party == .client
        case .inbound: party == .server
        case .local: true
        case .forwarded: false
        }
    }

    /// The service whose process asked or serves.
    private func unit(of party: Party) -> String? {
        guard let unit = lifecycle.owner?.process?.unit, unit.hasSuffix(".service"), Words.isPlainArgument(unit),
            party == (lifecycle.direction == .inbound ? .server : .client), isHere(party)
        else { return nil }
        return unit
    }

    private func seconds(_ time: Timestamp) -> Int64 { time.nanoseconds / 1_000_000_000 }

    /// Asks for the same once more, where that is safe and known.
    ///
    /// - Parameter question: what to look for in the output.
    func again(_ exchange: HTTPExchange, _ question: String) -> String? {
        guard exchange.method == "GET" || exchange.method == "HEAD", let host = exchange.host, let path = exchange.path,
            path.utf8.first == UInt8(ascii: "/")
        else { return nil }
        let address = "http://\(host)\(path)"
        // What would have to be shortened or changed to be shown is another address.
        guard Words.printable(address) == address else { return nil }
        return "curl -v\(exchange.method == "HEAD" ? " --head" : "") \(Words.argument(address))  # \(question)"
    }
}
