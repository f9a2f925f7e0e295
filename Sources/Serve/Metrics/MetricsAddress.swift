import Glibc
package import Model

/// A loopback port at which metrics are told to anybody on this host.
package struct MetricsAddress: Sendable, Equatable {
    package var address: IPAddress
    package var port: UInt16

    /// Of `127.0.0.1:9495` or `[::1]:9495`; `nil` for anything that is no loopback address with a port.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let digits = text[text.index(after: colon)...]
        guard let port = UInt16(digits), port > 0, digits.allSatisfy(\.isNumber), let address = IPAddress(String(host)),
            address.isLoopback, (address.version == .v6) == text.hasPrefix("[")
        else { return nil }
        self.address = address
        self.port = port
    }

    /// A socket that listens there and does not block.
    ///
    /// - Throws: ``SocketError/cannotBind(_:reason:)``
    func bind() throws(SocketError) -> CInt {
        let isV6 = address.version == .v6
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(isV6 ? AF_INET6 : AF_INET, type, 0)
        guard descriptor >= 0 else { throw .cannotBind(description, reason: SystemError.text(errno)) }
        var one: CInt = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<CInt>.size))
        guard (isV6 ? bind6(descriptor) : bind4(descriptor)) == 0, listen(descriptor, 16) == 0 else {
            let number = errno
            close(descriptor)
            throw .cannotBind(description, reason: SystemError.text(number))
        }
        return descriptor
    }

    private func bind4(_ descriptor: CInt) -> CInt {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, address.description, &name.sin_addr) == 1 else { return -1 }
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return unsafe withUnsafePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe Glibc.bind(descriptor, $0, length) }
        }
    }

    private func bind6(_ descriptor: CInt) -> CInt {
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        guard unsafe inet_pton(AF_INET6, address.description, &name.sin6_addr) == 1 else { return -1 }
        let length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return unsafe withUnsafePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe Glibc.bind(descriptor, $0, length) }
        }
    }
}

extension MetricsAddress: CustomStringConvertible {
    package var description: String { address.version == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
