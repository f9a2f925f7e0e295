import CFuzzer
import Capture
import Decode
import Glibc
import Model

/// A capture file, from memory or through a pipe.
enum FileTarget {
    static func run(_ bytes: RawSpan) {
        let descriptor = bytes.byteCount & 3 == 0 ? pipe(bytes) : memory(bytes)
        do throws(CaptureError) {
            var file = try CaptureFile(descriptor: descriptor, name: "input", closesDescriptor: true)
            var decoder = FrameDecoder()
            do throws(CaptureError) {
                while try file.advance() {
                    demand(file.frame.byteCount <= bytes.byteCount, "a frame longer than its file")
                    _ = decoder.decode(file.frame, file.info)
                }
            } catch {
                _ = error.description
            }
            demand(file.bytesRead <= UInt64(bytes.byteCount), "more was read than there is")
            demand((try? file.advance()) == false, "it goes on behind its end")
            for interface in file.interfaces { demand((interface.name?.utf8.count ?? 0) <= 1024, "a long name") }
        } catch {
            _ = error.description
        }
    }

    private static func memory(_ bytes: RawSpan) -> CInt {
        let descriptor = fuzz_memory_file()
        bytes.withUnsafeBytes { _ = write(descriptor, $0.baseAddress, $0.count) }
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    /// A pipe holds 64 KiB unread; longer inputs are cut there.
    private static func pipe(_ bytes: RawSpan) -> CInt {
        var ends: [CInt] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { return memory(bytes) }
        bytes.extracting(first: 65536).withUnsafeBytes { _ = write(ends[1], $0.baseAddress, $0.count) }
        close(ends[1])
        return ends[0]
    }
}
