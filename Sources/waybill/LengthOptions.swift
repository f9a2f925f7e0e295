import API
import ArgumentParser

/// How long a list gets.
struct LengthOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = RequestQuery.defaultLimit

    func validate() throws {
        let allowed = RequestQuery.limits
        guard allowed.contains(limit) else {
            throw ValidationError(
                "--limit cannot be \(limit); give a number from \(allowed.lowerBound) to \(allowed.upperBound).")
        }
    }
}
