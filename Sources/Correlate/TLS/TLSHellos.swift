import Decode
import Model

// What hellos say, in words of the model; the same for records over TCP and for CRYPTO frames.

extension TLSOffer {
    /// - Parameter hello: perhaps cut off; then what is missing stays absent.
    init(_ hello: ClientHelloView, over carrier: TLSFingerprints.Carrier) {
        self.init()
        let lists = TLSHelloLists(hello)
        func list(_ numbers: [UInt16]) -> [UInt16] {
            numbers.count <= TLSOffer.listCapacity ? numbers : Array(numbers.prefix(TLSOffer.listCapacity))
        }
        serverName = hello.serverName
        hasEncryptedClientHello = hello.offersEncryptedClientHello
        applicationProtocols = hello.applicationProtocols
        versions = list(lists.versions)
        cipherSuites = list(lists.cipherSuites)
        groups = list(lists.groups)
        keyShares = list(hello.keyShareGroups.filter { !TLSReserved.contains($0) })
        signatureAlgorithms = list(lists.signatureAlgorithms)
        hasEarlyData = hello.offersEarlyData
        if hello.offersPreSharedKey {
            resumption = .preSharedKey
        } else if let length = hello.sessionTicketLength, length > 0 {
            resumption = .ticket
        } else if let session = hello.sessionID, !session.isEmpty, hello.isWhole,
            !versions.contains(TLSNames.version13)
        {
            // A client of TLS 1.3 sends random bytes in its place (RFC 8446 appendix D.4).
            resumption = .sessionID
        }
        guard hello.isWhole else { return }
        let text = TLSFingerprints.ja3Text(hello, lists)
        ja3 = TLSFingerprints.ja3(text)
        // Some hellos make a text that is longer than anybody reads.
        if text.count <= 1024 { ja3Text = String(decoding: text, as: UTF8.self) }
        ja4 = TLSFingerprints.ja4(hello, lists, over: carrier)
    }
}

extension TLSFacts {
    /// Takes what a ServerHello says; a HelloRetryRequest says the cipher suite and the group asked for.
    mutating func read(_ hello: ServerHelloView, at time: Timestamp) {
        if let suite = hello.cipherSuite { cipherSuite = suite }
        if let chosen = hello.keyShareGroup { group = chosen }
        if hello.isHelloRetryRequest {
            if helloRetryRequest == nil { helloRetryRequest = time }
            return
        }
        guard serverHello == nil else { return }
        serverHello = time
        version = hello.version
        applicationProtocol = hello.applicationProtocol
        if version == TLSNames.version13 {
            if offer.resumption == .preSharedKey { isResumed = hello.acceptsPreSharedKey }
        }
    }
}
