import CLinux
import Glibc
package import Model

/// What the kernel and its interfaces are like, as far as answers depend on it.
enum HostChecks {
    /// CAP_PERFMON came with 5.8; the oldest that anybody tests with is Debian 12's 6.1.
    private static let oldest = (5, 8)

    /// - Parameter release: as uname(2) has it: `6.1.0-28-amd64`.
    static func kernel(_ release: String) -> Check {
        let numbers = release.split(whereSeparator: { !$0.isASCII || !$0.isNumber }).prefix(2).compactMap { Int($0) }
        guard release.first?.isNumber == true, numbers.count == 2 else {
            return Check("kernel", .unknown, "the kernel's version cannot be read: \(release)")
        }
        guard (numbers[0], numbers[1]) >= oldest else {
            return Check(
                "kernel", .limited, "Linux \(release) is older than \(oldest.0).\(oldest.1)",
                lost: "processes that live for a moment, and other things that older kernels do not tell")
        }
        return Check("kernel", .ok, "Linux \(release) has what waybilld asks it for")
    }

    static var release: String {
        var name = utsname()
        guard unsafe uname(&name) == 0 else { return "" }
        return unsafe withUnsafeBytes(of: &name.release) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// - Parameter offloads: bits of `WB_OFFLOAD_*` by interface.
    static func offloads(_ offloads: [(name: String, bits: CInt)]) -> Check {
        let joined = offloads.filter { $0.bits & CInt(WB_OFFLOAD_LRO) != 0 }.map(\.name)
        guard joined.isEmpty else {
            return Check(
                "offloads", .limited,
                "large receive offload is on for \(list(joined)): the hardware joins segments before anybody sees them",
                lost: "how many segments came, their sizes and times; forwarded ones may be dropped for their size",
                fix: "sudo ethtool -K \(Surroundings.quoted(joined[0])) lro off")
        }
        let all = offloads.reduce(CInt(0)) { $0 | $1.bits }
        let kinds: [(word: String, bit: Int)] = [
            ("TSO", WB_OFFLOAD_TSO), ("GSO", WB_OFFLOAD_GSO), ("GRO", WB_OFFLOAD_GRO),
        ]
        let words = kinds.filter { all & CInt($0.bit) != 0 }.map(\.word)
        guard !words.isEmpty else { return Check("offloads", .ok, "segments are seen as they are on the wire") }
        return Check(
            "offloads", .ok,
            "\(words.joined(separator: ", ")) are in use: segments are seen before they are cut and after they are joined"
        )
    }

    /// Of the interfaces that are up, the first so many.
    static var offloads: [(name: String, bits: CInt)] {
        guard let names = FolderNames("/sys/class/net") else { return [] }
        return names.filter { !$0.hasPrefix(".") }.prefix(64).compactMap { name in
            let bits = unsafe wb_offloads(name)
            return bits < 0 ? nil : (name, bits)
        }
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(4).joined(separator: ", ")
        return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
    }
}

/// Whether the host's clock is right, which those ask who are not confined: the daemon may not touch it, not even to look.
package enum ClockKeeping {
    /// Whether something keeps it right, and how far off the kernel takes it to be; `nil` when it cannot be asked.
    package static func look() -> (isKept: Bool, error: TimeSpan)? {
        var microseconds: Int64 = 0
        let answer = unsafe wb_clock_is_kept(&microseconds)
        guard answer >= 0 else { return nil }
        return (answer == 1, TimeSpan(nanoseconds: microseconds.multipliedReportingOverflow(by: 1000).partialValue))
    }
}
