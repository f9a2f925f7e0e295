package import API

/// How far the reading of a file is: `24 %, 3.10 M frames, 1.20 GB of 5.00 GB, 310 MB/s, 12 s left`.
package struct ReadingPace {
    private let frames: UInt64
    private let bytes: UInt64
    private let totalBytes: UInt64?
    private let elapsed: Milliseconds

    /// Until then a rate says little, and a time left less.
    private static let settled = Milliseconds(microseconds: 1_000_000)

    /// - Parameter totalBytes: `nil` when the input is a pipe.
    package init(frames: UInt64, bytes: UInt64, totalBytes: UInt64?, elapsed: Milliseconds) {
        self.frames = frames
        self.bytes = bytes
        self.totalBytes = totalBytes
        self.elapsed = elapsed
    }

    package func line(_ drawing: Drawing) -> Line {
        var parts: [String] = []
        if let totalBytes, totalBytes > 0 {
            // A file that grows while it is read has more than it had.
            parts.append("\(UInt64(min(Double(bytes) / Double(totalBytes) * 100, 100))) %")
        }
        parts.append("\(Self.short(frames)) frames")
        let total = totalBytes.map { " of \(Quantity.bytes(max($0, bytes)))" } ?? ""
        parts.append("\(Quantity.bytes(bytes))\(total)")
        if elapsed >= Self.settled {
            let rate = Double(bytes) / elapsed.value * 1000
            parts.append("\(Quantity.bytes(Self.whole(rate)))/s")
            if let totalBytes, totalBytes > bytes, rate > 0 {
                let left = Self.whole((Double(totalBytes - bytes) / rate).rounded(.up))
                parts.append("\(Self.text(seconds: left, drawing)) left")
            }
        }
        return Line(parts.joined(separator: ", "))
    }

    private static func whole(_ value: Double) -> UInt64 { UInt64(exactly: value.rounded()) ?? 0 }

    private static func text(seconds: UInt64, _ drawing: Drawing) -> String {
        guard seconds >= 60 else { return "\(seconds) s" }
        let (microseconds, overflow) = Int64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000)
        return Quantity.span(Milliseconds(microseconds: overflow ? .max : microseconds), drawing)
    }

    /// `512`, `14.2 k`, `3.10 M`
    private static func short(_ count: UInt64) -> String {
        switch count {
        case 0..<1000: "\(count)"
        case 1000..<999_500: "\(Quantity.significant(Double(count) / 1000)) k"
        default: "\(Quantity.significant(Double(count) / 1_000_000)) M"
        }
    }
}
