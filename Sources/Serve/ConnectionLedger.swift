import NIOCore
import Synchronization

/// Who is connected: bounds how many are, in all and of one user, and ends them all when the server stops.
final class ConnectionLedger: Sendable {
    /// How many connections may be open at once.
    struct Limits: Sendable {
        var all = 256
        /// Of these, for those who see everything alone: no other user can shut them out.
        var reserved = 64
        var ofUser = 64
        /// To the port for metrics.
        var metrics = 16
    }

    /// On whose account a connection is.
    enum Account: Sendable, Hashable {
        case user(UInt32)
        case metrics
    }

    private let limits: Limits
    private let state = Mutex(State())

    private struct State {
        var count = 0
        /// Of those who do not see everything.
        var restricted = 0
        var accounts: [Account: Int] = [:]
        var accepted: UInt64 = 0
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosing = false
    }

    init(_ limits: Limits = Limits()) { self.limits = limits }

    var count: Int { state.withLock { $0.count } }
    /// Since the start.
    var accepted: UInt64 { state.withLock { $0.accepted } }

    /// Opens an account's connection, which ``leave(_:_:)`` ends.
    ///
    /// - Returns: `nil` when there is room for it, else why there is none.
    func enter(_ account: Account, isRestricted: Bool) -> Refusal? {
        state.withLock { state in
            let own = state.accounts[account, default: 0]
            guard own < (account == .metrics ? limits.metrics : limits.ofUser) else { return .userConnections }
            guard state.count < limits.all, !isRestricted || state.restricted < limits.all - limits.reserved else {
                return .connections
            }
            state.accounts[account] = own + 1
            state.count += 1
            if isRestricted { state.restricted += 1 }
            state.accepted &+= 1
            return nil
        }
    }

    func leave(_ account: Account, isRestricted: Bool) {
        state.withLock { state in
            let own = state.accounts[account, default: 0]
            state.accounts[account] = own > 1 ? own - 1 : nil
            state.count -= 1
            if isRestricted { state.restricted -= 1 }
        }
    }

    /// Keeps the channel until it is closed, to end it with the others.
    func add(_ channel: any Channel) {
        let isClosing = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isClosing
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
        }
        if isClosing { Self.quiesce(channel) }
    }

    /// Closes every connection once its answers under way are written; those without any at once.
    func close() {
        let channels = state.withLock { state in
            state.isClosing = true
            return Array(state.channels.values)
        }
        for channel in channels { Self.quiesce(channel) }
    }

    private static func quiesce(_ channel: any Channel) {
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
}
