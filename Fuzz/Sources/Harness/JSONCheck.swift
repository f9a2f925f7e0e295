/// Whether bytes are one JSON text by RFC 8259, in UTF-8, with no name twice in one object, and what stands at its top.
///
/// Apart from the product's own writer and reader on purpose. Without recursion, so that depth is no limit.
struct JSONCheck {
    enum Problem: Error { case at(Int, String) }

    /// Elements of each array that is a value of the outermost object.
    private(set) var elements: [String: Int] = [:]
    private let bytes: [UInt8]
    private var position = 0

    private struct Container {
        var isObject: Bool
        var names: Set<[UInt8]> = []
        var count = 0
        var name = ""
    }

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Problem.at(0, "not UTF-8") }
        try read()
    }

    private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func read() throws {
        var open: [Container] = []
        var lastName = ""
        repeat {
            // A value, or the end of an empty container.
            if current == UInt8(ascii: "{") || current == UInt8(ascii: "[") {
                open.append(Container(isObject: current == UInt8(ascii: "{"), name: open.count == 1 ? lastName : ""))
                position += 1
                if current == UInt8(ascii: open[open.count - 1].isObject ? "}" : "]") {
                    close(&open)
                } else {
                    if open[open.count - 1].isObject { lastName = try name(&open[open.count - 1]) }
                    continue
                }
            } else {
                try scalar()
            }
            // Behind a value: what its container wants next.
            while let last = open.indices.last {
                open[last].count += 1
                if current == UInt8(ascii: ",") {
                    position += 1
                    if open[last].isObject { lastName = try name(&open[last]) }
                    break
                }
                guard current == UInt8(ascii: open[last].isObject ? "}" : "]") else { throw problem("no end") }
                close(&open)
            }
        } while !open.isEmpty
        guard position == bytes.count else { throw problem("more behind the end") }
    }

    private mutating func close(_ open: inout [Container]) {
        position += 1
        let closed = open.removeLast()
        if !closed.isObject, open.count == 1 { elements[closed.name] = closed.count }
    }

    private mutating func name(_ container: inout Container) throws -> String {
        let start = position
        try string()
        let name = Array(bytes[start + 1..<position - 1])
        guard container.names.insert(name).inserted else { throw problem("a name twice") }
        guard current == UInt8(ascii: ":") else { throw problem("no colon") }
        position += 1
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func string() throws {
        guard current == UInt8(ascii: "\"") else { throw problem("no string") }
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            guard bytes[position] >= 0x20 else { throw problem("a control character in a string") }
            guard bytes[position] == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            position += 1
            if current == UInt8(ascii: "u") {
                for _ in 0..<4 {
                    position += 1
                    guard Character(Unicode.Scalar(current)).isHexDigit else { throw problem("no hexadecimal digit") }
                }
            } else if !"\"\\/bfnrt".utf8.contains(current) {
                throw problem("an unknown escape")
            }
            position += 1
        }
        guard position < bytes.count else { throw problem("a string without end") }
        position += 1
    }

    private mutating func scalar() throws {
        if current == UInt8(ascii: "\"") { return try string() }
        for word in Self.words where bytes[position...].starts(with: word) {
            position += word.count
            return
        }
        if current == UInt8(ascii: "-") { position += 1 }
        if current == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if current == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        guard current | 0x20 == UInt8(ascii: "e") else { return }
        position += 1
        if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
        try digits()
    }

    private static let words = ["true", "false", "null"].map { Array($0.utf8) }

    private mutating func digits() throws {
        let start = position
        while (0x30...0x39).contains(current) { position += 1 }
        guard position > start else { throw problem("no digit") }
    }

    private func problem(_ what: String) -> Problem { .at(position, what) }
}
