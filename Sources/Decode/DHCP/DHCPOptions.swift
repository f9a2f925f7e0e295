package import Model

/// The options of a DHCPv4 message that tell how a host got its address (RFC 2132, RFC 3397, RFC 3442).
///
/// What cannot be read is passed over: ``damage`` has the first thing that was wrong, all else stands.
package struct DHCPOptions {
    package private(set) var messageType: MessageType?
    package private(set) var hostname: String?
    package private(set) var requestedAddress: IPAddress?
    package private(set) var server: IPAddress?
    package private(set) var message: String?
    package private(set) var parameters = Lease.Parameters()
    private(set) var overload: UInt8 = 0
    package private(set) var damage: DecodeError?

    /// Option 53 (RFC 2132 §9.6).
    package enum MessageType: UInt8, Sendable {
        case discover = 1
        case offer, request, decline, acknowledge, refuse, release, inform
    }

    /// Addresses, names and routes kept of one option.
    private static let listLimit = 8
    /// Options of one area; 255 is the most that have a number of their own.
    private static let optionLimit = 256

    /// Reads `bytes[start..<end]`, options up to an end mark: one byte code, one byte length, value; 0 is padding.
    mutating func read(_ bytes: RawSpan, from start: Int, to end: Int, at offset: Int) {
        var position = start
        var count = 0
        while position < end {
            let code = bytes.uint8(at: position)
            if code == 255 { return }
            guard code != 0 else {
                position += 1
                continue
            }
            count += 1
            guard count <= Self.optionLimit else {
                return note(.invalid(.dhcp, at: offset + position, field: .sectionCount, value: count))
            }
            guard position + 2 <= end else {
                return note(.truncated(.dhcp, at: offset + position, needs: 2, has: end - position))
            }
            let length = Int(bytes.uint8(at: position + 1))
            guard position + 2 + length <= end else {
                return note(.truncated(.dhcp, at: offset + position, needs: 2 + length, has: end - position))
            }
            let value = bytes.extracting(position + 2..<position + 2 + length)
            if !take(code, value) {
                note(.invalid(.dhcp, at: offset + position + 1, field: .optionLength, value: length))
            }
            position += 2 + length
        }
    }

    private mutating func note(_ error: DecodeError) { if damage == nil { damage = error } }

    /// - Returns: `false` when the value has a length that it cannot have.
    private mutating func take(_ code: UInt8, _ value: RawSpan) -> Bool {
        switch code {
        case 1: return one(value, &parameters.subnetMask)
        case 3: return all(value, &parameters.routers)
        case 6: return all(value, &parameters.nameServers)
        case 12: hostname = hostname ?? HostText.name(value.withoutPadding)
        case 15: parameters.domain = parameters.domain ?? HostText.name(value.withoutPadding)
        case 26:
            guard value.byteCount == 2 else { return false }
            parameters.mtu = value.uint16(at: 0)
        case 42: return all(value, &parameters.timeServers)
        case 50:
            guard one(value, &requestedAddress) else { return false }
            // None in particular.
            if requestedAddress?.isUnspecified == true { requestedAddress = nil }
        case 51: return seconds(value, &parameters.leaseTime)
        case 52:
            guard value.byteCount == 1 else { return false }
            overload = value.uint8(at: 0)
        case 53:
            guard value.byteCount == 1, let type = MessageType(rawValue: value.uint8(at: 0)) else { return false }
            messageType = type
        case 54: return one(value, &server)
        case 56:
            var text = WireText(capacity: 255, expecting: value.byteCount)
            text.append(value.withoutPadding, from: 0, to: value.withoutPadding.byteCount, in: .quoted)
            message = text.finish()
        case 58: return seconds(value, &parameters.renewalTime)
        case 59: return seconds(value, &parameters.rebindingTime)
        case 119: return search(value)
        case 121: return routes(value)
        default: break
        }
        return true
    }

    private func one(_ value: RawSpan, _ address: inout IPAddress?) -> Bool {
        guard value.byteCount == 4 else { return false }
        address = IPAddress(v4: value.uint32(at: 0))
        return true
    }

    private func all(_ value: RawSpan, _ addresses: inout [IPAddress]) -> Bool {
        guard value.byteCount >= 4, value.byteCount % 4 == 0 else { return false }
        for position in stride(from: 0, to: value.byteCount, by: 4) where addresses.count < Self.listLimit {
            addresses.append(IPAddress(v4: value.uint32(at: position)))
        }
        return true
    }

    private func seconds(_ value: RawSpan, _ time: inout UInt32?) -> Bool {
        guard value.byteCount == 4 else { return false }
        time = value.uint32(at: 0)
        return true
    }

    /// Names as in DNS, compressed against one another (RFC 3397 §2).
    private mutating func search(_ value: RawSpan) -> Bool {
        var position = 0
        while position < value.byteCount, parameters.search.count < Self.listLimit {
            guard let name = try? DNSName(inList: value, at: position) else { return false }
            parameters.search.append(name.text)
            position = name.end
        }
        return true
    }

    /// Prefix length, as many octets of the destination as it needs, gateway (RFC 3442).
    private mutating func routes(_ value: RawSpan) -> Bool {
        var position = 0
        while position < value.byteCount, parameters.routes.count < Self.listLimit {
            let width = value.uint8(at: position)
            let octets = (Int(width) + 7) / 8
            guard width <= 32, position + 1 + octets + 4 <= value.byteCount else { return false }
            var bits: UInt32 = 0
            for index in 0..<octets { bits |= UInt32(value.uint8(at: position + 1 + index)) << UInt32(24 - 8 * index) }
            parameters.routes.append(
                Lease.Route(
                    destination: IPAddress(v4: bits), prefixLength: width,
                    gateway: IPAddress(v4: value.uint32(at: position + 1 + octets))))
            position += 1 + octets + 4
        }
        return true
    }
}

extension RawSpan {
    /// Some senders end text with zeros (RFC 2132 §2).
    fileprivate var withoutPadding: RawSpan {
        @_lifetime(copy self) get {
            var end = byteCount
            while end > 0, uint8(at: end - 1) == 0 { end -= 1 }
            return extracting(first: end)
        }
    }
}
