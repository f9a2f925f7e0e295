/// Which records the dictionary is made of that all others are packed with: the first ones, and once more when there
/// were enough to choose from, so that a host's own names, units and programs stand in it.
struct DictionarySamples {
    /// How many dictionaries the file has.
    var known = 0
    private var chosen: [HistoryKind: [[UInt8]]] = [:]
    private var looks: Set<Int> = []
    private var byteCount = 0
    private var seen = 0

    /// After so many records one is made: the first soon, the second for good.
    private static let milestones = [64, 4096]
    /// zstd looks back further, and gains little from it.
    private static let byteLimit = 96 << 10
    /// Records whose size falls into the same class look alike.
    private static let classSize = 96

    /// Looks at records that are about to be written.
    ///
    /// - Returns: a dictionary, when it is time for one.
    mutating func take(_ rows: [HistoryRow]) -> [UInt8]? {
        guard known < Self.milestones.count else { return nil }
        for row in rows {
            seen += 1
            let look = row.json.count / Self.classSize * HistoryKind.allCases.count + Int(row.kind.rawValue)
            guard byteCount < Self.byteLimit, row.json.count < Self.byteLimit / 4, looks.insert(look).inserted else {
                continue
            }
            chosen[row.kind, default: []].append(row.json)
            byteCount += row.json.count
        }
        guard seen >= Self.milestones[known], byteCount > 0 else { return nil }
        known += 1
        // What is most wanted stands last: zstd finds what is near for less.
        let order: [HistoryKind] = [.icmpError, .lease, .neighbour, .lookup, .request]
        let dictionary = order.flatMap { (chosen[$0] ?? []).flatMap { $0 } }
        if known == Self.milestones.count {
            chosen = [:]
            looks = []
        }
        return dictionary
    }
}
