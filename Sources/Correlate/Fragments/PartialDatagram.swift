import Decode
import Model

/// The pieces of one datagram so far, in the order of their bytes, none of them overlapping.
struct PartialDatagram {
    /// When the first piece came, whichever it was.
    let began: Timestamp
    /// Tells datagrams apart that have the same key one after the other.
    let serial: UInt64
    private(set) var pieces: [Piece] = []
    /// Bytes of all pieces.
    private(set) var received = 0
    /// Bytes of the whole, once the last piece has come.
    private(set) var total: Int?
    private(set) var head: Packet?
    let tunnels: [Tunnel]
    /// It will not be put together; further pieces are passed over.
    private(set) var isRefused = false

    struct Piece {
        let offset: Int
        let bytes: [UInt8]
        var end: Int { offset + bytes.count }
    }

    init(began: Timestamp, serial: UInt64, tunnels: [Tunnel]) {
        self.began = began
        self.serial = serial
        self.tunnels = tunnels
    }

    /// Memory, roughly: what the table is charged for.
    var cost: Int { received + pieces.count * 64 + 256 }

    var isComplete: Bool { received == total }

    enum Addition { case added, repeated, overlapping }

    /// Adds a piece that is not empty; `packet` is its own.
    mutating func add(_ bytes: RawSpan, at offset: Int, isLast: Bool, _ packet: Packet) -> Addition {
        let end = offset + bytes.byteCount
        // The first piece that does not lie before this one.
        var low = 0
        var high = pieces.count
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        if low < pieces.count, pieces[low].offset == offset, pieces[low].end == end {
            let isSame = isLast == (total == end) && bytes.isSame(as: pieces[low].bytes)
            return isSame ? .repeated : .overlapping
        }
        if low > 0, pieces[low - 1].end > offset { return .overlapping }
        if low < pieces.count, pieces[low].offset < end { return .overlapping }
        // Nothing lies behind the last piece, and there is one last piece.
        if let total { guard !isLast, end <= total else { return .overlapping } }
        if isLast {
            guard pieces.last.map({ $0.end <= offset }) ?? true else { return .overlapping }
            total = end
        }
        pieces.insert(Piece(offset: offset, bytes: bytes.copy()), at: low)
        received += bytes.byteCount
        if offset == 0 { head = packet }
        return .added
    }

    /// Drops the pieces.
    mutating func refuse() {
        isRefused = true
        pieces = []
        received = 0
        head = nil
    }

    /// The pieces in one.
    var joined: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(received)
        for piece in pieces { bytes += piece.bytes }
        return bytes
    }
}

extension RawSpan {
    func copy() -> [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }

    fileprivate func isSame(as other: [UInt8]) -> Bool {
        guard byteCount == other.count else { return false }
        return unsafe withUnsafeBytes { unsafe $0.elementsEqual(other) }
    }
}
