package import Capture
package import Correlate
package import Model

/// A capture file through the engine: the same decoding and correlating as live, without facts of a kernel.
///
///     var replay = try FileReplay(path: "trace.pcap", settings: settings)
///     let damage = replay.run { record in print(record) } progress: { … }
///     print(replay.summary)
package struct FileReplay: ~Copyable {
    private var file: CaptureFile
    private var correlator: Correlator
    /// Frames of several interfaces; of a single one they are in order.
    private var order = FrameOrder()
    private var namedInterfaces = 0

    /// How far the reading is.
    package struct Progress: Sendable {
        package var frames: UInt64
        package var bytesRead: UInt64
        /// `nil` when the input is a pipe.
        package var totalBytes: UInt64?
    }

    /// - Parameters:
    ///   - path: of a pcap or pcapng file; `-` is standard input.
    ///   - filter: a BPF expression; frames that do not match are passed over.
    /// - Throws: ``CaptureError`` when it cannot be opened, is no capture, or the expression is none.
    package init(
        path: String, filter: String? = nil, settings: CorrelatorSettings = CorrelatorSettings()
    ) throws(CaptureError) {
        file = try CaptureFile(path: path, filter: filter)
        correlator = Correlator(settings)
    }

    /// Reads to the end, or to the damage, and hands over every record in the order in which it was completed.
    ///
    /// - Parameters:
    ///   - progressInterval: frames between two calls of `progress`; a power of two.
    /// - Returns: what stopped it before the end of the file: everything before that was read and handed over.
    package mutating func run(
        progressInterval: UInt64 = 1 << 14, progress: (Progress) -> Void = { _ in }, into sink: (Record) -> Void
    ) -> CaptureError? {
        var damage: CaptureError?
        do throws(CaptureError) {
            while try file.advance() {
                if file.interfaces.count != namedInterfaces { nameInterfaces() }
                if file.interfaces.count > 1 {
                    order.append(file.frame, file.info)
                    Self.observe(&order, &correlator)
                } else {
                    correlator.observe(file.frame, file.info)
                }
                // From a pipe frames may come slowly, and what is known should not wait for more of them.
                if file.records & 63 == 0 || file.totalBytes == nil, correlator.hasFinished {
                    correlator.takeFinished().forEach(sink)
                }
                if file.records & (progressInterval &- 1) == 0 {
                    progress(
                        Progress(frames: file.records, bytesRead: file.bytesRead, totalBytes: file.totalBytes))
                }
            }
        } catch {
            damage = error
        }
        order.finish()
        Self.observe(&order, &correlator)
        while correlator.finish(atMost: 1024) { correlator.takeFinished().forEach(sink) }
        correlator.takeFinished().forEach(sink)
        return damage
    }

    /// Both by name: the compiler does not see that a frame lent by one is not a part of the other.
    private static func observe(_ order: inout FrameOrder, _ correlator: inout Correlator) {
        while order.advance() { correlator.observe(order.frame, order.info) }
    }

    private mutating func nameInterfaces() {
        for interface in file.interfaces.dropFirst(namedInterfaces) {
            if let name = interface.name { correlator.setName(name, of: interface.id) }
        }
        namedInterfaces = file.interfaces.count
    }

    /// Totals of what was read.
    package var summary: Summary {
        var summary = correlator.summary
        summary.unsupportedFrames = file.framesUnsupported
        if file.interfaces.count > 1 { summary.tables.append(order.summary) }
        return summary
    }
}
