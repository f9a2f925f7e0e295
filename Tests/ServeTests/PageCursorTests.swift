import Model
import Store
import Testing

@testable import Serve

@Suite struct PageCursorTests {
    @Test(arguments: [0, 1, -1, 1_700_000_000_123_456_789, Int64.min, Int64.max])
    func comesBack(_ nanoseconds: Int64) {
        let key = RequestKey(first: Timestamp(nanoseconds: nanoseconds), id: RequestID(bits: 0x0123_4567_89AB_CDEF))
        #expect(PageCursor.key(PageCursor.text(of: key)) == key)
        let serial = UInt64(bitPattern: nanoseconds)
        #expect(PageCursor.serial(PageCursor.text(of: serial)) == serial)
    }

    @Test(arguments: [
        "", "0", "+000000000000000", "000000000000000g", "0000000000000000" + "00000000000u",
        "00000000000000000000000000000", "-00000000000000" + "0000000000000",
    ])
    func refusesAnythingElse(_ text: String) {
        #expect(PageCursor.key(text) == nil)
        if text.utf8.count != 16 { #expect(PageCursor.serial(text) == nil) }
    }
}
