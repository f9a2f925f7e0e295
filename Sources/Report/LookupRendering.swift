package import API
package import Model

extension RecordRenderer {
    package func lookup(_ lookup: Model.Lookup) -> API.Lookup {
        var result = API.Lookup(
            client: SocketAddress(lookup.client), server: SocketAddress(lookup.server),
            transport: API.Transport(lookup.transport), id: lookup.transactionID, name: lookup.name,
            type: lookup.typeName, status: lookup.status.name, queried: lookup.queried.map { Time($0) },
            answered: lookup.answered.map { Time($0) }, rtt: lookup.roundTrip.map { Milliseconds($0) },
            rcode: lookup.rcode.map { DNSNames.rcode($0) }, truncated: lookup.truncated, retries: lookup.retries,
            chain: chain(lookup),
            addresses: lookup.answers.compactMap { answer in
                if case .address(let address) = answer.data { address.description } else { nil }
            },
            answers: lookup.answers.map { answer in
                API.Lookup.Answer(
                    name: answer.name, type: DNSNames.type(answer.type, lookup.kind), ttl: answer.ttl,
                    data: answer.presentation)
            }, answersLeftOut: lookup.answersLeftOut)
        result.kind = lookup.kind.name
        result.queryFlags = lookup.questionFlags?.names
        result.flags = lookup.answerFlags?.names
        result.sections = lookup.sections.map {
            API.Sections(answer: $0.answer, authority: $0.authority, additional: $0.additional)
        }
        result.queryEDNS = lookup.questionEDNS.map { API.EDNS($0) }
        result.edns = lookup.answerEDNS.map { API.EDNS($0) }
        result.extendedErrors = lookup.answerEDNS?.extendedErrors.orNil?.map { API.ExtendedError($0) }
        result.searched = lookup.searched.orNil?.map { API.SearchedName($0) }
        result.askedBefore = lookup.askedBefore.orNil?.map { API.AskedServer($0) }
        result.stub = lookup.stub.map { API.StubAnswer($0) }
        result.pair = lookup.pair.map { API.LookupPair($0) }
        return result
    }

    /// Follows the CNAMEs of the answer from the name asked for; each record leads on once at most.
    private func chain(_ lookup: Model.Lookup) -> [String] {
        var aliases: [String: String] = [:]
        for answer in lookup.answers where answer.type == 5 {
            if case .name(let target) = answer.data { aliases[answer.name.lowercased()] = target }
        }
        var chain: [String] = []
        var name = lookup.name.lowercased()
        while let target = aliases.removeValue(forKey: name) {
            chain.append(target)
            name = target.lowercased()
        }
        return chain
    }
}

extension NameLookup {
    /// - Parameter pair: the other half, where more is known of it by now than the lookup knew.
    init(_ digest: LookupDigest, _ pair: Model.LookupPair? = nil) {
        self.init(
            name: digest.name, type: digest.typeName, server: digest.server.description,
            status: digest.status.name, queried: digest.queried.map { Time($0) },
            answered: digest.answered.map { Time($0) }, rtt: digest.roundTrip.map { Milliseconds($0) },
            retries: digest.retries, rcode: digest.rcode.map { DNSNames.rcode($0) }, chain: digest.chain,
            addresses: digest.addresses.map(\.description), ttl: digest.ttl)
        kind = digest.kind.name
        extendedErrors = digest.extendedErrors.orNil?.map { API.ExtendedError($0) }
        searched = digest.searched.orNil?.map { API.SearchedName($0) }
        askedBefore = digest.askedBefore.orNil?.map { API.AskedServer($0) }
        stub = digest.stub.map { API.StubAnswer($0) }
        self.pair = (pair ?? digest.pair).map { API.LookupPair($0) }
    }
}

extension API.EDNS {
    init(_ edns: Model.EDNS) {
        self.init(
            udpSize: edns.udpPayloadSize, version: edns.version, dnssecOK: edns.dnssecOK,
            options: edns.options.map { DNSNames.option($0) })
        nsid = edns.serverIdentifier
        clientSubnet = edns.clientSubnet?.description
        keepAlive = edns.keepAlive.map { Milliseconds(microseconds: Int64($0) * 100_000) }
        padding = edns.paddingLength
    }
}

extension API.ExtendedError {
    init(_ error: ExtendedDNSError) {
        self.init(code: error.code, name: DNSNames.extendedError(error.code), text: error.text)
    }
}

extension API.SearchedName {
    init(_ searched: Model.SearchedName) {
        self.init(
            name: searched.name, status: searched.status.name, rcode: searched.rcode.map { DNSNames.rcode($0) },
            rtt: Milliseconds(searched.answered - searched.queried))
    }
}

extension API.AskedServer {
    init(_ asked: Model.AskedServer) {
        self.init(
            server: asked.server.description, status: asked.status.name,
            rcode: asked.rcode.map { DNSNames.rcode($0) }, queried: Time(asked.queried))
    }
}

extension API.LookupPair {
    init(_ pair: Model.LookupPair) {
        self.init(
            type: DNSNames.type(pair.type), status: pair.status.name, rcode: pair.rcode.map { DNSNames.rcode($0) },
            rtt: pair.roundTrip.map { Milliseconds($0) })
    }
}

extension API.StubAnswer {
    init(_ stub: Model.StubAnswer) {
        self.init(
            fromCache: stub.isOwn,
            upstream: stub.upstream.map { leg in
                API.UpstreamLookup(
                    server: leg.server.description, status: leg.status.name,
                    rcode: leg.rcode.map { DNSNames.rcode($0) }, queried: Time(leg.queried),
                    rtt: leg.roundTrip.map { Milliseconds($0) })
            })
    }
}

extension Array {
    /// `nil` when there is nothing to tell: lists that few lookups have are left out of the others.
    fileprivate var orNil: Self? { isEmpty ? nil : self }
}
