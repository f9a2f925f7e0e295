import Capture
import FoundationEssentials
import Glibc
import Testing

/// The sample captures that lie beside the checkout, in `../shared/captures`, with a table of what each holds.
enum SampleCaptures {
    static let folder: String? = {
        // The checkout may be reached through links; the folder lies beside where it really is.
        guard let resolved = realpath(#filePath, nil) else { return nil }
        defer { free(resolved) }
        let folder =
            String(cString: resolved).split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
            + "/shared/captures"
        return FileManager.default.fileExists(atPath: folder + "/README.md") ? folder : nil
    }()

    /// File name and packets, from the rows of the table: name, content, link type, packets, bytes, origin, license.
    static let rows: [(name: String, packets: Int)] = {
        guard let folder, let text = try? String(contentsOfFile: folder + "/README.md", encoding: .utf8) else {
            return []
        }
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
            guard cells.count == 7, cells[0].hasPrefix("`"), let packets = Int(cells[3].filter(\.isNumber)) else {
                return nil
            }
            return (String(cells[0].filter { $0 != "`" && $0 != " " }), packets)
        }
    }()
}

@Suite(.enabled(if: SampleCaptures.folder != nil, "../shared/captures is not beside this checkout"))
struct SampleCapturesTests {
    /// Files that are damaged as files, not only in their frames: what is read before, and where it ends.
    static let damaged: [String: (frames: Int, offset: UInt64)] = [
        "bad-file-ends-inside-packet.pcap": (11, 1043),
        // The section header, at the very beginning.
        "bad-pcapng-option-length.pcapng": (0, 0),
    ]

    @Test func theTableNamesEveryFile() throws {
        let folder = try #require(SampleCaptures.folder)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".pcap") }
        #expect(Set(files) == Set(SampleCaptures.rows.map(\.name)))
        #expect(!files.isEmpty)
    }

    @Test(arguments: SampleCaptures.rows.map(\.name)) func reads(_ name: String) throws {
        let folder = try #require(SampleCaptures.folder)
        let row = try #require(SampleCaptures.rows.first { $0.name == name })
        let reading = Reading(try CaptureFile(path: folder + "/" + name))
        if let damage = Self.damaged[name] {
            #expect(reading.frames.count == damage.frames)
            guard case .damaged(_, damage.offset, _)? = reading.error else {
                Issue.record("\(String(describing: reading.error))")
                return
            }
        } else {
            #expect(reading.error == nil)
            #expect(reading.frames.count == row.packets)
            #expect(reading.bytesRead == reading.totalBytes)
        }
    }
}
