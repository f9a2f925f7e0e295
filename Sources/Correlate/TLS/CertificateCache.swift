import Crypto
import Decode
import Model

/// Chains of certificates, each read once. When full, the oldest goes first.
final class CertificateCache {
    private let capacity: Int
    private var chains: [SHA256.Digest: TLSCertificateChain] = [:]
    private var order: [SHA256.Digest] = []
    private var oldest = 0
    private var peak = 0
    private var evictions: UInt64 = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// - Parameter body: that of a Certificate message (RFC 5246 §7.4.2).
    func chain(_ body: RawSpan) -> TLSCertificateChain {
        var octets: [UInt8] = []
        octets.append(body)
        let digest = SHA256.hash(data: octets)
        if let known = chains[digest] { return known }
        let chain = TLSCertificateChain(octets[...])
        if order.count < capacity {
            order.append(digest)
        } else {
            chains[order[oldest]] = nil
            order[oldest] = digest
            oldest = (oldest + 1) % capacity
            evictions &+= 1
        }
        chains[digest] = chain
        peak = max(peak, chains.count)
        return chain
    }

    var summary: TableSummary {
        TableSummary(
            name: "certificate_chains", count: chains.count, peak: peak, capacity: capacity, evictions: evictions)
    }
}

extension TLSCertificateChain {
    /// The list of a Certificate message: three bytes of length before it, and before each certificate.
    init(_ body: ArraySlice<UInt8>) {
        self.init()
        var rest = body
        func length(_ bytes: inout ArraySlice<UInt8>) -> Int? {
            guard bytes.count >= 3 else { return nil }
            defer { bytes = bytes.dropFirst(3) }
            return bytes.prefix(3).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let total = length(&rest) else { return }
        rest = rest.prefix(total)
        while let size = length(&rest), size <= rest.count {
            count += 1
            if certificates.count < Self.capacity { certificates.append(TLSCertificate(der: rest.prefix(size))) }
            rest = rest.dropFirst(size)
        }
    }
}
