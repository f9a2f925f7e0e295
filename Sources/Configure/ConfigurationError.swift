/// Why a configuration cannot be used, and where: prints as
/// `/etc/waybill/waybill.yaml:12:3: capture.snap_lenght: there is no such key; did you mean snap_length?`
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    package var file: String
    /// From 1; `nil` when the file as a whole is at fault.
    package var line: Int?
    /// From 1, in Unicode scalars.
    package var column: Int?
    /// `capture.snap_length`, or nothing when no key is at fault.
    package var key: String?
    /// What is wrong and what is allowed.
    package var problem: String

    package init(file: String, line: Int? = nil, column: Int? = nil, key: String? = nil, problem: String) {
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.problem = problem
    }

    package var description: String {
        var place = file
        if let line { place += ":\(line)" }
        if line != nil, let column { place += ":\(column)" }
        guard let key else { return "\(place): \(problem)" }
        return "\(place): \(key): \(problem)"
    }
}
