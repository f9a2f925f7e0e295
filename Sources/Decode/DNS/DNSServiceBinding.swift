package import Model

/// What an HTTPS or SVCB record offers (RFC 9460 §2.2): where a service is reached, and by which protocols.
package struct DNSServiceBinding: Sendable, Equatable {
    /// 0 is an alias of ``target``; otherwise the lowest is tried first.
    package var priority: UInt16
    /// In presentation form; `.` is the owner itself (RFC 9460 §2.5.2).
    package var target: String
    /// Keys that a client has to understand before it may use the record (RFC 9460 §8).
    package var mandatory: [UInt16] = []
    /// ALPN identifiers: `h2`, `h3`.
    package var applicationProtocols: [String] = []
    package var noDefaultApplicationProtocol = false
    package var port: UInt16?
    package var ipv4Hints: [IPAddress] = []
    package var ipv6Hints: [IPAddress] = []
    /// A key for Encrypted ClientHello is given.
    package var hasEncryptedClientHello = false

    /// Elements kept of each list above.
    package static let listCapacity = 32

    fileprivate init(priority: UInt16, target: String) {
        self.priority = priority
        self.target = target
    }
}

/// Service parameter keys (IANA "DNS Service Bindings (SVCB)").
private enum ServiceParameter {
    static let mandatory: UInt16 = 0
    static let alpn: UInt16 = 1
    static let noDefaultALPN: UInt16 = 2
    static let port: UInt16 = 3
    static let ipv4Hint: UInt16 = 4
    static let ech: UInt16 = 5
    static let ipv6Hint: UInt16 = 6

    static func name(_ key: UInt16) -> String {
        switch key {
        case mandatory: "mandatory"
        case alpn: "alpn"
        case noDefaultALPN: "no-default-alpn"
        case port: "port"
        case ipv4Hint: "ipv4hint"
        case ech: "ech"
        case ipv6Hint: "ipv6hint"
        case 7: "dohpath"
        default: "key\(key)"
        }
    }
}

/// The parameters of a binding, in the order of the record; each a key and the range of its value in RDATA.
private struct ServiceParameters: ~Escapable {
    private let data: RawSpan
    private var position: Int

    @_lifetime(copy data)
    init(_ data: RawSpan, from position: Int) {
        self.data = data
        self.position = position
    }

    /// `nil` behind the last; the flag tells whether that was the end of the data, too.
    @_lifetime(self: copy self)
    mutating func next() -> (key: UInt16, value: Range<Int>)? {
        guard data.byteCount - position >= 4 else { return nil }
        let start = position + 4
        let length = Int(data.uint16(at: position + 2))
        guard length <= data.byteCount - start else { return nil }
        defer { position = start + length }
        return (data.uint16(at: position), start..<start + length)
    }

    var isAtEnd: Bool { position == data.byteCount }
}

extension DNSRecordView {
    /// The binding of an HTTPS or SVCB record; `nil` for every other type.
    ///
    /// - Throws: ``DecodeError`` when a parameter leads out of the record, or a value is not what its key has.
    package func serviceBinding() throws(DecodeError) -> DNSServiceBinding? {
        guard type == 64 || type == 65, isInternet else { return nil }
        let target = try serviceTarget()
        var binding = DNSServiceBinding(priority: message.uint16(at: dataStart), target: target.text)
        let data = data
        var parameters = ServiceParameters(data, from: target.end - dataStart)
        while let (key, range) = parameters.next() {
            let value = data.extracting(range)
            guard isWellFormed(key, value) else { throw wrongLength() }
            switch key {
            case ServiceParameter.mandatory:
                for index in 0..<min(value.byteCount / 2, DNSServiceBinding.listCapacity) {
                    binding.mandatory.append(value.uint16(at: 2 * index))
                }
            case ServiceParameter.alpn:
                var position = 0
                while position < value.byteCount,
                    binding.applicationProtocols.count < DNSServiceBinding.listCapacity
                {
                    let next = position + 1 + Int(value.uint8(at: position))
                    var text = WireText(capacity: 4 * 255)
                    text.append(value, from: position + 1, to: next, in: .token)
                    binding.applicationProtocols.append(text.finish())
                    position = next
                }
            case ServiceParameter.noDefaultALPN: binding.noDefaultApplicationProtocol = true
            case ServiceParameter.port: binding.port = value.uint16(at: 0)
            case ServiceParameter.ipv4Hint:
                for index in 0..<min(value.byteCount / 4, DNSServiceBinding.listCapacity) {
                    binding.ipv4Hints.append(IPAddress(v4: value.uint32(at: 4 * index)))
                }
            case ServiceParameter.ech: binding.hasEncryptedClientHello = true
            case ServiceParameter.ipv6Hint:
                for index in 0..<min(value.byteCount / 16, DNSServiceBinding.listCapacity) {
                    let start = 16 * index
                    binding.ipv6Hints.append(
                        IPAddress(v6High: value.uint64(at: start), low: value.uint64(at: start + 8)))
                }
            default: break
            }
        }
        guard parameters.isAtEnd else { throw wrongLength() }
        return binding
    }

    /// `1 . alpn="h3,h2" ipv4hint=192.0.2.1` (RFC 9460 §2.1).
    func serviceBindingText() throws(DecodeError) -> String {
        let target = try serviceTarget()
        let data = data
        var text = WireText(capacity: Self.textCapacity)
        text.append("\(data.uint16(at: 0)) ")
        text.append(target.text)
        var parameters = ServiceParameters(data, from: target.end - dataStart)
        while let (key, range) = parameters.next() {
            let value = data.extracting(range)
            guard isWellFormed(key, value) else { throw wrongLength() }
            if text.isFull { continue }
            text.append(" " + ServiceParameter.name(key))
            write(value, of: key, to: &text)
        }
        guard parameters.isAtEnd else { throw wrongLength() }
        return text.finish()
    }

    private func write(_ value: RawSpan, of key: UInt16, to text: inout WireText) {
        switch key {
        case ServiceParameter.mandatory:
            for index in 0..<min(value.byteCount / 2, DNSServiceBinding.listCapacity) {
                text.append(index == 0 ? "=" : ",")
                text.append(ServiceParameter.name(value.uint16(at: 2 * index)))
            }
        case ServiceParameter.alpn:
            text.append("=\"")
            var position = 0
            while position < value.byteCount && !text.isFull {
                let next = position + 1 + Int(value.uint8(at: position))
                if position > 0 { text.append(",") }
                text.append(value, from: position + 1, to: next, in: .listItem)
                position = next
            }
            text.append("\"")
        case ServiceParameter.noDefaultALPN: break
        case ServiceParameter.port: text.append("=\(value.uint16(at: 0))")
        case ServiceParameter.ipv4Hint:
            for index in 0..<min(value.byteCount / 4, DNSServiceBinding.listCapacity) {
                text.append(index == 0 ? "=" : ",")
                text.append(IPAddress(v4: value.uint32(at: 4 * index)).description)
            }
        case ServiceParameter.ech:
            text.append("=")
            text.appendBase64(value)
        case ServiceParameter.ipv6Hint:
            for index in 0..<min(value.byteCount / 16, DNSServiceBinding.listCapacity) {
                let address = IPAddress(
                    v6High: value.uint64(at: 16 * index), low: value.uint64(at: 16 * index + 8))
                text.append(index == 0 ? "=" : ",")
                text.append(address.description)
            }
        default:
            guard value.byteCount > 0 else { break }
            text.append("=\"")
            text.append(value, from: 0, to: value.byteCount, in: .quoted)
            text.append("\"")
        }
    }

    @_lifetime(copy self)
    private func serviceTarget() throws(DecodeError) -> DNSName {
        guard end - dataStart >= 3 else { throw wrongLength() }
        let target = try DNSName(in: message, at: dataStart + 2, offset: offset)
        guard target.end <= end else { throw wrongLength() }
        return target
    }

    /// Whether the value has the length, and lists the items, that its key asks for (RFC 9460 §7, §8).
    private func isWellFormed(_ key: UInt16, _ value: RawSpan) -> Bool {
        let count = value.byteCount
        switch key {
        case ServiceParameter.mandatory: return count > 0 && count.isMultiple(of: 2)
        case ServiceParameter.alpn:
            var position = 0
            while position < count {
                let length = Int(value.uint8(at: position))
                guard length > 0 else { return false }
                position += 1 + length
            }
            return count > 0 && position == count
        case ServiceParameter.noDefaultALPN: return count == 0
        case ServiceParameter.port: return count == 2
        case ServiceParameter.ipv4Hint: return count > 0 && count.isMultiple(of: 4)
        case ServiceParameter.ech: return count > 0
        case ServiceParameter.ipv6Hint: return count > 0 && count.isMultiple(of: 16)
        default: return true
        }
    }
}
