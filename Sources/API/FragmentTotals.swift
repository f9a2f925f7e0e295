/// What became of the datagrams that came in fragments.
package struct FragmentTotals: Sendable, Equatable, Decodable {
    package var reassembled: UInt64 = 0
    /// Refused: two pieces claim the same bytes and differ.
    package var overlapping: UInt64 = 0
    /// Refused: a piece reaches beyond 65,535 bytes.
    package var tooLarge: UInt64 = 0
    /// Refused: in more pieces than are kept of one.
    package var tooManyPieces: UInt64 = 0
    /// Refused: the snap length cut a piece.
    package var cut: UInt64 = 0
    /// The rest did not come in time, or not before the capture ended.
    package var incomplete: UInt64 = 0

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case reassembled, overlapping, cut, incomplete
        case tooLarge = "too_large"
        case tooManyPieces = "too_many_pieces"
    }
}

extension FragmentTotals: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("reassembled", reassembled)
        writer.field("overlapping", overlapping)
        writer.field("too_large", tooLarge)
        writer.field("too_many_pieces", tooManyPieces)
        writer.field("cut", cut)
        writer.field("incomplete", incomplete)
        writer.endObject()
    }
}
