/// What one reader of a capture says, as plain text: of each subject (a connection, a lookup, the file) a few facts.
///
///     "tcp 10.0.0.1:40000 10.0.0.2:80": ["10.0.0.1:40000 segments": "8", "client": "10.0.0.1:40000", …]
struct Facts {
    private(set) var subjects: [String: [String: String]] = [:]
    private var counts: [String: Int] = [:]
    /// Connections that are told as attempts of another one's request.
    var attempts: Set<String> = []
    /// The subject of each of tshark's streams.
    var streams: [String: String] = [:]
    /// Its QUIC connections by their number.
    var connections: [String: QUICConnection] = [:]

    /// A subject's name that is not taken yet: the second of the same name is `NAME #2`.
    mutating func next(_ name: String) -> String {
        counts[name, default: 0] += 1
        let count = counts[name] ?? 1
        return count == 1 ? name : "\(name) #\(count)"
    }

    mutating func add(_ subject: String) { subjects[subject, default: [:]] = subjects[subject] ?? [:] }

    mutating func set(_ subject: String, _ fact: String, _ value: String?) {
        add(subject)
        if let value { subjects[subject]?[fact] = value }
    }

    mutating func count(_ subject: String, _ fact: String, _ amount: Int = 1) {
        let before = subjects[subject]?[fact].flatMap { Int($0) } ?? 0
        set(subject, fact, String(before + amount))
    }

    /// Every place where the two do not say the same.
    func differences(from theirs: Facts) -> [Difference] {
        var found: [Difference] = []
        for subject in Set(subjects.keys).union(theirs.subjects.keys).sorted() {
            if subjects[subject] == nil, attempts.contains(subject) { continue }
            guard let mine = subjects[subject], let other = theirs.subjects[subject] else {
                let (here, there) = (subjects[subject] != nil, theirs.subjects[subject] != nil)
                found.append(Difference(subject: subject, fact: "subject", ours: "\(here)", theirs: "\(there)"))
                continue
            }
            for fact in Set(mine.keys).union(other.keys).sorted() where mine[fact] != other[fact] {
                // tshark gives it of the innermost conversation of a frame alone.
                if fact == "community_id", other[fact] == nil { continue }
                found.append(Difference(subject: subject, fact: fact, ours: mine[fact], theirs: other[fact]))
            }
        }
        return found
    }

    struct Difference: CustomStringConvertible {
        var subject: String
        var fact: String
        var ours: String?
        var theirs: String?

        /// The fact without the end that it is said of.
        var kind: Substring { fact.split(separator: " ").last ?? "" }
        var description: String { "\(subject): \(fact): \(ours ?? "nothing") here, \(theirs ?? "nothing") in tshark" }
    }

    /// The two ends, in an order that does not depend on who spoke first.
    static func conversation(_ transport: String, _ ends: String...) -> String {
        ([transport] + ends.sorted()).joined(separator: " ")
    }
}
