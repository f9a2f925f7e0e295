import Model

/// What holds from one section header block to the next (draft-ietf-opsawg-pcapng §4.1): the byte order, and the
/// interfaces by their number within the section.
struct PcapngSection {
    /// Reads the same in both byte orders.
    static let blockType: UInt32 = 0x0A0D_0D0A
    /// Interfaces of one file, over all sections.
    static let interfaceLimit = 4096

    var isSwapped = false
    var interfaces: [PcapngInterface] = []
    /// Interfaces of this and earlier sections, so that files written one after the other into one, each with the
    /// same interfaces, do not appear to have new ones in every section.
    var known: [Identity: InterfaceID] = [:]

    struct Identity: Hashable {
        let position: Int
        let name: String?
        let linkTypeNumber: Int
    }

    @inline(__always)
    func order<Word: FixedWidthInteger>(_ word: Word) -> Word { isSwapped ? word.byteSwapped : word }
}

/// What the frames of one interface need to be read.
struct PcapngInterface: BitwiseCopyable {
    let id: InterfaceID
    let linkType: LinkType?
    let snapLength: Int
    let frameLimit: Int
    let resolution: TimeResolution
}

/// Where a frame lies in its block, as the three kinds of packet blocks say.
private struct PacketBlock: BitwiseCopyable {
    let interface: Int
    /// `nil` in simple packet blocks, which carry no time.
    let units: UInt64?
    let captured: Int
    let original: Int
    let start: Int
}

/// One option of a block: `code u16  count u16  value …` from four bytes before `start`.
private struct PcapngOption: BitwiseCopyable {
    let code: Int
    let start: Int
    let count: Int

    var next: Int { start &+ ((count &+ 3) & ~3) }
}

/// Block type codes (draft-ietf-opsawg-pcapng §11.1). All others are passed over.
private enum BlockType: UInt32 {
    case interfaceDescription = 1
    /// Obsolete since 2004 and still found.
    case packet = 2
    case simplePacket = 3
    case enhancedPacket = 6
    case sectionHeader = 0x0A0D_0D0A

    /// Bytes of the block without options and frame: what its type must hold, with both lengths.
    var least: Int {
        switch self {
        case .interfaceDescription: 20
        case .packet: 32
        case .simplePacket: 16
        case .enhancedPacket: 32
        case .sectionHeader: 28
        }
    }
}

extension CaptureFile {
    /// The next packet block of a pcapng file; `false` at the end. Blocks on the way are read or passed over.
    ///
    ///     block   0 type  4 total length  8 body …  total length again
    mutating func advancePcapng() throws(CaptureError) -> Bool {
        while true {
            window.consume(recordLength)
            recordLength = 0
            guard try window.fill(8) else {
                if window.available == 0 { return false }
                throw damaged(.blockCut(claims: 12, left: window.available))
            }
            let typeWord = section.order(window.uint32(at: 0))
            guard let type = BlockType(rawValue: typeWord) else {
                try passOverBlock(Int(section.order(window.uint32(at: 4))))
                continue
            }
            if type == .sectionHeader { try readByteOrder() }
            let length = Int(section.order(window.uint32(at: 4)))
            guard length >= type.least, length & 3 == 0 else {
                throw damaged(.blockLength(claims: length, least: type.least))
            }
            guard length <= Self.hardLimit else { throw damaged(.blockTooLong(claims: length, limit: Self.hardLimit)) }
            guard try window.fill(length) else { throw damaged(.blockCut(claims: length, left: window.available)) }
            let trailing = Int(section.order(window.uint32(at: length &- 4)))
            guard trailing == length else {
                throw damaged(.blockLengthsDiffer(leading: length, trailing: trailing))
            }
            recordLength = length
            switch type {
            case .sectionHeader: try readSectionHeader(length)
            case .interfaceDescription: try readInterface(length)
            case .enhancedPacket: if try lend(enhancedPacket(length), record: length) { return true }
            case .simplePacket: if try lend(simplePacket(length), record: length) { return true }
            case .packet: if try lend(obsoletePacket(length), record: length) { return true }
            }
        }
    }

    /// Goes to the end of a block whose content does not matter, of any length and without holding it.
    private mutating func passOverBlock(_ length: Int) throws(CaptureError) {
        guard length >= 12, length & 3 == 0 else { throw damaged(.blockLength(claims: length, least: 12)) }
        let offset = window.offset
        guard try window.skip(length &- 4), try window.fill(4) else {
            let left = Int(truncatingIfNeeded: window.offset &- offset) &+ window.available
            throw .damaged(file: name, offset: offset, .blockCut(claims: length, left: left))
        }
        let trailing = Int(section.order(window.uint32(at: 0)))
        guard trailing == length else {
            throw .damaged(
                file: name, offset: offset, .blockLengthsDiffer(leading: length, trailing: trailing))
        }
        window.consume(4)
    }

    /// Learns the byte order of a new section, without which its length cannot be read.
    private mutating func readByteOrder() throws(CaptureError) {
        guard try window.fill(12) else { throw damaged(.blockCut(claims: 28, left: window.available)) }
        let magic = window.uint32(at: 8)
        switch magic {
        case 0x1A2B_3C4D: section.isSwapped = false
        case 0x4D3C_2B1A: section.isSwapped = true
        case _: throw damaged(.byteOrderMagic(magic))
        }
    }

    /// A section header: interface numbers begin anew.
    private mutating func readSectionHeader(_ length: Int) throws(CaptureError) {
        let major = Int(section.order(window.uint16(at: 12)))
        let minor = Int(section.order(window.uint16(at: 14)))
        guard major == 1 else { throw .file(name, .version(format: "pcapng", major: major, minor: minor)) }
        section.interfaces.removeAll(keepingCapacity: true)
        var position = 24
        while let option = try option(at: position, end: length &- 4) { position = option.next }
    }

    /// An interface description: `8 link type u16  10 reserved  12 snap length  16 options`.
    private mutating func readInterface(_ length: Int) throws(CaptureError) {
        var interfaceName: String?
        var resolution: UInt8 = 6
        var offset: Int64 = 0
        var position = 16
        while let option = try option(at: position, end: length &- 4) {
            switch option.code {
            case 2: interfaceName = Self.text(window.bytes(at: option.start, count: min(option.count, 255)))
            case 9:
                try require(1, of: option)
                resolution = window.load(UInt8.self, at: option.start)
            case 14:
                try require(8, of: option)
                offset = section.order(window.load(Int64.self, at: option.start))
            case _: break
            }
            position = option.next
        }
        let number = Int(section.order(window.uint16(at: 8)))
        let identity = PcapngSection.Identity(
            position: section.interfaces.count, name: interfaceName, linkTypeNumber: number)
        let snapLength = Int(section.order(window.uint32(at: 12)))
        let id = section.known[identity] ?? InterfaceID(UInt16(truncatingIfNeeded: interfaces.count))
        let interface = FileInterface(id: id, name: interfaceName, linkTypeNumber: number, snapLength: snapLength)
        if section.known[identity] == nil {
            guard interfaces.count < PcapngSection.interfaceLimit else {
                throw damaged(.tooManyInterfaces(limit: PcapngSection.interfaceLimit))
            }
            section.known[identity] = id
            interfaces.append(interface)
            try prepareFilter(for: interface)
        }
        guard section.interfaces.count < PcapngSection.interfaceLimit else {
            throw damaged(.tooManyInterfaces(limit: PcapngSection.interfaceLimit))
        }
        section.interfaces.append(
            PcapngInterface(
                id: id, linkType: interface.linkType, snapLength: snapLength, frameLimit: interface.frameLimit,
                resolution: TimeResolution(octet: resolution, offset: offset)))
    }

    /// The option at `position` of the current block, whose options end at `end`; `nil` after the last. Options are
    /// padded to four bytes, and one that does not fit in its block is damage.
    private func option(at position: Int, end: Int) throws(CaptureError) -> PcapngOption? {
        guard end &- position >= 4 else { return nil }
        let option = PcapngOption(
            code: Int(section.order(window.uint16(at: position))), start: position &+ 4,
            count: Int(section.order(window.uint16(at: position &+ 2))))
        guard option.code != 0 else { return nil }
        guard option.next <= end else {
            throw damaged(.optionBeyondBlock(code: option.code, claims: option.count, left: end &- option.start))
        }
        return option
    }

    private func require(_ count: Int, of option: PcapngOption) throws(CaptureError) {
        guard option.count == count else {
            throw damaged(.optionLength(code: option.code, claims: option.count, needs: count))
        }
    }

    private static func text(_ bytes: RawSpan) -> String {
        let octets = (0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        return String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// `8 interface  12 time high  16 time low  20 captured  24 original  28 frame`.
    private func enhancedPacket(_ length: Int) -> PacketBlock {
        PacketBlock(
            interface: Int(section.order(window.uint32(at: 8))), units: units(at: 12),
            captured: Int(section.order(window.uint32(at: 20))), original: Int(section.order(window.uint32(at: 24))),
            start: 28)
    }

    /// `8 original  12 frame`: of interface 0, cut to its snap length (draft-ietf-opsawg-pcapng §4.4).
    private func simplePacket(_ length: Int) -> PacketBlock {
        let original = Int(section.order(window.uint32(at: 8)))
        let snapLength = section.interfaces.first?.snapLength ?? 0
        return PacketBlock(
            interface: 0, units: nil, captured: snapLength > 0 ? min(original, snapLength) : original,
            original: original, start: 12)
    }

    /// `8 interface u16  10 drops u16  12 time high  16 time low  20 captured  24 original  28 frame`.
    private func obsoletePacket(_ length: Int) -> PacketBlock {
        PacketBlock(
            interface: Int(section.order(window.uint16(at: 8))), units: units(at: 12),
            captured: Int(section.order(window.uint32(at: 20))), original: Int(section.order(window.uint32(at: 24))),
            start: 28)
    }

    private func units(at position: Int) -> UInt64 {
        UInt64(section.order(window.uint32(at: position))) << 32
            | UInt64(section.order(window.uint32(at: position &+ 4)))
    }

    /// Makes the frame of a packet block the current one; `false` when it is passed over.
    ///
    /// A simple packet block has no time: it gets the time of the frame before it, so that order in the file and
    /// order in time agree.
    private mutating func lend(_ packet: PacketBlock, record length: Int) throws(CaptureError) -> Bool {
        guard packet.interface < section.interfaces.count else {
            throw damaged(.unknownInterface(number: packet.interface, known: section.interfaces.count))
        }
        let interface = section.interfaces[packet.interface]
        guard packet.captured <= interface.frameLimit else {
            throw damaged(.frameTooLong(claims: packet.captured, limit: interface.frameLimit))
        }
        guard packet.captured <= length &- 4 &- packet.start else {
            throw damaged(.frameBeyondBlock(claims: packet.captured, left: length &- 4 &- packet.start))
        }
        records &+= 1
        guard let linkType = interface.linkType else {
            framesUnsupported &+= 1
            interfaces[Int(interface.id.index)].framesUnsupported &+= 1
            return false
        }
        if let units = packet.units { info.time = interface.resolution.timestamp(units) }
        info.wireLength = max(packet.original, packet.captured)
        info.interface = interface.id
        info.linkType = linkType
        return lend(record: length, frame: packet.captured, at: packet.start)
    }
}
