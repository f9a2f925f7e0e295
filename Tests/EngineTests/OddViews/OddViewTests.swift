import Testing

/// The project's own captures as poorer observers would have seen them: what is told is less, and nothing of it wrong.
@Suite struct OddViewTests {
    static let captures = CaptureFolder.captures(in: CaptureFolder.own).filter { $0.hasSuffix(".pcap") }

    @Test(arguments: captures, OddView.all) func isHonest(_ capture: String, _ view: OddView) throws {
        let path = CaptureFolder.own + "/" + capture
        var list = try FrameList(path: path)
        guard !list.frames.isEmpty else { return }  // another link type: nothing is rewritten
        let whole = try Reading(ExpectedFactsTests.lines(path: path))
        list.frames = view.apply(list.frames)
        let seen = try Reading(list.withFile { try ExpectedFactsTests.lines(path: $0) })

        let cut = list.frames.filter { $0.bytes.count < $0.wireLength }
        #expect(seen.summary["frames"].whole == list.frames.count)
        #expect(seen.summary["cut_frames"].whole == cut.count)
        // Tunnels may have Ethernet inside.
        #expect(seen.decoded("ethernet") >= list.frames.count)
        if whole.isPlain { #expect(seen.decoded("ethernet") == list.frames.count) }

        // A name, a path or a code is one of those that the whole capture has for this very conversation, or absent.
        for (conversation, words) in seen.words where !whole.attempts.contains(conversation) {
            let wrong = words.subtracting(whole.words[whole.told(conversation)] ?? [])
            #expect(wrong.isEmpty, "of \(conversation)")
        }
        // Every frame counts once for its direction, wherever the reading is plain.
        if whole.isPlain {
            let counts = Dictionary(list.counts.map { (seen.moved[$0.key] ?? $0.key, $0.value) }, uniquingKeysWith: +)
            for (direction, count) in counts {
                let counted = seen.segments[direction, default: 0]
                let copies = seen.copies[Reading.conversation(direction), default: 0]
                #expect(counted <= count && counted + copies >= count, "\(direction): \(counted) of \(count)")
            }
        }
        for request in seen.requests {
            let handshake = request["client"]["syn_count"].whole + request["server"]["syn_ack_count"].whole
            let coverage = request["coverage"]
            if request["protocol"] == .text("tcp") {
                #expect((coverage["joined_midstream"] == .bool(true)) == (handshake == 0), "\(request["id"])")
                // Who was heard has answered.
                if request["server"]["payload_bytes"].whole > 0 {
                    #expect(![.text("no_answer"), .text("refused")].contains(request["state"]), "\(request["id"])")
                }
            }
        }
        // And every frame that was cut is told of by its request.
        if whole.isPlain {
            let frames = Dictionary(
                cut.compactMap { $0.direction.map { seen.told(Reading.conversation($0)) } }.map { ($0, 1) },
                uniquingKeysWith: +)
            for (conversation, count) in frames {
                let (told, copies) = (seen.cuts[conversation, default: 0], seen.copies[conversation, default: 0])
                #expect(told <= count && told + copies >= count, "\(conversation): \(told) of \(count)")
            }
        }
    }

    /// What both sides said is there, if not how they met: of HTTP and TLS the same is told.
    @Test(arguments: captures) func readsWhatItJoins(_ capture: String) throws {
        let path = CaptureFolder.own + "/" + capture
        var list = try FrameList(path: path)
        let whole = try Reading(ExpectedFactsTests.lines(path: path))
        guard !list.frames.isEmpty, whole.isPlain else { return }
        list.frames = OddView.withoutHandshakes.apply(list.frames)
        let seen = try Reading(list.withFile { try ExpectedFactsTests.lines(path: $0) })
        func told(_ reading: Reading) -> Set<String> {
            Set(
                reading.requests.filter { $0["protocol"] == .text("tcp") }.flatMap { request -> [String] in
                    // A request that was written line by line has no segment that leaves no doubt.
                    let first = request["http"]["exchanges"].items.first ?? .null
                    guard first["requested"] == first["request_ended"] else { return [] }
                    return
                        ["application", "http", "tls"].map { "\(Reading.conversation(request)) \($0): \(request[$0])" }
                })
        }
        // Where only a handshake was, there is nothing to join.
        let joined = Set(seen.requests.map(Reading.conversation))
        let missing = told(whole).subtracting(told(seen)).filter { line in joined.contains { line.hasPrefix($0 + " ") }
        }
        #expect(missing.isEmpty)
    }
}

/// The lines of one output, sorted for comparing.
struct Reading {
    let lines: [JSONValue]
    let requests: [JSONValue]
    let summary: JSONValue
    /// Names, paths, codes: what was read as text, by conversation.
    var words: [String: Set<String>] = [:]
    /// Segments by direction.
    var segments: [String: Int] = [:]
    /// `copies_elsewhere` and `cut_frames` by conversation.
    var copies: [String: Int] = [:]
    var cuts: [String: Int] = [:]

    /// Conversations that another one's request tells of as its attempts: seen alone, each is a request with its own words.
    var attempts: Set<String> = []
    /// Directions of QUIC connections that moved, and those that each is told under.
    var moved: [String: String] = [:]

    init(_ lines: [JSONValue]) {
        self.lines = lines
        requests = lines.filter { $0["record"] == .text("request") }
        summary = lines.last ?? .null
        for line in lines where line["record"] == .text("request") || line["record"] == .text("lookup") {
            let conversation = Self.conversation(line)
            words[conversation, default: []].formUnion(Self.words(line))
            guard line["record"] == .text("request") else {
                // To have been told "no" is a finding; to have seen less is none.
                if let status = line["status"].plain, ["no_data", "failed"].contains(status) {
                    words[conversation, default: []].insert("\(line["type"]) status: \(status)")
                }
                continue
            }
            for attempt in line["attempts"].items {
                attempts.insert(
                    Self.conversation(
                        "\(line["protocol"].plain ?? "") \(Self.end(attempt["client"])) \(Self.end(attempt["server"]))")
                )
            }
            for change in line["quic"]["address_changes"].items {
                let (old, other) = change["party"] == .text("client") ? ("client", "server") : ("server", "client")
                let (new, before, stays) = (Self.end(change["to"]), Self.end(line[old]), Self.end(line[other]))
                moved["udp \(new) \(stays)"] = "udp \(before) \(stays)"
                moved["udp \(stays) \(new)"] = "udp \(stays) \(before)"
            }
            copies[conversation, default: 0] += line["coverage"]["copies_elsewhere"].whole
            cuts[conversation, default: 0] += line["coverage"]["cut_frames"].whole
            for (from, to) in [("client", "server"), ("server", "client")] {
                let direction = "\(line["protocol"].plain ?? "") \(Self.end(line[from])) \(Self.end(line[to]))"
                segments[direction, default: 0] += line[from]["segments"].whole
            }
        }
    }

    /// Neither tunnels, fragments nor attempts: an address in a frame is the address of a request.
    var isPlain: Bool {
        attempts.isEmpty && summary["later_fragments"].whole == 0 && requests.allSatisfy { $0["tunnels"].items.isEmpty }
    }

    /// The conversation whose request tells of this one.
    func told(_ conversation: String) -> String { moved[conversation].map(Self.conversation) ?? conversation }

    func decoded(_ layer: String) -> Int {
        summary["layers"].items.first { $0["layer"] == .text(layer) }?["decoded"].whole ?? 0
    }

    static func conversation(_ line: JSONValue) -> String {
        conversation("\(line["protocol"].plain ?? "") \(end(line["client"])) \(end(line["server"]))")
    }

    static func conversation(_ direction: String) -> String {
        let parts = direction.split(separator: " ")
        return ([parts[0]] + parts.dropFirst().sorted()).joined(separator: " ")
    }

    private static func end(_ side: JSONValue) -> String {
        "\(address(side["address"].plain ?? "")):\(side["port"].plain ?? "")"
    }

    /// IPv6 as sixteen numbers, as FrameList writes it.
    private static func address(_ text: String) -> String {
        guard text.contains(":") else { return text }
        let halves = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let gap = halves.firstIndex(of: "") ?? halves.count
        let front = halves[..<gap].map { Int($0, radix: 16) ?? 0 }
        let back = halves[gap...].filter { !$0.isEmpty }.map { Int($0, radix: 16) ?? 0 }
        let groups = front + [Int](repeating: 0, count: max(0, 8 - front.count - back.count)) + back
        return "\(groups.flatMap { [$0 >> 8, $0 & 255] })"
    }

    /// What must never be wrong: under these keys stands text from the wire.
    private static let keys: Set = [
        "name", "host", "path", "method", "http_status", "server_name", "sni", "alpn", "alpn_offered", "cipher_suite",
        "version", "versions_offered", "ja3", "ja4", "subject", "issuer", "rcode", "addresses", "chain", "data",
        "authority", "status_code",
    ]

    private static func words(_ value: JSONValue, under key: String = "") -> Set<String> {
        switch value {
        case .object(let fields):
            return fields.reduce(into: []) { words, field in
                // A stage's own name and status are ours.
                if field.key != "verdict" { words.formUnion(Self.words(field.value, under: field.key)) }
            }
        case .array(let items): return items.reduce(into: []) { $0.formUnion(Self.words($1, under: key)) }
        case .text, .number: return keys.contains(key) ? ["\(key): \(value)"] : []
        case .bool, .null: return []
        }
    }
}
