import Model

/// Which hardware addresses stand for one host, as far as frames show: those that were seen with a single IPv4
/// address. One that was seen with several is a router, or hides one, and says nothing about who sent a frame.
///
/// Bounded; when it is full, stations that are not in it are not told apart from routers.
struct StationTable {
    private var addresses: [MACAddress: IPAddress] = [:]
    private var shared: Set<MACAddress> = []
    /// What was noted last: frames of one station follow each other.
    private var latest: (station: MACAddress, address: IPAddress)?
    private var latestShared: MACAddress?
    private var refused: UInt64 = 0

    static let capacity = 4096

    /// Nothing is ever taken out.
    var summary: TableSummary {
        let count = addresses.count + shared.count
        return TableSummary(name: "stations", count: count, peak: count, capacity: Self.capacity, evictions: refused)
    }

    /// `address` was seen as the source of a request from `station`.
    @inline(__always)
    mutating func note(_ address: IPAddress, at station: MACAddress) {
        guard address.version == .v4, station != latestShared else { return }
        if let latest, latest.station == station, latest.address == address { return }
        learn(address, at: station)
    }

    @inline(never)
    private mutating func learn(_ address: IPAddress, at station: MACAddress) {
        guard !shared.contains(station) else {
            latestShared = station
            return
        }
        latest = (station, address)
        guard let known = addresses[station] else {
            if addresses.count + shared.count < Self.capacity { addresses[station] = address } else { refused &+= 1 }
            return
        }
        if known != address {
            addresses[station] = nil
            shared.insert(station)
        }
    }

    /// A stand-in for the host with this hardware address, to remember its answers by; `nil` when it may be a router.
    func owner(_ station: MACAddress) -> IPAddress? {
        guard addresses[station] != nil else { return nil }
        // Within ff00::/8, so no client's own address.
        return IPAddress(v6High: .max, low: station.bits)
    }
}
