import API
import ArgumentParser
import Terminal

/// What a shell offers for an argument: asked of the daemon, and nothing, at once and without a word, where there is none.
enum Completions {
    /// Nobody waits longer for a suggestion.
    private static let patience = Duration.milliseconds(700)
    /// The latest requests that are looked at.
    private static let sample = 100

    static let requestIDs = CompletionKind.custom { words, _, prefix in
        await values(words, startingWith: prefix) { [$0.id] }
    }
    static let processes = CompletionKind.custom { words, _, prefix in
        await values(words, startingWith: prefix) { [$0.processName] }
    }
    static let pids = CompletionKind.custom { words, _, prefix in
        await values(words, startingWith: prefix) { [$0.pid.map { String($0) }] }
    }
    static let users = CompletionKind.custom { words, _, prefix in
        await values(words, startingWith: prefix) { [$0.processText("user")] }
    }
    static let units = CompletionKind.custom { words, _, prefix in
        await values(words, startingWith: prefix) { [$0.processText("unit")] }
    }
    static let destinations = CompletionKind.custom { words, _, prefix in
        await values(words, startingWith: prefix) { [$0.server.trustedName ?? $0.server.address] }
    }

    /// What `explain` takes, as far as the latest requests have it.
    static let targets = CompletionKind.custom { words, _, prefix in
        await values(words, startingWith: prefix) {
            [$0.server.trustedName ?? $0.server.address, $0.processName, $0.processText("unit"), $0.id]
        }
    }

    static let protocols = CompletionKind.list(Transport.allCases.map(\.rawValue))
    static let directions = CompletionKind.list(Direction.allCases.map(\.rawValue))
    static let stages = CompletionKind.list(StageName.allCases.map(\.rawValue))
    static let states = CompletionKind.list(TCPState.allCases.map(\.rawValue))
    static let columns = CompletionKind.list(RequestColumn.allCases.map(\.rawValue))
    static let spans = CompletionKind.list(["5m", "15m", "1h", "1d"])
    static let captures = CompletionKind.file(extensions: ["pcap", "pcapng", "cap"])
    /// The fields, and what may stand between two tests. Of the values of a field only a shell's user knows more.
    static let condition = CompletionKind.list(RequestField.allCases.map(\.rawValue) + ["and", "or", "not"])

    private static func values(
        _ words: [String], startingWith prefix: String, _ values: @Sendable @escaping (Request) -> [String?]
    ) async -> [String] {
        let client = DaemonClient(path: socket(in: words))
        let requests = await first(within: patience) {
            var query = RequestQuery()
            query.limit = sample
            return try? await client.requests(query).items
        }
        var seen: Set<String> = []
        // What a terminal would have to escape is nothing to be typed.
        return (requests ?? []).flatMap(values).compactMap { $0 }.filter { text in
            text.hasPrefix(prefix) && Line(text).rendered(inColor: false) == text && seen.insert(text).inserted
        }
    }

    /// As it will be: the option's, else the environment's.
    private static func socket(in words: [String]) -> String {
        if let place = words.firstIndex(of: "--socket"), place + 1 < words.count { return words[place + 1] }
        if let word = words.first(where: { $0.hasPrefix("--socket=") }) {
            return String(word.dropFirst("--socket=".count))
        }
        return Environment[SocketPath.environmentVariable] ?? SocketPath.standard
    }

    private static func first<Value: Sendable>(
        within time: Duration, _ body: @Sendable @escaping () async -> Value?
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                try? await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
