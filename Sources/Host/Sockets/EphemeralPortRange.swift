import Model

extension EphemeralPorts {
    /// As this network namespace has them, from /proc/sys/net/ipv4; they hold for IPv6 as well.
    static var ofThisHost: EphemeralPorts? {
        EphemeralPorts(
            range: ProcFile.text(of: "/proc/sys/net/ipv4/ip_local_port_range"),
            reserved: ProcFile.text(of: "/proc/sys/net/ipv4/ip_local_reserved_ports"))
    }

    /// Reads `32768\t60999` and `8080,9000-9010`.
    init?(range: String?, reserved: String?) {
        let ends =
            range?.split(whereSeparator: { $0 == "\t" || $0 == " " || $0 == "\n" }).compactMap { UInt16($0) } ?? []
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        var held: [ClosedRange<UInt16>] = []
        for part in (reserved ?? "").split(whereSeparator: { $0 == "," || $0 == "\n" }) {
            let ends = part.split(separator: "-").compactMap { UInt16($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { continue }
            held.append(first...last)
        }
        self.init(first: ends[0], last: ends[1], reserved: held)
    }
}
