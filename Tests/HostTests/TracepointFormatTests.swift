import Testing

@testable import Host

@Suite struct TracepointFormatTests {
    /// As a kernel has it, shortened.
    static let stateChange = """
        name: inet_sock_set_state
        ID: 1520
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
        \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
        \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

        \tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
        \tfield:int oldstate;\toffset:16;\tsize:4;\tsigned:1;
        \tfield:int newstate;\toffset:20;\tsize:4;\tsigned:1;
        \tfield:__u16 sport;\toffset:24;\tsize:2;\tsigned:0;
        \tfield:__u16 dport;\toffset:26;\tsize:2;\tsigned:0;
        \tfield:__u16 family;\toffset:28;\tsize:2;\tsigned:0;
        \tfield:__u16 protocol;\toffset:30;\tsize:2;\tsigned:0;
        \tfield:__u8 saddr[4];\toffset:32;\tsize:4;\tsigned:0;
        \tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;
        \tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;
        \tfield:__u8 daddr_v6[16];\toffset:56;\tsize:16;\tsigned:0;

        print fmt: "family=%s", 1
        """

    static let routeLookup = """
        name: fib_table_lookup
        ID: 1499
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
        \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
        \tfield:int iif;\toffset:20;\tsize:4;\tsigned:1;
        \tfield:u8 proto;\toffset:24;\tsize:1;\tsigned:0;
        \tfield:__u8 src[4];\toffset:28;\tsize:4;\tsigned:0;
        \tfield:__u8 dst[4];\toffset:32;\tsize:4;\tsigned:0;
        \tfield:u16 sport;\toffset:44;\tsize:2;\tsigned:0;
        \tfield:u16 dport;\toffset:46;\tsize:2;\tsigned:0;
        """

    static let neighbourSend = """
        name: neigh_event_send_done
        ID: 2245
        format:
        \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
        \tfield:u32 family;\toffset:8;\tsize:4;\tsigned:0;
        \tfield:__data_loc char[] dev;\toffset:12;\tsize:4;\tsigned:0;
        \tfield:u8 lladdr[32];\toffset:16;\tsize:32;\tsigned:0;
        \tfield:u8 nud_state;\toffset:50;\tsize:1;\tsigned:0;
        \tfield:__u8 primary_key4[4];\toffset:60;\tsize:4;\tsigned:0;
        \tfield:__u8 primary_key6[16];\toffset:64;\tsize:16;\tsigned:0;
        \tfield:u32 err;\toffset:104;\tsize:4;\tsigned:0;
        """

    static let exec = """
        name: sched_process_exec
        ID: 317
        format:
        \tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;
        \tfield:pid_t pid;\toffset:12;\tsize:4;\tsigned:1;
        """

    @Test func readsFieldsAndTheNumber() throws {
        let format = try #require(TracepointFormat(Self.stateChange))
        #expect(format.identifier == 1520 && format.fields.count == 14)
        #expect(format.offset(of: "skaddr", size: 8) == 8 && format.offset(of: "saddr_v6", size: 16) == 40)
        #expect(format.offset(of: "skaddr", size: 4) == nil, "a field of another size is another field")
        #expect(format.offset(of: "no such field", size: 4) == nil)
        #expect(TracepointFormat(Self.exec)?.offset(of: "filename", size: 4) == 8)
    }

    @Test(arguments: [
        "", "ID: ", "ID: -1", "ID: x", "name: only\n\tfield:int a;\toffset:0;\tsize:4;\tsigned:1;",
    ])
    func withoutANumberThereIsNone(_ text: String) { #expect(TracepointFormat(text) == nil) }

    @Test(arguments: [
        "\tfield:int a;\toffset:-4;\tsize:4;", "\tfield:int a;\toffset:0;", "\tfield:;\toffset:0;\tsize:4;",
        "\tfield:int a;\toffset:99999999999999999999;\tsize:4;", "\tfield:int a;\toffset:9000;\tsize:4;",
        "\tfield:int a;\tsize:4;\toffset:0;", "field:int a;\toffset:0;\tsize:4;",
    ])
    func fieldsThatAreNoneArePassedOver(_ line: String) throws {
        #expect(try #require(TracepointFormat("ID: 7\n\(line)\n")).fields.isEmpty)
    }

    @Test(arguments: ["skaddr", "oldstate", "newstate", "sport", "protocol", "saddr_v6", "common_flags"])
    func aLayoutNeedsItsFields(_ field: String) throws {
        let text = Self.stateChange.split(separator: "\n").filter { !$0.contains(" \(field)") }
            .joined(separator: "\n")
        #expect(TracepointLayouts.StateChange(try #require(TracepointFormat(text))) == nil)
        #expect(TracepointLayouts.StateChange(try #require(TracepointFormat(Self.stateChange))) != nil)
    }

    @Test func aLayoutOfRoutesNeedsItsFields() throws {
        let format = try #require(TracepointFormat(Self.routeLookup))
        #expect(TracepointLayouts.RouteLookup(format, .v4) != nil)
        #expect(TracepointLayouts.RouteLookup(format, .v6) == nil, "addresses of four bytes are not of IPv6")
    }
}
