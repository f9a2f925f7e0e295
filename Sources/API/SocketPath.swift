/// Where daemon and command line meet.
package enum SocketPath {
    package static let standard = "/run/waybill/waybill.sock"
    package static let environmentVariable = "WAYBILL_SOCKET"

    /// The path to use when no option names one: `WAYBILL_SOCKET` if it is set and not empty, else ``standard``.
    package static func resolved(environment: [String: String]) -> String {
        guard let path = environment[environmentVariable], !path.isEmpty else { return standard }
        return path
    }
}
