// Configure's door: Configuration is read from a file, and the daemon's flags set what they name.

/// All that can be chosen about the daemon. What a file leaves out keeps the value that stands here;
/// `config/waybill.yaml` explains each.
package struct Configuration: Sendable, Equatable {
    package var capture = Capture()
    package var tables = Tables()
    package var timeouts = Timeouts()
    package var history = History()
    package var process = Process()
    package var socket = Socket()
    package var metrics = Metrics()
    package var runAs = RunAs()
    package var log = Log()

    package init() {}

    /// Where it is looked for when no flag names a file; it need not exist.
    package static let standardPath = "/etc/waybill/waybill.yaml"

    package struct Capture: Sendable, Equatable {
        /// Names; empty means every interface that is up.
        package var interfaces: [String] = []
        /// pcap-filter(7); empty takes every frame.
        package var filter = ""
        /// Bytes kept of each frame.
        package var snapLength = 8192
        /// MiB of ring buffer per interface.
        package var bufferMebibytes = 4
        /// How long the kernel may gather frames before it hands them over.
        package var timeoutMilliseconds = 20
        package var promiscuous = false
    }

    /// How many of each may be known at once.
    package struct Tables: Sendable, Equatable {
        package var flows = 1 << 18
        package var lookups = 1 << 16
        package var names = 1 << 16
        package var neighbours = 4096
    }

    /// After how many seconds without a packet something counts as over.
    package struct Timeouts: Sendable, Equatable {
        package var tcpUnanswered = 70
        package var tcpEstablished = 7800
        package var tcpHalfClosed = 900
        package var tcpLinger = 5
        package var udp = 60
        package var echo = 30
        package var lookup = 15
        package var neighbour = 3
    }

    /// What is kept of what is over: on disk, and how many of each in memory.
    package struct History: Sendable, Equatable {
        /// Where it stands on disk; empty means in memory only.
        package var directory = "/var/lib/waybill"
        /// MiB that it may take there.
        package var diskMebibytes = 1024
        /// How long it is kept there.
        package var days = 30
        package var requests = 100_000
        package var lookups = 100_000
        package var neighbours = 10_000
        package var icmpErrors = 10_000
    }

    /// What is kept of the processes that make requests.
    package struct Process: Sendable, Equatable {
        /// Their arguments.
        package var commandLine = true
    }

    package struct Socket: Sendable, Equatable {
        package var path = "/run/waybill/waybill.sock"
        /// Whose members see everything, besides root and the daemon's own user; empty leaves the group alone.
        package var group = "waybill"
        package var access = Access.group
        /// Permission bits; `nil` leaves them to what ``access`` needs.
        package var mode: UInt32?

        /// Who may ask, beside those who see everything.
        package enum Access: String, Sendable, CaseIterable {
            /// Nobody.
            case group
            /// Every local user, for the requests of its own.
            case own
        }

        package var effectiveMode: UInt32 {
            if let mode { return mode }
            return switch access {
            case .group: 0o660
            case .own: 0o666
            }
        }
    }

    /// Who the daemon becomes when root starts it.
    package struct RunAs: Sendable, Equatable {
        /// Empty, `root` and one that there is not: nobody else.
        package var user = "waybill"
    }

    package struct Metrics: Sendable, Equatable {
        /// A loopback address and port where metrics are told as well; empty for none.
        package var listen = ""
    }

    package struct Log: Sendable, Equatable {
        package var level = Level.info

        package enum Level: String, Sendable, CaseIterable {
            case trace, debug, info, notice, warning, error, critical
        }
    }
}
