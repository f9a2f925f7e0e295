/// One step of a request: its status, when it began, how long it took, and what is known of it.
package struct Stage: Sendable, Equatable {
    package var stage: StageName
    package var status: StageStatus
    package var start: Time?
    package var duration: Milliseconds?
    /// Why it failed, is pending or was not seen: one of the stage's own words (`refused`, `nxdomain`, …).
    package var reason: String?
    /// In order of importance: renderers show them left to right.
    package var facts: [Fact]

    package init(
        _ stage: StageName, _ status: StageStatus, start: Time? = nil, duration: Milliseconds? = nil,
        reason: String? = nil, facts: [Fact] = []
    ) {
        self.stage = stage
        self.status = status
        self.start = start
        self.duration = duration
        self.reason = reason
        self.facts = facts
    }

    package func fact(_ name: String) -> Fact.Value? { facts.first { $0.name == name }?.value }
}

/// A named value of a stage and where it came from.
package struct Fact: Sendable, Equatable {
    package var name: String
    package var value: Value
    package var source: Source

    package enum Value: Sendable, Hashable {
        case text(String)
        case integer(Int64)
        /// Its fact's name ends in `_ms`.
        case span(Milliseconds)
        case flag(Bool)
        case list([String])
    }

    /// A fact that `sources` does not list was read from frames.
    package enum Source: String, Sendable, Decodable, CaseIterable {
        case frame, kernel, inferred
    }

    package init(_ name: String, _ value: Value, from source: Source = .frame) {
        self.name = name
        self.value = value
        self.source = source
    }
}

extension Fact.Value: CustomStringConvertible {
    /// As a person reads it: `12.345 ms`, `yes`, `a, b`.
    package var description: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .span(let span): "\(span) ms"
        case .flag(let flag): flag ? "yes" : "no"
        case .list(let list): list.joined(separator: ", ")
        }
    }
}

extension Stage: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("stage", stage)
        writer.field("status", status)
        writer.field("start", start)
        writer.field("duration_ms", duration)
        writer.field("reason", reason)
        writer.key("facts")
        writer.beginObject()
        var isFromFrames = true
        let facts = facts.span
        for index in facts.indices {
            writer.escapedKey(facts[index].name)
            facts[index].value.write(to: &writer)
            isFromFrames = isFromFrames && facts[index].source == .frame
        }
        writer.endObject()
        if !isFromFrames {
            writer.key("sources")
            writer.beginObject()
            for index in facts.indices where facts[index].source != .frame {
                writer.escapedKey(facts[index].name)
                writer.word(facts[index].source.rawValue)
            }
            writer.endObject()
        }
        writer.endObject()
    }
}

extension Fact.Value: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .integer(let number): writer.integer(number)
        case .span(let span): writer.milliseconds(span)
        case .flag(let flag): writer.boolean(flag)
        case .list(let list):
            writer.beginArray()
            for item in list { writer.string(item) }
            writer.endArray()
        }
    }
}

extension Stage: Decodable {
    private enum Key: String, CodingKey {
        case stage, status, start, reason, facts, sources
        case duration = "duration_ms"
    }

    private struct FactKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// A JSON object has no order: facts come back in the order of ``FactOrder``.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        stage = try container.decode(StageName.self, forKey: .stage)
        status = try container.decode(StageStatus.self, forKey: .status)
        start = try container.decodeIfPresent(Time.self, forKey: .start)
        duration = try container.decodeIfPresent(Milliseconds.self, forKey: .duration)
        reason = try container.decodeIfPresent(String.self, forKey: .reason)
        let sources = try container.decodeIfPresent([String: Fact.Source].self, forKey: .sources) ?? [:]
        facts = []
        guard container.contains(.facts) else { return }
        let values = try container.nestedContainer(keyedBy: FactKey.self, forKey: .facts)
        for key in values.allKeys {
            let name = key.stringValue
            let value: Fact.Value =
                name.hasSuffix("_ms")
                ? .span(try values.decode(Milliseconds.self, forKey: key))
                : try values.decode(Fact.Value.self, forKey: key)
            facts.append(Fact(name, value, from: sources[name] ?? .frame))
        }
        facts.sort { FactOrder.precedes($0.name, $1.name) }
    }
}

extension Fact.Value: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else {
            self = .list(try container.decode([String].self))
        }
    }
}
