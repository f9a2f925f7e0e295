import API
import Capture
import Correlate
import Engine
import Model
import Report

/// A capture file read through the engine, record by record.
struct Replay {
    let path: String
    let filter: String?
    let localNetworks: [IPPrefix]
    /// Which requests are wanted, and then nothing but requests; `nil` for everything.
    var requests: RequestFilter?

    /// Reads to the end of the file or to its damage.
    ///
    /// - Parameter report: takes the records as they are completed, and the totals at the end.
    /// - Throws: ``Failure``: with ``ExitStatus/damagedFile`` when the file is damaged, after everything before the
    ///   damage was reported; with ``ExitStatus/failed`` when it cannot be read at all.
    func run(into report: any ReplayReport, showingProgressOf progress: ReplayProgress) throws {
        var settings = CorrelatorSettings()
        settings.localNetworks = localNetworks
        settings.keepsRecords = report.wantsRecords
        var replay: FileReplay
        do throws(CaptureError) {
            replay = try FileReplay(path: path, filter: filter, settings: settings)
        } catch {
            if case .filter = error { throw Failure(.usage, error.description) }
            throw Failure(.failed, error.description)
        }
        var writeFailure: (any Error)?
        let damage = replay.run(progress: { progress.update($0) }) { record in
            guard writeFailure == nil, isWanted(record) else { return }
            do { try report.take(record) } catch { writeFailure = error }
        }
        progress.clear()
        if let writeFailure { throw writeFailure }
        try report.finish(RecordRenderer().summary(replay.summary), damage: damage?.description)
        if let damage { throw Failure(.damagedFile, damage.description) }
    }

    private func isWanted(_ record: Model.Record) -> Bool {
        guard let requests else { return true }
        guard case .request(let lifecycle) = record else { return false }
        return requests.matches(lifecycle)
    }
}
