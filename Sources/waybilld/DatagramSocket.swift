import Glibc

/// A Unix datagram socket by which something is told to one listener, as to systemd and its journal (unix(7)).
enum DatagramSocket {
    /// - Parameter path: where the listener is; `@` at its beginning stands for the NUL of an abstract name.
    /// - Returns: a descriptor, which is the caller's; `nil` when nobody listens there.
    static func connect(to path: String) -> CInt? {
        var address = sockaddr_un()
        // One byte of the path's room stays for the NUL.
        guard path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < MemoryLayout.size(ofValue: address.sun_path)
        else { return nil }
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        let name = path.utf8.map { $0 == UInt8(ascii: "@") && path.hasPrefix("@") ? 0 : $0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        // An abstract name is as long as it is said to be.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, length)
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// - Returns: whether the listener has all of it.
    @discardableResult
    static func send(_ bytes: [UInt8], by descriptor: CInt, _ flags: CInt = 0) -> Bool {
        unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | flags)
        } == bytes.count
    }
}
