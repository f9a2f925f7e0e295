import Testing

/// Waybill's reading of every capture against Wireshark's, field by field.
@Suite(.enabled(if: TShark.program != nil, "tshark is not installed; 'make deps' installs it"))
struct CrossCheckTests {
    static let captures: [String] = [CaptureFolder.own, CaptureFolder.samples].compactMap { $0 }.flatMap { folder in
        CaptureFolder.captures(in: folder).map { folder + "/" + $0 }
    }.filter { path in !places.contains { path.hasSuffix($0) } }

    /// Every packet of these was seen at several places, as several requests for tshark.
    private static let places = ["/nat.pcapng", "/nat_mapping_gone.pcapng", "/containers.pcapng", "/nat_tunnel.pcapng"]

    @Test(arguments: captures) func agree(_ path: String) throws {
        let name = String(path.split(separator: "/").last ?? "")
        let differences = try Facts(waybill: path).differences(from: Facts(tshark: path))
        let allowed = Exception.all.filter { $0.capture == name }
        for difference in differences where !allowed.contains(where: { $0.covers(difference) }) {
            Issue.record("\(difference)")
        }
        // An exception that nothing needs any more would hide the next defect.
        for exception in allowed where !differences.contains(where: { exception.covers($0) }) {
            Issue.record("no longer needed: \(exception)")
        }
    }

    @Test(.enabled(if: CaptureFolder.samples != nil, "../shared/captures is not beside this checkout"))
    func theSamplesAreCompared() {
        #expect(Self.captures.count > 60)
    }
}
