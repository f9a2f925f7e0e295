import Synchronization

/// What the bound socket is known by, from the moment that it is.
final class IdentityBox: Sendable {
    private let identity = Mutex<FileIdentity?>(nil)

    var value: FileIdentity? { identity.withLock { $0 } }

    func set(_ value: FileIdentity?) { identity.withLock { $0 = value } }
}
