/// What an OPT record says (RFC 6891 §6.1): CLASS is the UDP payload size, TTL holds the upper response code, the
/// version and the flags, and RDATA the options.
package struct EDNS: Sendable, Equatable {
    /// Bytes that the sender takes in one UDP datagram; values below 512 mean 512.
    package var udpPayloadSize: UInt16
    /// The upper eight bits of the response code.
    package var extendedRCODE: UInt8
    package var version: UInt8
    /// DO: DNSSEC records are wanted, or given (RFC 3225 §3).
    package var dnssecOK: Bool
    /// Option codes in order, at most ``optionCapacity`` (IANA "DNS EDNS0 Option Codes").
    package var options: [UInt16] = []
    /// Extended DNS errors in order, at most ``optionCapacity`` (RFC 8914 §4).
    package var extendedErrors: [ExtendedDNSError] = []
    /// The server's own name for itself, printable (RFC 5001); `nil` in questions, which only ask for it.
    package var serverIdentifier: String?
    package var clientSubnet: ClientSubnet?
    /// How long the server keeps an idle connection, in units of 100 ms (RFC 7828 §3.1).
    package var keepAlive: UInt16?
    /// Octets of padding (RFC 7830).
    package var paddingLength: Int?

    package static let optionCapacity = 16

    package init(udpPayloadSize: UInt16, extendedRCODE: UInt8 = 0, version: UInt8 = 0, dnssecOK: Bool = false) {
        self.udpPayloadSize = udpPayloadSize
        self.extendedRCODE = extendedRCODE
        self.version = version
        self.dnssecOK = dnssecOK
    }

    /// Whose answer is asked for, and for whom it holds (RFC 7871 §6).
    package struct ClientSubnet: Sendable, Equatable {
        package var address: IPAddress
        package var sourcePrefix: UInt8
        /// 0 in questions.
        package var scopePrefix: UInt8

        package init(address: IPAddress, sourcePrefix: UInt8, scopePrefix: UInt8) {
            self.address = address
            self.sourcePrefix = sourcePrefix
            self.scopePrefix = scopePrefix
        }

        /// `192.0.2.0/24`, and what it holds for behind it when the server said so: `192.0.2.0/24/20`.
        package var description: String {
            scopePrefix == 0 ? "\(address)/\(sourcePrefix)" : "\(address)/\(sourcePrefix)/\(scopePrefix)"
        }
    }
}

/// Why a server could not answer, or answered as it did (RFC 8914).
package struct ExtendedDNSError: Sendable, Equatable {
    /// IANA "Extended DNS Error Codes".
    package var code: UInt16
    /// EXTRA-TEXT, printable; `nil` when there is none.
    package var text: String?

    package init(code: UInt16, text: String? = nil) {
        self.code = code
        self.text = text
    }

    /// `DNSSEC Bogus: signature expired`
    package var description: String {
        let name = DNSNames.extendedError(code)
        return text.map { "\(name): \($0)" } ?? name
    }
}
