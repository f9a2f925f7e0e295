package import Model

/// Why a layer could not be read, and at which byte of the frame.
///
/// It prints as `udp at byte 34: needs 8 bytes, 3 captured`. Ordinary on a live network: counted, never logged
/// per packet.
package enum DecodeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The captured bytes end inside the header. Whether the frame was cut by the snap length or lies about
    /// itself is told by its length on the wire.
    case truncated(Layer, at: Int, needs: Int, has: Int)
    case invalid(Layer, at: Int, field: Field, value: Int)

    /// The header field that cannot be what it is.
    package enum Field: UInt8, Sendable, CaseIterable, CustomStringConvertible {
        case version, headerLength, totalLength, length, dataOffset, optionLength, addressLength, family
        case nameLabel, nameLength, compressionPointer, sectionCount, recordLength, quotation, extensionChain
        case flags, depth
        case headerForm, connectionIDLength

        package var description: String {
            switch self {
            case .version: "version"
            case .headerLength: "header length"
            case .totalLength: "total length"
            case .length: "length"
            case .dataOffset: "data offset"
            case .optionLength: "option length"
            case .addressLength: "address length"
            case .family: "address family"
            case .nameLabel: "name label"
            case .nameLength: "name length"
            case .compressionPointer: "compression pointer"
            case .sectionCount: "section count"
            case .recordLength: "record length"
            case .quotation: "quoted packet"
            case .extensionChain: "extension header chain"
            case .flags: "flags"
            case .depth: "depth"
            case .headerForm: "header form"
            case .connectionIDLength: "connection id length"
            }
        }
    }

    package var layer: Layer {
        switch self {
        case .truncated(let layer, _, _, _), .invalid(let layer, _, _, _): layer
        }
    }

    package var description: String {
        switch self {
        case .truncated(let layer, let offset, let needs, let has):
            "\(layer) at byte \(offset): needs \(needs) bytes, \(has) captured"
        case .invalid(let layer, let offset, let field, let value):
            "\(layer) at byte \(offset): \(field) cannot be \(value)"
        }
    }
}
