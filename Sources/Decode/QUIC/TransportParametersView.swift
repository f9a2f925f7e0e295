package import Model

/// The quic_transport_parameters extension (RFC 9000 §18, RFC 9001 §8.2): number, length and value of each, in any order.
package struct TransportParametersView: ~Escapable {
    private let bytes: RawSpan

    /// Its type among the TLS extensions.
    package static let extensionType: UInt16 = 0x39

    /// - Parameter data: the extension's data.
    @_lifetime(copy data)
    package init(_ data: RawSpan) {
        bytes = data
    }

    /// More than any sender has; the rest is passed over.
    private static let limit = 64

    /// Those that are shown; unknown and reserved ones are passed over, and the first of two that are the same counts.
    package var values: QUICTransportParameters {
        var values = QUICTransportParameters()
        var cursor = ByteCursor(bytes)
        var count = 0
        while count < Self.limit, let id = cursor.varint(), let length = cursor.varint(),
            let range = cursor.range(length)
        {
            count += 1
            var data = ByteCursor(bytes.extracting(range))
            switch id {
            case 0x01:
                // 0 says the same as its absence: no timeout.
                if values.maxIdleTimeout == nil, let milliseconds = data.varint(), milliseconds > 0 {
                    values.maxIdleTimeout = .milliseconds(Int(min(milliseconds, 1 << 40)))
                }
            case 0x03: values.maxUDPPayloadSize = values.maxUDPPayloadSize ?? data.varint()
            case 0x04: values.initialMaxData = values.initialMaxData ?? data.varint()
            case 0x08: values.initialMaxBidirectionalStreams = values.initialMaxBidirectionalStreams ?? data.varint()
            case 0x09: values.initialMaxUnidirectionalStreams = values.initialMaxUnidirectionalStreams ?? data.varint()
            case 0x0C: values.disablesActiveMigration = true
            default: break
            }
        }
        return values
    }
}
