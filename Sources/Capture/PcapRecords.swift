import Model

/// How the numbers of one pcap file are laid out (draft-ietf-opsawg-pcap).
///
///     file header     0 magic  4 major u16  6 minor u16  8 reserved  16 snap length  20 FCS and link type
///     record header   0 seconds  4 fraction  8 captured length  12 original length  (16 …  24 in the patched form)
///
/// The magic tells the byte order, the unit of the fraction, and the patched record header of 24 bytes that Linux
/// tools by Kuznetsov wrote.
struct PcapLayout: Equatable, BitwiseCopyable {
    static let fileHeaderLength = 24

    let isSwapped: Bool
    /// Nanoseconds of one unit of the fraction.
    let fraction: Int64
    let recordHeaderLength: Int
    /// Files up to version 2.3 may hold the two lengths in either order.
    var mayExchangeLengths = false
    var frameLimit = CaptureFile.usualFrameLimit
    var linkType = LinkType.ethernet

    /// `nil` when `magic`, as loaded by this machine, is not one of pcap.
    init?(magic: UInt32) {
        for (value, swapped) in [(magic, false), (magic.byteSwapped, true)] {
            switch value {
            case 0xA1B2_C3D4: (fraction, recordHeaderLength) = (1000, 16)
            case 0xA1B2_3C4D: (fraction, recordHeaderLength) = (1, 16)
            case 0xA1B2_CD34: (fraction, recordHeaderLength) = (1000, 24)
            case _: continue
            }
            isSwapped = swapped
            return
        }
        return nil
    }

    @inline(__always)
    func order(_ word: UInt32) -> UInt32 { isSwapped ? word.byteSwapped : word }

    /// Reads the rest of the file header and consumes it.
    func readFileHeader(_ window: inout FileWindow) throws(CaptureError) -> (PcapLayout, FileInterface) {
        guard try window.fill(Self.fileHeaderLength) else {
            throw .damaged(
                file: window.name, offset: 0,
                .fileHeaderCut(needs: Self.fileHeaderLength, left: window.available))
        }
        let words = (window.uint16(at: 4), window.uint16(at: 6))
        let major = Int(isSwapped ? words.0.byteSwapped : words.0)
        let minor = Int(isSwapped ? words.1.byteSwapped : words.1)
        guard major == 2 else { throw .file(window.name, .version(format: "pcap", major: major, minor: minor)) }
        // The link type shares its word with the FCS length (4 bits), a flag and reserved bits, as libpcap masks it.
        let interface = FileInterface(
            id: InterfaceID(0), name: nil, linkTypeNumber: Int(order(window.uint32(at: 20)) & 0x03FF_FFFF),
            snapLength: Int(order(window.uint32(at: 16))))
        guard let linkType = interface.linkType else {
            throw .unsupportedLinkType(source: window.name, number: interface.linkTypeNumber)
        }
        window.consume(Self.fileHeaderLength)
        var layout = self
        layout.mayExchangeLengths = minor <= 3
        layout.frameLimit = interface.frameLimit
        layout.linkType = linkType
        return (layout, interface)
    }
}

extension CaptureFile {
    /// The next record of a pcap file; `false` at the end.
    @inline(__always)
    mutating func advancePcap(_ layout: PcapLayout) throws(CaptureError) -> Bool {
        while true {
            window.consume(recordLength)
            recordLength = 0
            guard try window.fill(layout.recordHeaderLength) else {
                if window.available == 0 { return false }
                throw damaged(
                    .recordHeaderCut(record: records &+ 1, needs: layout.recordHeaderLength, left: window.available))
            }
            let seconds = layout.order(window.uint32(at: 0))
            let fraction = layout.order(window.uint32(at: 4))
            var captured = Int(layout.order(window.uint32(at: 8)))
            var original = Int(layout.order(window.uint32(at: 12)))
            if layout.mayExchangeLengths && captured > original { swap(&captured, &original) }
            guard captured <= layout.frameLimit else {
                throw damaged(.recordTooLong(record: records &+ 1, claims: captured, limit: layout.frameLimit))
            }
            let length = layout.recordHeaderLength &+ captured
            guard try window.fill(length) else {
                throw damaged(.recordCut(record: records &+ 1, claims: length, left: window.available))
            }
            records &+= 1
            // 32 bits of seconds and of a fraction: no product or sum here can leave 64 bits.
            info.time = Timestamp(
                nanoseconds: Int64(seconds) &* 1_000_000_000 &+ Int64(fraction) &* layout.fraction)
            info.wireLength = max(original, captured)
            info.linkType = layout.linkType
            if lend(record: length, frame: captured, at: layout.recordHeaderLength) { return true }
            recordLength = length
        }
    }
}
