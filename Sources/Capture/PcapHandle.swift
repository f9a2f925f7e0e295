import CPcap
import Model

/// A libpcap capture handle, owned: it cannot be copied and closes exactly once. No other type touches `pcap_t`.
///
/// Frames come through `pcap_dispatch`, never `pcap_next_ex`: on Linux the latter copies each frame into a buffer of
/// its own, because the ring's block must be given back when its last frame was read (pcap-linux.c).
@safe struct PcapHandle: ~Copyable, @unchecked Sendable {
    // Sendable because the pointer has exactly one owner, this value, and libpcap binds handles to no thread.

    private let handle: OpaquePointer
    private let name: String
    /// Nanoseconds of one unit of `tv_usec`.
    private var fraction: Int64 = 1
    private(set) var descriptor: CInt = -1
    private(set) var linkType = LinkType.ethernet
    /// What libpcap warned of when the capture began.
    private(set) var warning: String?

    enum Outcome {
        /// Nothing is left for now.
        case drained
        /// `body` refused to go on, or the limit was reached; there may be more.
        case stopped
        case failed(String)
    }

    /// Makes a handle that does not capture yet.
    init(interface name: String) throws(CaptureError) {
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(PCAP_ERRBUF_SIZE))
        defer { unsafe message.deallocate() }
        unsafe message.initialize(repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = unsafe pcap_create(name, message) else {
            throw .interface(name, .refused(unsafe String(cString: message)))
        }
        unsafe self.handle = handle
        self.name = name
    }

    deinit { unsafe pcap_close(handle) }

    /// Begins to capture.
    ///
    /// - Throws: ``CaptureError``: no such interface, down, no permission, an unsupported link type, or a filter that
    ///   does not compile for it.
    mutating func activate(_ settings: LiveSettings) throws(CaptureError) {
        // These only fail on a handle that is active already.
        _ = unsafe pcap_set_snaplen(handle, CInt(clamping: settings.snapLength))
        _ = unsafe pcap_set_promisc(handle, settings.promiscuous ? 1 : 0)
        _ = unsafe pcap_set_timeout(handle, CInt(clamping: settings.blockTimeout))
        _ = unsafe pcap_set_buffer_size(handle, CInt(clamping: settings.bufferSize))
        if unsafe pcap_set_tstamp_precision(handle, CInt(PCAP_TSTAMP_PRECISION_NANO)) != 0 { fraction = 1000 }
        // Not immediate mode: libpcap would then leave TPACKET_V3 and its blocks for a wake-up per frame.
        let status = unsafe pcap_activate(handle)
        guard status >= 0 else { throw .interface(name, problem(status)) }
        if status > 0 { warning = words(status) }
        try requireLinkType()
        try setFilter(settings.filter)
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(PCAP_ERRBUF_SIZE))
        defer { unsafe message.deallocate() }
        unsafe message.initialize(repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard unsafe pcap_setnonblock(handle, 1, message) == 0 else {
            throw .interface(name, .refused(unsafe String(cString: message)))
        }
        descriptor = unsafe pcap_get_selectable_fd(handle)
        guard descriptor >= 0 else { throw .interface(name, .refused("libpcap has no descriptor to wait on")) }
    }

    private mutating func requireLinkType() throws(CaptureError) {
        let number = unsafe pcap_datalink(handle)
        guard let known = LinkType(dataLink: number) else {
            throw .unsupportedLinkType(source: name, number: Int(number))
        }
        linkType = known
    }

    /// Sets a filter also when there is none to set: only a filter's return value makes the kernel cut frames to the
    /// snap length before they are copied into the ring.
    func setFilter(_ expression: String?) throws(CaptureError) {
        var program = unsafe bpf_program()
        let text = expression ?? ""
        // No netmask: an interface may have several networks, and "ip broadcast" then says that it cannot know.
        guard unsafe pcap_compile(handle, &program, text, 1, bpf_u_int32.max) == 0 else {
            throw .filter(expression: text, linkType: linkType.name, message: lastError)
        }
        defer { unsafe pcap_freecode(&program) }
        guard unsafe pcap_setfilter(handle, &program) == 0 else { throw .interface(name, .refused(lastError)) }
    }

    private func problem(_ status: CInt) -> InterfaceProblem {
        switch status {
        case PCAP_ERROR_NO_SUCH_DEVICE: .missing
        case PCAP_ERROR_IFACE_NOT_UP: .down
        case PCAP_ERROR_PERM_DENIED: .forbidden
        case PCAP_ERROR_PROMISC_PERM_DENIED: .promiscuousForbidden
        case _: .refused(words(status))
        }
    }

    /// libpcap's words for a status, with the detail it left on the handle.
    private func words(_ status: CInt) -> String {
        let general = unsafe String(cString: pcap_statustostr(status))
        let detail = lastError
        if detail.isEmpty { return general }
        return status == PCAP_ERROR || status == PCAP_WARNING ? detail : "\(general) (\(detail))"
    }

    private var lastError: String { unsafe String(cString: pcap_geterr(handle)) }

    /// One call of `pcap_dispatch`, as its callback finds it again.
    @safe private struct Run {
        let handle: OpaquePointer
        let fraction: Int64
        let body: (RawSpan, Timestamp, Int) -> Bool
        var stopped = false
    }

    /// Lends at most `limit` frames to `body`, straight from the ring: bytes, time, bytes on the wire. `body` returns
    /// `false` to see no more; the frame it saw then counts as read. Never blocks.
    mutating func dispatch(limit: Int, _ body: (RawSpan, Timestamp, Int) -> Bool) -> Outcome {
        let limit = CInt(clamping: max(1, limit))
        let (status, stopped) = withoutActuallyEscaping(body) { body in
            var run = unsafe Run(handle: handle, fraction: fraction, body: body)
            let status = unsafe withUnsafeMutablePointer(to: &run) { run in
                unsafe pcap_dispatch(
                    handle, limit, Self.receive, UnsafeMutableRawPointer(run).assumingMemoryBound(to: UInt8.self))
            }
            return (status, run.stopped)
        }
        if stopped || status >= limit { return .stopped }
        return status < 0 && status != PCAP_ERROR_BREAK ? .failed(lastError) : .drained
    }

    private static let receive: pcap_handler = { user, header, bytes in
        guard let user = unsafe user, let header = unsafe header?.pointee, let bytes = unsafe bytes else { return }
        let run = unsafe UnsafeMutableRawPointer(user).assumingMemoryBound(to: Run.self)
        let frame = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(bytes), byteCount: Int(header.caplen))
        let time = unsafe Timestamp(
            seconds: Int64(header.ts.tv_sec), nanoseconds: Int64(header.ts.tv_usec) &* run.pointee.fraction)
        if unsafe run.pointee.body(frame, time, max(Int(header.len), Int(header.caplen))) { return }
        unsafe run.pointee.stopped = true
        unsafe pcap_breakloop(run.pointee.handle)
    }

    /// libpcap's counters since activation, which wrap at 2³²; `nil` when it cannot tell.
    func statistics() -> (received: UInt32, dropped: UInt32, droppedByInterface: UInt32)? {
        var counters = pcap_stat()
        guard unsafe pcap_stats(handle, &counters) == 0 else { return nil }
        return (counters.ps_recv, counters.ps_drop, counters.ps_ifdrop)
    }
}
