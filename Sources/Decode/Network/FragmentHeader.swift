/// Which piece of which datagram a fragment is (RFC 791 §3.2, RFC 8200 §4.5).
package struct FragmentHeader: Equatable, Sendable, BitwiseCopyable {
    package var identification: UInt32
    /// Where the piece belongs, in bytes behind the IP header (IPv4) or the fragment header (IPv6).
    package var offset: Int
    package var isLast: Bool

    package init(identification: UInt32, offset: Int, isLast: Bool) {
        self.identification = identification
        self.offset = offset
        self.isLast = isLast
    }

    /// A whole datagram that carries a fragment header (RFC 6946); there is nothing to put together.
    var isAtomic: Bool { offset == 0 && isLast }
}
