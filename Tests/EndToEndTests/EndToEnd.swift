// The programs themselves, as a user starts them, against real servers in a network of three namespaces (labs/lab.sh).

import Glibc
import Testing

/// Everything here shares one lab, and some of it compares times: one test at a time.
///
/// The programs are those beside the test bundle, or those in the folder that `WAYBILL_PROGRAMS` names.
@Suite(
    .serialized, .timeLimit(.minutes(4)),
    .enabled(if: geteuid() == 0, "network namespaces and packet capture need root"))
enum EndToEnd {}

/// Why a test could not even look.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Waits until `look` finds something, looking again every few milliseconds.
///
/// - Throws: ``Trouble`` naming `what` when it finds nothing within `limit`.
func eventually<Found: Sendable>(
    _ what: String, within limit: Duration = .seconds(60), _ look: () async throws -> Found?
) async throws -> Found {
    let deadline = ContinuousClock.now + limit
    while true {
        if let found = try await look() { return found }
        guard ContinuousClock.now < deadline else { throw Trouble("\(what): not within \(limit)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
