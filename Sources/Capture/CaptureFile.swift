// Capture's door for files; LiveCapture is the one for interfaces.

import Glibc
package import Model

/// A pcap or pcapng file, or the same on standard input, read frame by frame in flat memory.
///
///     var file = try CaptureFile(path: "trace.pcapng")
///     while try file.advance() {
///         observe(file.frame, file.info)
///     }
///
/// Both formats in both byte orders (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng), with micro- or nanoseconds
/// or any pcapng resolution, several sections, and interfaces of several link types. It is our own reader because
/// libpcap does not tell where damage is and refuses a pcapng file whose interfaces differ
/// (`docs/adr/0001-own-capture-file-reader.md`).
///
/// A damaged file gives every frame before the damage; then `advance` throws where and what, and from then on
/// returns `false`. Frames lie in the reader's buffer: none is copied, none allocates.
package struct CaptureFile: ~Copyable, Sendable {
    /// Captured bytes of one frame at most, unless the file states a larger snap length: libpcap's own limit.
    static let usualFrameLimit = 262_144
    /// What a stated snap length can raise the limit to, and the longest pcapng block that is held in memory.
    static let hardLimit = 16 << 20
    static let standardInputName = "standard input"

    var window: FileWindow
    let format: Format
    var filter: CaptureFilter?

    /// What the file says of the interfaces met so far. A pcap file has one; a pcapng file may add to them anywhere.
    package internal(set) var interfaces: [FileInterface] = []
    /// Frame records read so far, those of unsupported interfaces and those the filter refused included.
    package internal(set) var records: UInt64 = 0
    /// Frames lent of which the snap length cut something off.
    package internal(set) var framesCut: UInt64 = 0
    /// Frames not lent because their interface's link type is not supported (pcapng only).
    package internal(set) var framesUnsupported: UInt64 = 0
    /// Frames not lent because the filter refused them.
    package internal(set) var framesFiltered: UInt64 = 0

    /// Bytes of the file, or of what is left of it on standard input; `nil` for a pipe.
    package let totalBytes: UInt64?

    /// What is known of the frame that `advance` went to, besides its bytes.
    package internal(set) var info = FrameInfo(
        time: Timestamp(nanoseconds: 0), wireLength: 0, interface: InterfaceID(0), linkType: .ethernet)

    /// The record at the window's start: how long it is, and where in it the frame lies. All zero before the first.
    var recordLength = 0
    var frameStart = 0
    var frameLength = 0

    private(set) var isFinished = false
    var section = PcapngSection()

    enum Format: Equatable {
        case pcap(PcapLayout)
        case pcapng
    }

    /// Opens `path` and reads its file header; `-` is standard input.
    ///
    /// - Parameter filter: an expression of pcap-filter(7); frames that it does not match are not lent. It is
    ///   compiled for each link type that the file states: here for pcap, within `advance` for pcapng.
    /// - Throws: ``CaptureError``: the file is missing, forbidden, a directory, empty, compressed, no capture, of an
    ///   unsupported link type (pcap), cut within its header, or the filter cannot be compiled.
    package init(path: String, filter: String? = nil) throws(CaptureError) {
        if path == "-" {
            if isatty(STDIN_FILENO) == 1 { throw .file(Self.standardInputName, .terminal) }
            try self.init(
                descriptor: STDIN_FILENO, name: Self.standardInputName, closesDescriptor: false, filter: filter)
            return
        }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .file(path, .missing)
            case EACCES, EPERM: throw .file(path, .forbidden)
            case let number: throw .file(path, .unreadable(number))
            }
        }
        try self.init(descriptor: descriptor, name: path, closesDescriptor: true, filter: filter)
    }

    /// Reads from an open descriptor, which is closed with the reader if `closesDescriptor`, also when this throws; `name`
    /// is what errors call it.
    package init(descriptor: CInt, name: String, closesDescriptor: Bool, filter: String? = nil) throws(CaptureError) {
        var window = FileWindow(descriptor: descriptor, name: name, closesDescriptor: closesDescriptor)
        let totalBytes = try Self.remainingBytes(of: descriptor, name: name)
        let (format, interface) = try Self.format(&window)
        var compiled = filter.map { CaptureFilter($0) }
        if let linkType = interface?.linkType { try compiled?.prepare(for: linkType) }
        self.format = format
        self.filter = compiled
        self.window = window
        self.totalBytes = totalBytes
        interfaces = interface.map { [$0] } ?? []
    }

    /// Goes to the next frame.
    ///
    /// - Returns: `false` at the end of the file; ``frame`` is empty then.
    /// - Throws: ``CaptureError`` where the file is damaged or cannot be read on; for a pcapng file that ended
    ///   without a single frame of a supported link type, the first unsupported one. It throws once, then
    ///   returns `false`.
    package mutating func advance() throws(CaptureError) -> Bool {
        if isFinished { return false }
        do throws(CaptureError) {
            let found =
                switch format {
                case .pcap(let layout): try advancePcap(layout)
                case .pcapng: try advancePcapng()
                }
            if found { return true }
            finish()
            try refuseUnsupportedFile()
            return false
        } catch {
            finish()
            throw error
        }
    }

    /// The captured bytes of the frame that `advance` went to, lent until the next `advance`.
    package var frame: RawSpan {
        @_lifetime(borrow self)
        get {
            let bytes = window.bytes(at: frameStart, count: frameLength)
            return unsafe _overrideLifetime(bytes, borrowing: self)
        }
    }

    /// What errors call the file: its path, or "standard input".
    package var name: String { window.name }

    /// Bytes read up to the end of the current frame's record; for progress, beside ``totalBytes``.
    package var bytesRead: UInt64 { window.offset + UInt64(recordLength) }

    private mutating func finish() {
        isFinished = true
        frameStart = 0
        frameLength = 0
    }

    /// A file that says nothing we can read must not look like a file without frames.
    private func refuseUnsupportedFile() throws(CaptureError) {
        guard framesUnsupported > 0, framesUnsupported == records,
            let interface = interfaces.first(where: { $0.framesUnsupported > 0 })
        else { return }
        throw .unsupportedLinkType(source: name, number: interface.linkTypeNumber)
    }

    func damaged(_ damage: Damage) -> CaptureError {
        .damaged(file: window.name, offset: window.offset, damage)
    }

    /// Compiles the filter for an interface's frames, if there is a filter and the frames will be read.
    mutating func prepareFilter(for interface: FileInterface) throws(CaptureError) {
        guard let linkType = interface.linkType else { return }
        try filter?.prepare(for: linkType)
    }

    /// Makes the record at the window's start the current one, unless the filter refuses it.
    @inline(__always)
    mutating func lend(record: Int, frame: Int, at position: Int) -> Bool {
        if filter != nil, filter?.matches(window.bytes(at: position, count: frame), info) == false {
            framesFiltered &+= 1
            return false
        }
        recordLength = record
        frameStart = position
        frameLength = frame
        if frame < info.wireLength { framesCut &+= 1 }
        return true
    }
}

/// An interface as a capture file describes it.
package struct FileInterface: Equatable, Sendable {
    package let id: InterfaceID
    /// The name in the file (pcapng `if_name`), shortened to 255 bytes. It is hostile text. `nil` when the file has none.
    package let name: String?
    /// `nil` when Waybill does not read such frames.
    package let linkType: LinkType?
    /// The LINKTYPE_ value as stored.
    package let linkTypeNumber: Int
    /// 0 when the file states no limit.
    package let snapLength: Int
    /// Frames of it passed over because of its link type.
    package internal(set) var framesUnsupported: UInt64 = 0

    init(id: InterfaceID, name: String?, linkTypeNumber: Int, snapLength: Int) {
        self.id = id
        self.name = name
        self.linkTypeNumber = linkTypeNumber
        self.snapLength = snapLength
        linkType = UInt16(exactly: linkTypeNumber).flatMap(LinkType.init(rawValue:))
    }

    /// Captured bytes that one frame may claim.
    var frameLimit: Int {
        max(CaptureFile.usualFrameLimit, min(snapLength, CaptureFile.hardLimit))
    }
}
