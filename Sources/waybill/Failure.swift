/// Why a subcommand gives up: one sentence that says what to do, and the exit status.
struct Failure: Error {
    var status: ExitStatus
    var sentence: String
    /// Where it is that no daemon answers: why.
    var absence: DaemonAbsence?

    init(_ status: ExitStatus, _ sentence: String) {
        self.status = status
        self.sentence = sentence
    }
}

/// The exit statuses of waybill; from 64 on they are those of sysexits.h.
enum ExitStatus: Int32 {
    case failed = 1
    case damagedFile = 2
    case usage = 64
    case noDaemon = 69
    case notPermitted = 77
}
