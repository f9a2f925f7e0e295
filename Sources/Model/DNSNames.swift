/// Names of DNS numbers (IANA "Domain Name System Parameters").
package enum DNSNames {
    /// The mnemonic of a record type; `TYPE65280` where none is registered (RFC 3597 §5).
    package static func type(_ number: UInt16) -> String {
        switch number {
        case 1: "A"
        case 2: "NS"
        case 5: "CNAME"
        case 6: "SOA"
        case 10: "NULL"
        case 12: "PTR"
        case 13: "HINFO"
        case 15: "MX"
        case 16: "TXT"
        case 28: "AAAA"
        case 29: "LOC"
        case 33: "SRV"
        case 35: "NAPTR"
        case 39: "DNAME"
        case 41: "OPT"
        case 43: "DS"
        case 44: "SSHFP"
        case 46: "RRSIG"
        case 47: "NSEC"
        case 48: "DNSKEY"
        case 50: "NSEC3"
        case 52: "TLSA"
        case 64: "SVCB"
        case 65: "HTTPS"
        case 99: "SPF"
        case 249: "TKEY"
        case 250: "TSIG"
        case 251: "IXFR"
        case 252: "AXFR"
        case 255: "ANY"
        case 257: "CAA"
        default: "TYPE\(number)"
        }
    }

    /// The same, by the protocol that asked: two numbers mean something else to NetBIOS (RFC 1002 §4.2.1.3).
    package static func type(_ number: UInt16, _ kind: LookupKind) -> String {
        switch (kind, number) {
        case (.nbns, 32): "NB"
        case (.nbns, 33): "NBSTAT"
        case (.dns, _), (.mdns, _), (.llmnr, _), (.nbns, _): type(number)
        }
    }

    /// The mnemonic of a response code, extended ones included (RFC 6895 §2.3); `RCODE24` where none is registered.
    package static func rcode(_ number: UInt16) -> String {
        switch number {
        case 0: "NOERROR"
        case 1: "FORMERR"
        case 2: "SERVFAIL"
        case 3: "NXDOMAIN"
        case 4: "NOTIMP"
        case 5: "REFUSED"
        case 6: "YXDOMAIN"
        case 7: "YXRRSET"
        case 8: "NXRRSET"
        case 9: "NOTAUTH"
        case 10: "NOTZONE"
        case 16: "BADVERS"
        case 17: "BADKEY"
        case 18: "BADTIME"
        case 23: "BADCOOKIE"
        default: "RCODE\(number)"
        }
    }

    /// The name of an EDNS option (IANA "DNS EDNS0 Option Codes"), as `dig` and the registry write it.
    package static func option(_ code: UInt16) -> String {
        switch code {
        case 1: "LLQ"
        case 2: "UL"
        case 3: "NSID"
        case 5: "DAU"
        case 6: "DHU"
        case 7: "N3U"
        case 8: "ECS"
        case 9: "EXPIRE"
        case 10: "COOKIE"
        case 11: "KEEPALIVE"
        case 12: "PADDING"
        case 13: "CHAIN"
        case 14: "KEY-TAG"
        case 15: "EDE"
        case 16: "CLIENT-TAG"
        case 17: "SERVER-TAG"
        case 18: "REPORT-CHANNEL"
        case 19: "ZONEVERSION"
        default: "OPT\(code)"
        }
    }

    /// The purpose of an extended error (RFC 8914 §4; IANA "Extended DNS Error Codes").
    package static func extendedError(_ code: UInt16) -> String {
        switch code {
        case 0: "Other"
        case 1: "Unsupported DNSKEY Algorithm"
        case 2: "Unsupported DS Digest Type"
        case 3: "Stale Answer"
        case 4: "Forged Answer"
        case 5: "DNSSEC Indeterminate"
        case 6: "DNSSEC Bogus"
        case 7: "Signature Expired"
        case 8: "Signature Not Yet Valid"
        case 9: "DNSKEY Missing"
        case 10: "RRSIGs Missing"
        case 11: "No Zone Key Bit Set"
        case 12: "NSEC Missing"
        case 13: "Cached Error"
        case 14: "Not Ready"
        case 15: "Blocked"
        case 16: "Censored"
        case 17: "Filtered"
        case 18: "Prohibited"
        case 19: "Stale NXDOMAIN Answer"
        case 20: "Not Authoritative"
        case 21: "Not Supported"
        case 22: "No Reachable Authority"
        case 23: "Network Error"
        case 24: "Invalid Data"
        case 25: "Signature Expired before Valid"
        case 26: "Too Early"
        case 27: "Unsupported NSEC3 Iterations Value"
        case 28: "Unable to conform to policy"
        case 29: "Synthesized"
        case 30: "Invalid Query Type"
        default: "EDE\(code)"
        }
    }
}
