/// Names of users, from /etc/passwd alone (passwd(5)): other sources of names may ask the network, and wait for it.
struct UserNames {
    private let path: String
    private var names: [UInt32: String] = [:]
    private var identity: FileIdentity?

    init(path: String = "/etc/passwd") { self.path = path }

    /// A file of this many bytes has tens of thousands of users.
    private static let sizeLimit = 4 << 20

    mutating func name(of user: UInt32) -> String? {
        let current = FileIdentity(path)
        if current != identity {
            identity = current
            read()
        }
        return names[user]
    }

    private mutating func read() {
        names = [:]
        for line in (ProcFile.text(of: path, limit: Self.sizeLimit) ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            // The first of several names for one number is the one that tools show.
            if fields.count >= 3, let number = UInt32(fields[2]), names[number] == nil, !fields[0].isEmpty {
                names[number] = String(fields[0])
            }
        }
    }
}
