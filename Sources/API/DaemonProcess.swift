/// What the daemon takes of the host. What it does not know is absent.
package struct DaemonProcess: Sendable, Equatable, Decodable {
    package var pid: Int32
    /// Processor time since the start.
    package var cpu: Milliseconds
    /// Processor time by the second, over the last ten: 10 ms are one hundredth of a core.
    package var cpuPerSecond: Milliseconds?
    /// Bytes in memory, those that it shares with files among them.
    package var resident: UInt64?
    package var peakResident: UInt64?
    package var threads: Int?
    package var openFiles: Int?
    /// How many it may open.
    package var openFilesLimit: UInt64?

    private enum CodingKeys: String, CodingKey {
        case pid, threads
        case cpu = "cpu_ms"
        case cpuPerSecond = "cpu_ms_per_second"
        case resident = "resident_bytes"
        case peakResident = "peak_resident_bytes"
        case openFiles = "open_files"
        case openFilesLimit = "open_files_limit"
    }

    package init(
        pid: Int32, cpu: Milliseconds, cpuPerSecond: Milliseconds? = nil, resident: UInt64? = nil,
        peakResident: UInt64? = nil, threads: Int? = nil, openFiles: Int? = nil, openFilesLimit: UInt64? = nil
    ) {
        self.pid = pid
        self.cpu = cpu
        self.cpuPerSecond = cpuPerSecond
        self.resident = resident
        self.peakResident = peakResident
        self.threads = threads
        self.openFiles = openFiles
        self.openFilesLimit = openFilesLimit
    }
}

extension DaemonProcess: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("pid", pid)
        writer.field("cpu_ms", cpu)
        writer.field("cpu_ms_per_second", cpuPerSecond)
        writer.field("resident_bytes", resident)
        writer.field("peak_resident_bytes", peakResident)
        writer.field("threads", threads)
        writer.field("open_files", openFiles)
        writer.field("open_files_limit", openFilesLimit)
        writer.endObject()
    }
}
