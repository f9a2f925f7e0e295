import API
import Model

/// Whose requests are meant. A request whose owner is not known matches nobody, but for the user of its socket.
struct OwnerFilter: Sendable {
    private(set) var process: String?
    private(set) var pid: UInt32?
    private(set) var user: String?
    private(set) var userNumber: UInt32?
    private(set) var unit: String?

    /// `nil` when the query does not ask.
    init?(_ query: RequestQuery) {
        guard query.process != nil || query.pid != nil || query.user != nil || query.unit != nil else { return nil }
        process = query.process
        pid = query.pid
        user = query.user
        userNumber = query.user.flatMap { UInt32($0) }
        unit = query.unit
    }

    func matches(_ digest: RequestDigest) -> Bool {
        if let pid, digest.pid.map({ UInt32(bitPattern: $0) }) != pid { return false }
        if let process {
            let names = [digest.process, digest.executable, ProcessWords.file(of: digest.executable)]
            guard names.contains(process) else { return false }
        }
        if let unit, digest.unit != unit, ProcessWords.service(of: digest.unit) != unit { return false }
        if let user {
            guard let known = digest.user else { return false }
            return known.name == user || known.identifier == userNumber
        }
        return true
    }

    func matches(_ owner: SocketOwner?) -> Bool {
        guard let owner else { return false }
        if let pid, owner.process.map({ UInt32(bitPattern: $0.pid) }) != pid { return false }
        if let process, !(owner.process?.isCalled(process) ?? false) { return false }
        if let unit, !(owner.process?.belongs(to: unit) ?? false) { return false }
        if let user {
            guard let known = owner.process?.user ?? owner.user else { return false }
            return known.name == user || known.identifier == userNumber
        }
        return true
    }
}

extension Process {
    /// Its name, its file, or the last part of that: names have room for 15 bytes only.
    fileprivate func isCalled(_ text: String) -> Bool {
        name == text || executable == text || file == text
    }

    /// systemctl(1) takes a name without its type for a service.
    fileprivate func belongs(to unit: String) -> Bool {
        self.unit == unit || service == unit
    }
}
