/// What is known of a frame besides its bytes. The bytes travel beside it as a `RawSpan`.
package struct FrameInfo: Sendable, BitwiseCopyable {
    /// When the frame passed the interface, by the capturing kernel's clock.
    package var time: Timestamp
    /// Bytes on the wire; the span holds fewer when the snap length cut the frame.
    package var wireLength: Int
    package var interface: InterfaceID
    package var linkType: LinkType

    @inlinable package init(time: Timestamp, wireLength: Int, interface: InterfaceID, linkType: LinkType) {
        self.time = time
        self.wireLength = wireLength
        self.interface = interface
        self.linkType = linkType
    }
}

/// A small number for an interface, given by whoever opened it. Names are told apart (`InterfaceNames`).
package struct InterfaceID: Hashable, Sendable, BitwiseCopyable {
    package let index: UInt16

    @inlinable package init(_ index: UInt16) { self.index = index }
}

/// How frames of an interface begin. Raw values are the LINKTYPE_ numbers of capture files
/// (https://www.tcpdump.org/linktypes.html), which are what pcap and pcapng store.
package enum LinkType: UInt16, Sendable, BitwiseCopyable, CaseIterable {
    case null = 0
    case ethernet = 1
    /// OpenBSD's and some systems' own number for raw IP, stored by their libpcap.
    case raw12 = 12
    case raw = 101
    case loop = 108
    case linuxSLL = 113
    case ipv4 = 228
    case ipv6 = 229
    case linuxSLL2 = 276

    package var name: String {
        switch self {
        case .null: "NULL"
        case .ethernet: "EN10MB"
        case .raw12, .raw: "RAW"
        case .loop: "LOOP"
        case .linuxSLL: "LINUX_SLL"
        case .ipv4: "IPV4"
        case .ipv6: "IPV6"
        case .linuxSLL2: "LINUX_SLL2"
        }
    }
}

/// The VLAN identifiers of a frame, outermost first; at most four are kept (IEEE 802.1Q §9.6).
package struct VLANTags: Hashable, Sendable, BitwiseCopyable {
    private var packed: UInt64 = 0

    @inlinable package static var none: VLANTags { VLANTags() }
    package init() {}

    package static let capacity = 4

    package var count: Int { Int(packed >> 48) }
    package var isEmpty: Bool { packed == 0 }

    /// Adds an identifier (12 bits); beyond ``capacity`` the innermost ones are not kept.
    package mutating func append(_ identifier: UInt16) {
        let position = packed >> 48
        guard position < UInt64(Self.capacity) else { return }
        packed |= UInt64(identifier & 0x0FFF) << (12 * position)
        packed += 1 << 48
    }

    package var identifiers: [Int] {
        (0..<count).map { Int(packed >> UInt64(12 * $0)) & 0x0FFF }
    }
}
