/// An ICMP error message and the packet it quotes (RFC 792, RFC 4443 §3).
package struct ICMPErrorReport: Sendable, Equatable {
    package var time: Timestamp
    package var from: IPAddress
    package var to: IPAddress
    package var type: UInt8
    package var code: UInt8
    /// Next-hop MTU of "fragmentation needed" (RFC 1191) and "packet too big" (RFC 4443 §3.2).
    package var mtu: UInt32?
    package var quoted: Quotation?
    /// The request that the quotation belongs to, when it is known.
    package var request: RequestID?

    package init(time: Timestamp, from: IPAddress, to: IPAddress, type: UInt8, code: UInt8) {
        self.time = time
        self.from = from
        self.to = to
        self.type = type
        self.code = code
    }

    /// The quoted packet's own tuple.
    package struct Quotation: Sendable, Equatable, BitwiseCopyable {
        package var source: Endpoint
        package var destination: Endpoint
        /// IANA protocol number.
        package var protocolNumber: UInt8

        package init(source: Endpoint, destination: Endpoint, protocolNumber: UInt8) {
            self.source = source
            self.destination = destination
            self.protocolNumber = protocolNumber
        }
    }

    package var name: String { ICMPNames.name(type: type, code: code, version: from.version) }

    /// Whether it says that packets cannot get there, as opposed to a hint about size or route.
    package var isFatal: Bool {
        switch from.version {
        case .v4: type == 3 && code != 4 || type == 11 || type == 12
        case .v6: type == 1 || type == 3 || type == 4
        }
    }
}

/// Names of ICMP types and codes (IANA "ICMP Parameters", "ICMPv6 Parameters").
package enum ICMPNames {
    private static let unreachable = [
        "net_unreachable", "host_unreachable", "protocol_unreachable", "port_unreachable", "fragmentation_needed",
        "source_route_failed", "net_unknown", "host_unknown", "source_host_isolated", "net_prohibited",
        "host_prohibited", "net_unreachable_for_tos", "host_unreachable_for_tos", "admin_prohibited",
        "host_precedence_violation", "precedence_cutoff",
    ]
    private static let unreachableV6 = [
        "no_route", "admin_prohibited", "beyond_scope", "address_unreachable", "port_unreachable",
        "source_address_failed_policy", "reject_route",
    ]

    /// A snake-case name for the type and code; `type_3_code_99` where none is registered.
    package static func name(type: UInt8, code: UInt8, version: IPAddress.Version) -> String {
        let unnamed = "type_\(type)_code_\(code)"
        switch version {
        case .v4:
            switch type {
            case 3: return Int(code) < unreachable.count ? unreachable[Int(code)] : unnamed
            case 4: return "source_quench"
            case 5: return "redirect"
            case 11: return code == 0 ? "ttl_exceeded" : code == 1 ? "reassembly_time_exceeded" : unnamed
            case 12: return "parameter_problem"
            default: return unnamed
            }
        case .v6:
            switch type {
            case 1: return Int(code) < unreachableV6.count ? unreachableV6[Int(code)] : unnamed
            case 2: return "packet_too_big"
            case 3: return code == 0 ? "hop_limit_exceeded" : code == 1 ? "reassembly_time_exceeded" : unnamed
            case 4: return "parameter_problem"
            case 137: return "redirect"
            default: return unnamed
            }
        }
    }
}
