import Model

/// What a request knows beyond its two fixed records: names, first bytes, errors. Only requests that have some get
/// one, and only where records are wanted.
final class Attachment {
    var names: [NameJoin] = []
    /// The lookups that named it: what was asked together with them may be answered after the request's beginning.
    var known: [KnownName] = []
    /// Whose socket it came from, as the kernel told.
    var ownerWord: OwnerWord?
    /// Its ports were another request's, which began then: words about the owner of that one may still come.
    var ownersSince: Timestamp?
    /// What NAT made of it, or that it did nothing, as far as that is known.
    var translation: Translation? {
        get { translationBox.value }
        _modify { yield &translationBox.value }
    }
    private var translationBox = Boxed<Translation>()
    var untranslated: Untranslated?
    /// Where it was seen elsewhere, in the order of discovery.
    var legs: [LegSighting] = []
    /// Which way the kernel sends it.
    var route: RouteReport?
    /// How few ports were left when it began.
    var scarcity: PortScarcity?
    /// By what its name was likely asked for, unseen, when it began.
    var likelyResolver: String?
    var lookups: [LookupDigest] = []
    /// Lookups that were told of a request which turned out to be a leg of this one, where their answers are yet to come.
    var toldByLeg: [LookupDigest] = []
    /// The name that a search list went on to, and that had an answer.
    var searchedOn: String?
    /// Who else answered its SYN.
    var elsewhere: ElsewhereAnswer?
    var neighbour: NeighbourJoin?
    var application = ApplicationFacts()
    var tunnels: [Tunnel] = []
    var icmpErrors: [ICMPErrorReport] = []
    var icmpErrorCount = 0
    /// The QUIC handshake, while its Initial packets are read.
    var quic: QUICHandshake?
    /// One was begun, and need not be again.
    var hasTriedQUIC = false
    /// The first QUIC packet seen was not the client's first.
    var joinedMidstream = false

    /// Lookups that one exchange remembers, the latest: a resolver may use one port for years.
    static let lookupCapacity = 8

    func note(_ lookup: LookupDigest) {
        if lookups.count == Self.lookupCapacity { lookups.removeFirst() }
        lookups.append(lookup)
    }

    func note(_ error: ICMPErrorReport) {
        icmpErrorCount += 1
        if icmpErrors.count < Lifecycle.icmpErrorCapacity { icmpErrors.append(error) }
    }
}

/// Attachments by number; 0 is none. It grows with the requests that need one and is bounded by their cap.
struct AttachmentTable {
    private var attachments = NumberedObjects<Attachment>()

    subscript(_ number: UInt32) -> Attachment? { attachments[number] }

    /// The attachment that `detail` names, made when it has none yet.
    mutating func demand(_ detail: inout FlowDetail) -> Attachment {
        if let existing = self[detail.attachment] { return existing }
        let attachment = Attachment()
        detail.attachment = attachments.insert(attachment)
        return attachment
    }

    mutating func release(_ number: UInt32) { attachments.remove(number) }
}
