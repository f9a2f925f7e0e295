import Testing

@testable import Host

@Suite struct ProcFolderTests {
    @Test(arguments: [
        ("7 (curl) S 3 ", "curl"), ("7 (a) b) S 3 ", "a) b"), ("7 (((sd-pam))) S 3 ", "((sd-pam))"), ("7 () S 3 ", ""),
        ("7 (\u{301}sh) S 3 ", "\u{301}sh"), ("7 (sh)\u{301}) S 3 ", "sh)\u{301}"),
    ])
    func theNameMayHoldAnything(_ start: String, _ name: String) throws {
        let proc = try FakeProc()
        try proc.write(start + Array(repeating: "0", count: 17).joined(separator: " ") + " 4242 0\n", to: "7/stat")
        #expect(proc.folder.stat(7) == ProcFolder.Stat(name: name, parent: 3, started: 4242))
    }

    @Test(arguments: [
        "", "7 curl S 3", "7 )curl( S 3 0", "7 (curl) S", "7 (curl) S x 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1",
    ])
    func aStatThatIsNoneIsNil(_ text: String) throws {
        let proc = try FakeProc()
        try proc.write(text, to: "7/stat")
        #expect(proc.folder.stat(7) == nil)
    }

    @Test(arguments: [
        ("curl\0-s\0http://x/\0", ["curl", "-s", "http://x/"]), ("", []), ("curl\0\0", ["curl", ""]),
        ("sshd: alice [priv]", ["sshd: alice [priv]"]),
    ])
    func arguments(_ text: String, _ words: [String]) throws {
        let proc = try FakeProc()
        try proc.write(text, to: "7/cmdline")
        #expect(proc.folder.arguments(7) == words)
    }

    @Test(arguments: [
        ("0::/system.slice/a.service\n", "/system.slice/a.service"),
        ("12:cpu:/x\n1:name=systemd:/user.slice\n0::/\n", "/user.slice"),
        ("0::/\n", "/"), ("no colons\n", nil), ("", nil), ("0::/with:colon\n", "/with:colon"),
    ])
    func controlGroup(_ text: String, _ path: String?) throws {
        let proc = try FakeProc()
        try proc.write(text, to: "7/cgroup")
        #expect(proc.folder.controlGroup(7) == path)
    }

    @Test func readsWhatIsThereAndNothingElse() throws {
        let proc = try FakeProc()
        try proc.add(7, "curl", sockets: [31337, 4])
        try proc.link("/usr/bin/gone (deleted)", at: "8/exe")
        try proc.write("Uid:\tno\n", to: "8/status")
        try proc.link("net:4026", at: "8/ns/net")
        try proc.link("pipe:[12]", at: "8/fd/1")
        try proc.link("socket:[x]", at: "8/fd/2")
        let folder = proc.folder
        #expect(folder.executable(7) == "/usr/bin/curl" && folder.executable(8) == "/usr/bin/gone")
        #expect(folder.user(7) == 1000 && folder.user(8) == nil && folder.user(9) == nil)
        #expect(folder.networkNamespace("7") == 4_026_531_840 && folder.networkNamespace("8") == nil)
        #expect(folder.sockets(8) == .found([]) && folder.sockets(9) == .gone)
        #expect(folder.processes().sorted() == [7, 8])
        guard case .found(let inodes) = folder.sockets(7) else {
            Issue.record("its files are to be seen")
            return
        }
        #expect(inodes.sorted() == [4, 31337])
    }
}

@Suite struct UserNamesTests {
    @Test func namesOfUsers() throws {
        let proc = try FakeProc()
        try proc.write("root:x:0:0\ntoor:x:0:0\n:x:5:5\nbad\nalice:x:1000:\n", to: "passwd")
        var users = UserNames(path: proc.url.appending(path: "passwd").path)
        #expect(users.name(of: 0) == "root" && users.name(of: 1000) == "alice" && users.name(of: 5) == nil)
        try proc.write("alice:x:1000:\nroot:x:0:0\nbob:x:1001:1001\n", to: "passwd")
        #expect(users.name(of: 1001) == "bob", "the file is read again when it has changed")
    }

    @Test func noFileNoNames() {
        var users = UserNames(path: "/there/is/no/such/file")
        #expect(users.name(of: 0) == nil)
    }
}

@Suite struct ControlGroupNameTests {
    private static let long = String(repeating: "0123456789abcdef", count: 4)

    @Test(arguments: [
        ("/system.slice/nginx.service", "nginx.service", nil, nil),
        ("/user.slice/user-1000.slice/user@1000.service/app.slice/x.service", "x.service", nil, nil),
        ("/system.slice/docker-\(long).scope", "docker-\(long).scope", long, "docker"),
        ("/machine.slice/libpod-\(long).scope/container", "libpod-\(long).scope", long, "podman"),
        ("/kubepods.slice/cri-containerd-\(long).scope", "cri-containerd-\(long).scope", long, "containerd"),
        ("/docker/\(long)", nil, long, nil),
        ("/docker-notlongenough.scope", "docker-notlongenough.scope", nil, nil),
        ("/lxc.payload.web/init.scope", "init.scope", "web", "lxc"),
        ("/machine.slice/machine-my\\x2dbox.scope", "machine-my-box.scope", "my-box", "systemd-nspawn"),
        ("/system.slice/a\\x", nil, nil, nil), ("/system.slice/a\\xzz.service", "a\\xzz.service", nil, nil),
        ("/", nil, nil, nil), ("", nil, nil, nil),
    ])
    func unitAndContainer(_ path: String, _ unit: String?, _ container: String?, _ runtime: String?) {
        let name = ControlGroupName(path: path)
        #expect(name.unit == unit && name.container?.identifier == container && name.container?.runtime == runtime)
    }
}
