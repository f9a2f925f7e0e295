import Model
import Testing

@testable import Host

@Suite struct ProcessTableTests {
    private static func event(_ seconds: Double, _ pid: Int32, _ body: KernelEvent.Body) -> KernelEvent {
        FakeProc.event(seconds, pid, body)
    }
    private static func at(_ seconds: Double) -> Timestamp { FakeProc.at(seconds) }

    @Test func readsAProcessOnceAndKeepsIt() throws {
        let proc = try FakeProc()
        try proc.add(1, "init", parent: 0)
        try proc.add(3, "sh", parent: 1)
        try proc.add(7, "curl", parent: 3, at: 10, arguments: ["curl", "-s"], group: "/system.slice/a.service")
        let table = try proc.table()
        let process = try #require(table.process(7, at: Self.at(11)))
        #expect(process.name == "curl" && process.arguments == ["curl", "-s"] && process.executable == "/usr/bin/curl")
        #expect(process.user == Process.User(identifier: 1000, name: "alice") && process.unit == "a.service")
        #expect(process.ancestors.map(\.pid) == [3, 1] && process.networkNamespace == .own && process.gap == nil)
        #expect(process.started == Self.at(10))
        proc.remove(7)
        #expect(table.process(7, at: Self.at(12)) === process)
        #expect(table.process(99, at: Self.at(12)) == nil)
    }

    @Test func whatWasReadIsNotBelievedForEver() throws {
        let proc = try FakeProc()
        try proc.add(7, "daemon", user: 0)
        let table = try proc.table()
        let first = try #require(table.process(7, at: Self.at(1)))
        #expect(table.process(7, at: Self.at(20)) === first, "nothing has changed: the same object")
        try proc.add(7, "daemon", user: 1000)
        #expect(table.process(7, at: Self.at(21))?.user?.identifier == 0)
        #expect(table.process(7, at: Self.at(26))?.user?.identifier == 1000)
    }

    @Test func withoutEventsNothingIsKept() throws {
        let proc = try FakeProc()
        try proc.add(7, "curl")
        let table = try proc.table()
        table.followsEvents = false
        #expect(table.process(7, at: Self.at(1))?.name == "curl")
        try proc.add(7, "wget")
        #expect(table.process(7, at: Self.at(1))?.name == "wget" && table.summary.count == 0)
        proc.remove(7)
        #expect(table.process(7, at: Self.at(1)) == nil)
    }

    @Test func aNumberThatIsUsedAgainIsAnotherProcess() throws {
        let proc = try FakeProc()
        try proc.add(7, "curl", at: 1)
        let table = try proc.table()
        #expect(table.process(7, at: Self.at(2))?.name == "curl")
        table.apply(Self.event(3, 7, .exited))
        table.apply(Self.event(4, 7, .forked(parent: 1)))
        try proc.add(7, "wget", at: 4)
        #expect(table.process(7, at: Self.at(2)) == nil, "whom that was is not known any more")
        #expect(table.process(7, at: Self.at(5))?.name == "wget")
    }

    @Test func aNumberThatIsUsedAgainUnnoticedIsNotTheOldOne() throws {
        let proc = try FakeProc()
        try proc.add(7, "curl", at: 1)
        let table = try proc.table()
        #expect(table.process(7, at: Self.at(2))?.name == "curl")
        table.apply(Self.event(3, 7, .exited))
        try proc.add(7, "wget", at: 4)
        #expect(table.process(7, at: Self.at(5))?.name == "wget")
        // Records were lost: no end was told either.
        table.apply(Self.event(6, 0, .lost(12)))
        try proc.add(7, "nc", at: 6)
        #expect(table.process(7, at: Self.at(7))?.name == "nc")
    }

    @Test func whoBeganLaterDidNotAsk() throws {
        let proc = try FakeProc()
        try proc.add(7, "curl", at: 100)
        #expect(try proc.table().process(7, at: Self.at(99)) == nil)
    }

    @Test func theProgramOfTheMomentCounts() throws {
        let proc = try FakeProc()
        try proc.add(7, "sh", arguments: ["sh", "x.sh"])
        let table = try proc.table()
        #expect(table.process(7, at: Self.at(1))?.name == "sh")
        table.apply(Self.event(2, 7, .named("curl", isExec: true)))
        try proc.add(7, "curl")
        table.apply(Self.event(2, 7, .executed(path: "/usr/bin/curl")))
        #expect(table.process(7, at: Self.at(1.5))?.name == "sh")
        #expect(table.process(7, at: Self.at(3))?.name == "curl")
    }

    @Test func aProgramWhoseEventIsOnItsWayIsNotTakenForTheOldOne() throws {
        let proc = try FakeProc()
        let table = try proc.table()
        try proc.add(7, "curl", arguments: ["curl", "-s"])
        table.peek(7, at: Self.at(1.0005), isNew: true)
        table.apply(Self.event(1, 7, .named("curl", isExec: true)))
        table.apply(Self.event(1, 7, .executed(path: "/usr/bin/curl")))
        try proc.add(7, "wget")
        #expect(table.process(7, at: Self.at(1.001))?.arguments == ["curl", "-s"])
    }

    @Test func whatEndedAtOnceWasReadWhenItBegan() throws {
        let proc = try FakeProc()
        let table = try proc.table()
        table.apply(Self.event(1, 7, .forked(parent: 3)))
        try proc.add(7, "curl", at: 1, arguments: ["curl", "-s"])
        table.peek(7, at: Self.at(1.0015), isNew: true)
        proc.remove(7)
        table.apply(Self.event(1.001, 7, .named("curl", isExec: true)))
        table.apply(Self.event(1.001, 7, .executed(path: "/usr/bin/curl")))
        table.apply(Self.event(1.003, 7, .exited))
        let process = try #require(table.process(7, at: Self.at(1.002)))
        #expect(process.arguments == ["curl", "-s"] && process.user?.name == "alice" && process.gap == nil)
    }

    /// A look at what it was before it began to run this program says nothing.
    @Test func anEarlyLookThatWasTooEarlyCountsForNothing() throws {
        let proc = try FakeProc()
        let table = try proc.table()
        try proc.add(7, "make", at: 1)
        table.peek(7, at: Self.at(1.5), isNew: true)
        proc.remove(7)
        table.apply(Self.event(2, 7, .named("curl", isExec: true)))
        #expect(table.process(7, at: Self.at(2.1))?.name == "curl")
        table.apply(Self.event(2, 8, .named("make", isExec: true)))
        try proc.add(8, "make", at: 1, arguments: ["make", "one"])
        table.peek(8, at: Self.at(2.5), isNew: true)
        proc.remove(8)
        table.apply(Self.event(3, 8, .named("make", isExec: true)))
        #expect(table.process(8, at: Self.at(3.1))?.arguments == nil)
    }

    /// Records of several processors may come in another order than they were written.
    @Test func aForkThatIsToldLateUndoesNothing() throws {
        let proc = try FakeProc()
        try proc.add(3, "python3", parent: 1)
        let table = try proc.table()
        table.apply(Self.event(1.001, 7, .named("curl", isExec: true)))
        table.apply(Self.event(1.001, 7, .executed(path: "/usr/bin/curl")))
        table.apply(Self.event(1, 7, .forked(parent: 3)))
        let process = try #require(table.process(7, at: Self.at(1.1)))
        #expect(process.name == "curl" && process.ancestors.first?.pid == 3)
    }

    @Test func whatRunsAnotherProgramAlreadyIsNotShownAsItsParent() throws {
        let proc = try FakeProc()
        try proc.add(3, "python3", parent: 1)
        let table = try proc.table()
        table.apply(Self.event(1, 7, .forked(parent: 3)))
        try proc.add(7, "curl", parent: 3, at: 1, arguments: [])
        #expect(table.process(7, at: Self.at(1.1))?.name == "curl")
    }

    @Test func whatWasNeverReadIsToldByEvents() throws {
        let proc = try FakeProc()
        try proc.add(3, "make", parent: 1)
        let table = try proc.table()
        table.apply(Self.event(1, 7, .forked(parent: 3)))
        table.apply(Self.event(1.001, 7, .named("curl", isExec: true)))
        table.apply(Self.event(1.001, 7, .executed(path: "/usr/bin/curl")))
        let process = try #require(table.process(7, at: Self.at(1.002)))
        #expect(process.name == "curl" && process.executable == "/usr/bin/curl" && process.arguments == nil)
        #expect(process.user == nil && process.networkNamespace == .unknown && process.gap != nil)
        #expect(process.ancestors == [Process.Ancestor(pid: 3, name: "make")])
    }

    @Test func aChildWithoutAProgramOfItsOwnIsShownAsItsParent() throws {
        let proc = try FakeProc()
        try proc.add(3, "python3", parent: 1, arguments: ["python3", "x.py"])
        let table = try proc.table()
        table.apply(Self.event(1, 7, .forked(parent: 3)))
        let process = try #require(table.process(7, at: Self.at(1.002)))
        #expect(process.pid == 7 && process.name == "python3" && process.arguments == ["python3", "x.py"])
        #expect(process.ancestors.first?.pid == 3 && process.gap != nil && process.networkNamespace == .own)
    }

    /// Its memory is given back before its number is.
    @Test func ofAProcessThatEndsThereIsLessToSee() throws {
        let proc = try FakeProc()
        let table = try proc.table()
        for (pid, isReadEarly) in [(7, true), (8, false)] as [(Int32, Bool)] {
            table.apply(Self.event(1, pid, .named("curl", isExec: true)))
            if isReadEarly { try proc.add(pid, "curl", at: 1, arguments: ["curl", "-s"]) }
            table.peek(pid, at: Self.at(1.01), isNew: true)
            table.apply(Self.event(1, pid, .executed(path: "/usr/bin/curl")))
            try proc.add(pid, "curl", at: 1, arguments: [])
            try proc.unlink("\(pid)/exe")
        }
        let known = try #require(table.process(7, at: Self.at(1.1)))
        #expect(known.arguments == ["curl", "-s"] && known.gap == nil)
        let ending = try #require(table.process(8, at: Self.at(1.1)))
        #expect(ending.arguments == nil && ending.executable == "/usr/bin/curl" && ending.gap != nil)
        #expect(ending.user?.name == "alice" && ending.networkNamespace == .own)
    }

    @Test func aThreadOfTheKernelHasNoProgram() throws {
        let proc = try FakeProc()
        try proc.add(9, "kworker/0:1", parent: 2, arguments: [])
        let process = try #require(try proc.table().process(9, at: Self.at(1)))
        #expect(process.arguments == [] && process.gap == nil)
    }

    @Test func argumentsAreKeptOnlyWhereTheyMayBe() throws {
        let proc = try FakeProc()
        try proc.add(7, "curl", arguments: ["curl", "-u", "alice:secret"])
        let process = try #require(proc.table(keepsArguments: false).process(7, at: Self.at(1)))
        #expect(process.arguments == nil && process.gap == nil)
    }

    @Test func chainsOfParentsEnd() throws {
        let proc = try FakeProc()
        for pid in 2...40 as ClosedRange<Int32> { try proc.add(pid, "p\(pid)", parent: pid - 1) }
        try proc.add(50, "loop", parent: 51)
        try proc.add(51, "loop", parent: 50)
        let table = try proc.table()
        #expect(table.process(40, at: Self.at(1))?.ancestors.count == Process.ancestorCapacity)
        #expect(table.process(50, at: Self.at(1))?.ancestors.count == Process.ancestorCapacity)
    }

    @Test func holdsNoMoreThanItsCapacity() throws {
        let table = try FakeProc().table(capacity: 4)
        for pid in 1...100 as ClosedRange<Int32> { table.apply(Self.event(1, pid, .named("p\(pid)", isExec: true))) }
        #expect(table.summary.count == 4 && table.summary.peak == 4 && table.summary.evictions == 96)
        #expect(table.process(100, at: Self.at(2))?.name == "p100" && table.process(1, at: Self.at(2)) == nil)
    }

    @Test func whatEndedIsForgottenAfterAWhile() throws {
        let table = try FakeProc().table()
        table.apply(Self.event(1, 7, .named("curl", isExec: true)))
        table.apply(Self.event(2, 7, .exited))
        table.expire(at: Self.at(5))
        #expect(table.summary.count == 1)
        table.expire(at: Self.at(13))
        #expect(table.summary.count == 0)
    }
}

@Suite struct TokenBucketTests {
    @Test func aBurstThenARate() {
        var bucket = TokenBucket(burst: 3, perSecond: 10)
        func take(_ seconds: Double, _ count: Int) -> Int {
            (0..<count).count { _ in bucket.take(at: FakeProc.at(seconds)) }
        }
        #expect(take(1, 10) == 3 && take(1.05, 10) == 0 && take(1.25, 10) == 2 && take(1.3, 10) == 1)
        #expect(take(0, 10) == 0, "a clock that was set back gives nothing")
        #expect(take(1000, 10) == 3)
    }
}
