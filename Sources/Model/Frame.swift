/// What is known of a frame besides its bytes. The bytes travel beside it as a `RawSpan`.
public struct FrameInfo: Sendable, BitwiseCopyable {
    /// When the frame passed the interface, by the capturing kernel's clock.
    public var time: Timestamp
    /// Bytes on the wire; the span holds fewer when the snap length cut the frame.
    public var wireLength: Int
    public var interface: InterfaceID
    public var linkType: LinkType

    @inlinable public init(time: Timestamp, wireLength: Int, interface: InterfaceID, linkType: LinkType) {
        self.time = time
        self.wireLength = wireLength
        self.interface = interface
        self.linkType = linkType
    }
}

/// A small number for an interface, given by whoever opened it. Names are told apart (`InterfaceNames`).
public struct InterfaceID: Hashable, Sendable, BitwiseCopyable {
    public let index: UInt16

    @inlinable public init(_ index: UInt16) { self.index = index }
}

/// How frames of an interface begin. Raw values are the LINKTYPE_ numbers of capture files
/// (https://www.tcpdump.org/linktypes.html), which are what pcap and pcapng store.
public enum LinkType: UInt16, Sendable, BitwiseCopyable, CaseIterable {
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

    public var name: String {
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
public struct VLANTags: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline var packed: UInt64 = 0

    @inlinable public static var none: VLANTags { VLANTags() }
    @inlinable public init() {}

    @inlinable public static var capacity: Int { 4 }

    public var count: Int { Int(packed >> 48) }
    @inlinable public var isEmpty: Bool { packed == 0 }

    /// Adds an identifier (12 bits); beyond ``capacity`` the innermost ones are not kept.
    @inlinable public mutating func append(_ identifier: UInt16) {
        let position = packed >> 48
        guard position < UInt64(Self.capacity) else { return }
        packed |= UInt64(identifier & 0x0FFF) << (12 * position)
        packed += 1 << 48
    }

    public var identifiers: [Int] {
        (0..<count).map { Int(packed >> UInt64(12 * $0)) & 0x0FFF }
    }
}
