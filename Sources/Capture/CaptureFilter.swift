import CPcap
package import Model

/// A filter expression of pcap-filter(7), compiled by libpcap for each link type that needs it.
///
///     var filter = CaptureFilter("tcp port 443")
///     try filter.prepare(for: .ethernet)
///     if filter.matches(frame, info) { … }
package struct CaptureFilter: Sendable {
    package let expression: String
    private var programs: [LinkType: FilterProgram] = [:]

    package init(_ expression: String) { self.expression = expression }

    /// Compiles the expression for frames of `linkType`, once.
    ///
    /// - Throws: ``CaptureError/filter(expression:linkType:message:)``. An expression may suit one link type and
    ///   not another: `ether host` says nothing about raw IP.
    package mutating func prepare(for linkType: LinkType) throws(CaptureError) {
        guard programs[linkType] == nil else { return }
        programs[linkType] = try FilterProgram(expression, for: linkType)
    }

    /// Whether a frame passes. Frames of a link type that was not prepared never do.
    package func matches(_ frame: RawSpan, _ info: FrameInfo) -> Bool {
        programs[info.linkType]?.matches(frame, wireLength: info.wireLength) ?? false
    }
}

/// One compiled BPF program, owned.
@safe final class FilterProgram: @unchecked Sendable {
    // Sendable because nothing writes to the program between `init` and `deinit`.

    private let program: UnsafeMutablePointer<bpf_program>

    /// Compiles for a handle that reads no frames, so that neither an interface nor privileges are needed.
    init(_ expression: String, for linkType: LinkType) throws(CaptureError) {
        // The snap length only tells how much an accepting filter asks for; offline nobody reads it.
        guard let handle = unsafe pcap_open_dead(linkType.dataLink, 262_144) else {
            throw .filter(expression: expression, linkType: linkType.name, message: "out of memory")
        }
        defer { unsafe pcap_close(handle) }
        let compiled = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
        unsafe compiled.initialize(to: bpf_program())
        // No netmask: "ip broadcast" of a file's network is not known, and libpcap says so.
        guard unsafe pcap_compile(handle, compiled, expression, 1, bpf_u_int32.max) == 0 else {
            let message = unsafe String(cString: pcap_geterr(handle))
            unsafe compiled.deallocate()
            throw .filter(expression: expression, linkType: linkType.name, message: message)
        }
        unsafe program = compiled
    }

    deinit {
        unsafe pcap_freecode(program)
        unsafe program.deallocate()
    }

    func matches(_ frame: RawSpan, wireLength: Int) -> Bool {
        var header = pcap_pkthdr()
        header.caplen = bpf_u_int32(clamping: frame.byteCount)
        header.len = bpf_u_int32(clamping: wireLength)
        return unsafe frame.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe pcap_offline_filter(
                program, &header, start.assumingMemoryBound(to: UInt8.self)) != 0
        }
    }
}

extension LinkType {
    /// libpcap's number for it on this system. Files store LINKTYPE_ values; where a system's own DLT_ value
    /// differs, libpcap translates (pcap-common.c), and so does this.
    var dataLink: CInt {
        switch self {
        case .null: DLT_NULL
        case .ethernet: DLT_EN10MB
        case .raw12, .raw: DLT_RAW
        case .loop: DLT_LOOP
        case .linuxSLL: DLT_LINUX_SLL
        case .ipv4: DLT_IPV4
        case .ipv6: DLT_IPV6
        case .linuxSLL2: DLT_LINUX_SLL2
        }
    }

    /// The link type of frames that libpcap hands over with the number `dataLink`; `nil` when Waybill reads none such.
    init?(dataLink: CInt) {
        if dataLink == DLT_RAW {
            self = .raw
        } else if let match = Self.allCases.first(where: { $0.dataLink == dataLink }) {
            self = match
        } else {
            return nil
        }
    }
}
