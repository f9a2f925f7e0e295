import CLinux
import Model

/// The host's links and addresses as last heard, and the facts that each change amounts to.
///
/// A pure value: messages in, facts out. A link that is renamed counts as gone and come back under the new name,
/// with its addresses. Holds at most ``linkCapacity`` links and ``addressCapacity`` addresses; a new one beyond
/// that is not taken in, and counted.
struct LinkTable {
    private(set) var links: [Int32: Link] = [:]
    private(set) var addressCount = 0
    private(set) var linksRefused: UInt64 = 0
    private(set) var addressesRefused: UInt64 = 0
    private var linkPeak = 0
    private var addressPeak = 0
    /// Raised by each dump; what a dump did not renew is gone.
    private var generation: UInt32 = 0

    static let linkCapacity = 65_536
    static let addressCapacity = 262_144

    struct Link {
        /// `nil` while only addresses of it were heard of: they become facts once the link has a name.
        var state: LinkState?
        var addresses: [IPAddress: [Assignment]] = [:]
        var generation: UInt32
    }

    /// One address can be assigned to one link several times, with other prefix lengths or far ends.
    struct Assignment {
        var prefixLength: UInt8
        var peer: IPAddress
        var generation: UInt32
    }

    mutating func apply(_ message: LinkMessage, isRemoval: Bool, into changes: inout [Fact.Body]) {
        if isRemoval {
            remove(link: message.index, into: &changes)
            return
        }
        guard admit(link: message.index) else { return }
        var link = take(message.index)
        defer { links[message.index] = link }
        link.generation = generation
        guard let name = message.name ?? link.state?.name else { return }
        let state = LinkState(
            index: Int(message.index), name: name, isUp: message.flags & wb_iff_up != 0,
            isLoopback: message.flags & wb_iff_loopback != 0, hasCarrier: message.flags & wb_iff_lower_up != 0,
            mtu: message.mtu ?? link.state?.mtu, mac: message.mac ?? link.state?.mac)
        guard state != link.state else { return }
        let isNamed = link.state?.name == name
        if !isNamed { withdraw(link, into: &changes) }
        link.state = state
        changes.append(.link(state))
        if !isNamed {
            for address in link.addresses.keys.sorted() { changes.append(.addressAdded(address, interface: name)) }
        }
    }

    mutating func apply(_ message: AddressMessage, isRemoval: Bool, into changes: inout [Fact.Body]) {
        if isRemoval || message.isUnusable {
            remove(message, into: &changes)
            return
        }
        guard admit(link: message.index) else { return }
        var link = take(message.index)
        defer { links[message.index] = link }
        var assignments = link.addresses[message.address] ?? []
        let known = assignments.firstIndex { $0.prefixLength == message.prefixLength && $0.peer == message.peer }
        if let known {
            assignments[known].generation = generation
        } else {
            guard addressCount < Self.addressCapacity else {
                addressesRefused &+= 1
                return
            }
            assignments.append(
                Assignment(prefixLength: message.prefixLength, peer: message.peer, generation: generation))
            addressCount += 1
            addressPeak = max(addressPeak, addressCount)
            if assignments.count == 1, let name = link.state?.name {
                changes.append(.addressAdded(message.address, interface: name))
            }
        }
        link.addresses[message.address] = assignments
    }

    /// What an interface is called; its number, when that is not known.
    /// The link that takes in frames for `station`, which were first seen on the interface `name`; `nil` when none does, or
    /// several and that is not one of them.
    func receiver(of station: MACAddress, on name: String?) -> Int32? {
        let found = links.filter { $0.value.state.map { $0.isUp && !$0.isLoopback && $0.mac == station } ?? false }
        return found.first { $0.value.state?.name == name }?.key ?? (found.count == 1 ? found.first?.key : nil)
    }

    func index(of name: String) -> Int32? { links.first { $0.value.state?.name == name }?.key }

    func name(_ index: Int32) -> String { links[index]?.state?.name ?? "index \(index)" }

    /// What is heard from now on is what a dump says, or an event after it.
    mutating func beginDump() { generation &+= 1 }

    /// Drops what the dump did not mention.
    mutating func endDump(into changes: inout [Fact.Body]) {
        for index in links.keys.sorted() {
            guard links[index] != nil else { continue }
            var link = take(index)
            // Heard of through an address alone, the link itself was in no dump either: it is gone.
            if link.generation != generation {
                links[index] = link
                remove(link: index, into: &changes)
                continue
            }
            for address in link.addresses.keys.sorted() {
                let assignments = link.addresses[address] ?? []
                let kept = assignments.filter { $0.generation == generation }
                addressCount -= assignments.count - kept.count
                link.addresses[address] = kept.isEmpty ? nil : kept
                if kept.isEmpty, let name = link.state?.name {
                    changes.append(.addressRemoved(address, interface: name))
                }
            }
            links[index] = link
        }
    }

    var tables: [TableSummary] {
        [
            TableSummary(
                name: "links", count: links.count, peak: linkPeak, capacity: Self.linkCapacity,
                evictions: linksRefused),
            TableSummary(
                name: "addresses", count: addressCount, peak: addressPeak, capacity: Self.addressCapacity,
                evictions: addressesRefused),
        ]
    }

    private mutating func admit(link index: Int32) -> Bool {
        if links[index] != nil { return true }
        guard links.count < Self.linkCapacity else {
            linksRefused &+= 1
            return false
        }
        linkPeak = max(linkPeak, links.count + 1)
        return true
    }

    private mutating func remove(link index: Int32, into changes: inout [Fact.Body]) {
        guard let link = links.removeValue(forKey: index) else { return }
        addressCount -= link.addresses.values.reduce(0) { $0 + $1.count }
        withdraw(link, into: &changes)
    }

    private mutating func remove(_ message: AddressMessage, into changes: inout [Fact.Body]) {
        guard links[message.index] != nil else { return }
        var link = take(message.index)
        defer { links[message.index] = link }
        guard var assignments = link.addresses[message.address],
            let known = assignments.firstIndex(where: {
                $0.prefixLength == message.prefixLength && $0.peer == message.peer
            })
        else { return }
        assignments.remove(at: known)
        addressCount -= 1
        link.addresses[message.address] = assignments.isEmpty ? nil : assignments
        if assignments.isEmpty, let name = link.state?.name {
            changes.append(.addressRemoved(message.address, interface: name))
        }
    }

    /// Takes a link out, to be changed in place and put back: a copy beside it would copy all its addresses.
    private mutating func take(_ index: Int32) -> Link {
        links.removeValue(forKey: index) ?? Link(generation: generation)
    }

    /// Addresses first: nobody should ask for the link of an address that is still there.
    private func withdraw(_ link: Link, into changes: inout [Fact.Body]) {
        guard let state = link.state else { return }
        for address in link.addresses.keys.sorted() {
            changes.append(.addressRemoved(address, interface: state.name))
        }
        changes.append(.linkRemoved(index: state.index, name: state.name))
    }
}
