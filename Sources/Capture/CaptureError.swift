import CPcap
import Glibc

/// Why frames cannot be had: of a file, an interface, or because of a filter.
///
/// Every description is one sentence that names what it is about and, where something can be done, what.
package enum CaptureError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file that cannot be read at all; the first value is its name.
    case file(String, FileProblem)
    /// A file that stops making sense at byte `offset`. Every frame before it has been delivered.
    case damaged(file: String, offset: UInt64, Damage)
    /// Frames whose first layer Waybill does not read. `number` is the LINKTYPE_ value of a file, the DLT_ value
    /// of an interface; `source` is the file's or the interface's name.
    case unsupportedLinkType(source: String, number: Int)
    /// An expression that libpcap cannot compile for a link type; `message` is libpcap's own.
    case filter(expression: String, linkType: String, message: String)
    /// An interface on which nothing can be captured; the first value is its name.
    case interface(String, InterfaceProblem)

    package var description: String {
        switch self {
        case .file(let name, let problem):
            return "\(name): \(problem.sentence(name))"
        case .damaged(let file, let offset, let damage):
            return "\(file): \(damage.sentence(at: offset))"
        case .unsupportedLinkType(let source, let number):
            return "\(source): link type \(Self.linkTypeName(number)) is not supported; Waybill reads Ethernet (1), "
                + "Linux cooked (113, 276), raw IP (12, 101, 228, 229) and BSD loopback (0, 108)"
        case .filter(let expression, let linkType, let message):
            return "filter '\(expression)' cannot be used on \(linkType) frames: \(message); see pcap-filter(7)"
        case .interface(let name, let problem):
            return "\(name): \(problem.sentence)"
        }
    }

    /// `105 (IEEE802_11, 802.11)`, or the bare number when libpcap has no name for it.
    private static func linkTypeName(_ number: Int) -> String {
        let value = CInt(clamping: number)
        guard let name = unsafe pcap_datalink_val_to_name(value) else { return "\(number)" }
        guard let words = unsafe pcap_datalink_val_to_description(value) else {
            return unsafe "\(number) (\(String(cString: name)))"
        }
        return unsafe "\(number) (\(String(cString: name)), \(String(cString: words)))"
    }
}

/// Why a file is not read at all.
package enum FileProblem: Equatable, Sendable {
    case missing
    case forbidden
    case directory
    case terminal
    case empty
    /// Another error number of open(2) or read(2).
    case unreadable(CInt)
    /// Compressed; `tool` writes the plain file to its output when called with `-dc`.
    case compressed(tool: String)
    /// Neither pcap nor pcapng; the bytes it begins with.
    case notACapture(firstBytes: [UInt8])
    /// A version of the format that nobody has written yet, or a damaged header.
    case version(format: String, major: Int, minor: Int)

    fileprivate func sentence(_ name: String) -> String {
        switch self {
        case .missing:
            return "no such file; check the path"
        case .forbidden:
            return "no permission to read the file; ask its owner for read access or run as a user who has it"
        case .directory:
            return "this is a directory; give a capture file inside it"
        case .terminal:
            return "this is a terminal; pipe a capture into it, for example: tcpdump -w - | waybill read -"
        case .empty:
            return "the file is empty; a capture file begins with a header"
        case .unreadable(let number):
            return "cannot be read: \(systemMessage(number))"
        case .compressed(let tool):
            return name == CaptureFile.standardInputName
                ? "the data is compressed; decompress it on the way: \(tool) -dc | waybill read -"
                : "the file is compressed; decompress it first: \(tool) -dc \(name) | waybill read -"
        case .notACapture(let bytes):
            let octets = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            return "not a pcap or pcapng file (it begins with \(octets)); "
                + "if another capture program wrote it, convert it with: editcap -F pcapng FILE NEW"
        case .version(let format, let major, let minor):
            return "\(format) version \(major).\(minor) is not known, or the header is damaged"
        }
    }
}

extension CaptureError {
    /// Whether a capability is what is missing.
    package var isForbidden: Bool {
        switch self {
        case .interface(_, .forbidden), .interface(_, .promiscuousForbidden): true
        default: false
        }
    }
}

/// Why nothing can be captured on an interface.
package enum InterfaceProblem: Equatable, Sendable {
    case missing
    case down
    case forbidden
    case promiscuousForbidden
    /// What libpcap says of anything else.
    case refused(String)
    /// More names than there are numbers for.
    case tooMany(limit: Int)

    fileprivate var sentence: String {
        switch self {
        case .missing:
            return "no such interface; `ip link` lists those of this host"
        case .down:
            return "the interface is down; bring it up with: ip link set NAME up"
        case .forbidden:
            return "no permission to capture; run as root or give the program CAP_NET_RAW "
                + "(setcap cap_net_raw+ep PROGRAM, or AmbientCapabilities=CAP_NET_RAW in its systemd unit)"
        case .promiscuousForbidden:
            return "no permission for promiscuous mode; turn it off or give the program CAP_NET_ADMIN"
        case .refused(let words):
            return "cannot be captured: \(words)"
        case .tooMany(let limit):
            return "not captured: \(limit) interface names have been captured since the start; restart to begin anew"
        }
    }
}

/// What is wrong at one place of a capture file. Lengths are in bytes.
package enum Damage: Equatable, Sendable {
    case fileHeaderCut(needs: Int, left: Int)
    case recordHeaderCut(record: UInt64, needs: Int, left: Int)
    case recordCut(record: UInt64, claims: Int, left: Int)
    case recordTooLong(record: UInt64, claims: Int, limit: Int)
    case blockCut(claims: Int, left: Int)
    /// Zero, not a multiple of four, or too short for what its type must hold.
    case blockLength(claims: Int, least: Int)
    case blockTooLong(claims: Int, limit: Int)
    case blockLengthsDiffer(leading: Int, trailing: Int)
    case byteOrderMagic(UInt32)
    case frameBeyondBlock(claims: Int, left: Int)
    case frameTooLong(claims: Int, limit: Int)
    case unknownInterface(number: Int, known: Int)
    case optionBeyondBlock(code: Int, claims: Int, left: Int)
    case optionLength(code: Int, claims: Int, needs: Int)
    case tooManyInterfaces(limit: Int)

    fileprivate func sentence(at offset: UInt64) -> String {
        switch self {
        case .fileHeaderCut(let needs, let left):
            return "the file header needs \(needs) bytes, the file has \(left): it is cut"
        case .recordHeaderCut(let record, let needs, let left):
            return
                "record \(record) at byte \(offset) has a header of \(needs) bytes, \(left) are left: the file is cut"
        case .recordCut(let record, let claims, let left):
            return "record \(record) at byte \(offset) claims \(claims) bytes, \(left) are left: "
                + "the file is cut or damaged"
        case .recordTooLong(let record, let claims, let limit):
            return "record \(record) at byte \(offset) claims \(claims) bytes, "
                + "\(limit) are possible: the file is damaged"
        case .blockCut(let claims, let left):
            return "block at byte \(offset) claims \(claims) bytes, \(left) are left: the file is cut or damaged"
        case .blockLength(let claims, let least):
            return "block at byte \(offset) claims \(claims) bytes, which is not a multiple of 4 of at least \(least): "
                + "the file is damaged"
        case .blockTooLong(let claims, let limit):
            return "block at byte \(offset) claims \(claims) bytes, \(limit) are possible: the file is damaged"
        case .blockLengthsDiffer(let leading, let trailing):
            return "block at byte \(offset) claims \(leading) bytes at its start and \(trailing) at its end: "
                + "the file is damaged"
        case .byteOrderMagic(let value):
            return "section at byte \(offset) has no byte-order magic (0x\(String(value, radix: 16))): "
                + "the file is damaged"
        case .frameBeyondBlock(let claims, let left):
            return "block at byte \(offset) holds a frame that claims \(claims) bytes, the block has \(left): "
                + "the file is damaged"
        case .frameTooLong(let claims, let limit):
            return "block at byte \(offset) holds a frame that claims \(claims) bytes, \(limit) are possible: "
                + "the file is damaged"
        case .unknownInterface(let number, let known):
            return "block at byte \(offset) belongs to interface \(number), the section described \(known) so far: "
                + "the file is damaged"
        case .optionBeyondBlock(let code, let claims, let left):
            return "block at byte \(offset) has an option \(code) that claims \(claims) bytes, the block has \(left): "
                + "the file is damaged"
        case .optionLength(let code, let claims, let needs):
            return "block at byte \(offset) has an option \(code) of \(claims) bytes, it takes \(needs): "
                + "the file is damaged"
        case .tooManyInterfaces(let limit):
            return "block at byte \(offset) describes an interface beyond the \(limit) that are read of one file"
        }
    }
}

/// The system's words for an error number.
func systemMessage(_ number: CInt) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
}
