import Capture
import Testing

@Suite struct CaptureFilterTests {
    /// An IPv4 UDP datagram from port 53, without options.
    static let datagram: [UInt8] =
        [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]
        + [ /* ports */0, 53, 0xC0, 0, /* length */ 0, 8, 0, 0]
    static let ethernet: [UInt8] = [UInt8](repeating: 2, count: 12) + [0x08, 0x00] + datagram

    /// One program per link type: the same expression finds the same datagram behind different headers.
    @Test(arguments: [("udp port 53", 2), ("tcp", 0), ("greater 40", 1), ("", 2)])
    func choosesFrames(expression: String, count: Int) throws {
        var file = CaptureBytes()
        file.section()
        file.interface()
        file.interface(linkType: 101)
        file.enhanced(0, units: 1, frame: Self.ethernet)
        file.enhanced(1, units: 2, frame: Self.datagram)
        let reading = try Reading(file.bytes, filter: expression)
        #expect(reading.error == nil)
        #expect(reading.frames.count == count)
        #expect(reading.framesFiltered == UInt64(2 - count))
        #expect(reading.records == 2)
    }

    @Test func refusesWhatLibpcapRefuses() throws {
        var file = CaptureBytes()
        file.pcapHeader()
        let error = #expect(throws: CaptureError.self) { try Reading(file.bytes, filter: "tcp porf 1") }
        let sentence = String(describing: try #require(error))
        #expect(sentence.hasPrefix("filter 'tcp porf 1' cannot be used on EN10MB frames: "), "\(sentence)")
    }
}
