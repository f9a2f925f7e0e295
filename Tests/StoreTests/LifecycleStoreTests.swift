import Model
import Testing

@testable import Store

@Suite struct LifecycleStoreTests {
    static func store(_ lifecycles: [Lifecycle], capacity: Int = 100) -> LifecycleStore {
        var limits = LifecycleStore.Limits()
        limits.requests = capacity
        var store = LifecycleStore(limits: limits)
        for lifecycle in lifecycles { store.keep(.request(lifecycle)) }
        return store
    }

    static func seconds(_ lifecycles: [Lifecycle]) -> [Int64] {
        lifecycles.map { $0.first.nanoseconds / 1_000_000_000 }
    }

    @Test func listsByFirstPacketHoweverRequestsEnd() {
        let store = Self.store([3, 1, 5, 2, 4].map { request(at: $0) })
        #expect(Self.seconds(store.requests(limit: 10) { _ in true }.lifecycles) == [5, 4, 3, 2, 1])
    }

    @Test func dropsWhatWasKeptFirst() {
        // The request of second 1 was long: kept last, it outlives those that began after it.
        let store = Self.store([5, 2, 3, 4, 1].map { request(at: $0) }, capacity: 3)
        #expect(Self.seconds(store.requests(limit: 10) { _ in true }.lifecycles) == [4, 3, 1])
        #expect(store.request(request(at: 5).id) == nil)
        #expect(store.request(request(at: 1).id) == request(at: 1))
        #expect(
            store.tables.first
                == TableSummary(name: "history_requests", count: 3, peak: 3, capacity: 3, evictions: 2))
    }

    @Test func nothingIsLeftOfWhatIsDropped() {
        var history = RequestHistory(capacity: 10)
        for second in Int64(0)..<1000 { history.append(request(at: second * 7 % 1000)) }
        #expect(history.listedCount == 10)
        #expect(history.knownCount == 10)
    }

    @Test func aRequestToldAgainIsReplaced() {
        var longer = request(at: 2, lasting: 60)
        longer.ending = .idle
        let store = Self.store([request(at: 1), request(at: 2), request(at: 3), longer])
        #expect(store.request(longer.id)?.ending == .idle)
        #expect(Self.seconds(store.requests(limit: 10) { _ in true }.lifecycles) == [3, 2, 1])
        #expect(store.tables.first?.count == 3)
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func pagesHaveEveryRequestOnce(_ limit: Int) {
        // Five of each second: the identifier decides among them.
        let all = (0..<100).map { request(at: Int64($0 / 5), UInt32($0)) }
        var store = Self.store(all, capacity: 1000)
        var seen: [RequestID] = []
        var key: RequestKey?
        repeat {
            let page = store.requests(before: key, limit: limit) { _ in true }
            seen += page.lifecycles.map(\.id)
            key = page.next
            // What comes between two pages is newer than both.
            store.keep(.request(request(at: 1000, UInt32(seen.count))))
        } while key != nil
        #expect(seen.count == 100)
        #expect(Set(seen) == Set(all.map(\.id)))
        #expect(seen == all.map(\.key).sorted().reversed().map(\.id))
    }

    @Test func pagesLoseNothingButWhatIsDropped() throws {
        var store = Self.store((0..<10).map { request(at: $0) }, capacity: 10)
        let page = store.requests(limit: 3) { _ in true }
        for second in Int64(10)..<14 { store.keep(.request(request(at: second))) }
        let rest = store.requests(before: page.next, limit: 100) { _ in true }
        #expect(Self.seconds(page.lifecycles) == [9, 8, 7])
        #expect(Self.seconds(rest.lifecycles) == [6, 5, 4])
        #expect(rest.next == nil)
    }

    @Test func oneCallExaminesNoMoreThanItIsTold() throws {
        let store = Self.store((0..<10).map { request(at: $0) })
        let part = store.requests(limit: 5, examining: 4) { $0.first.nanoseconds == 0 }
        #expect(part.lifecycles.isEmpty)
        #expect(part.next == request(at: 6).key)
        let rest = store.requests(before: part.next, limit: 5, examining: 100) { $0.first.nanoseconds == 0 }
        #expect(Self.seconds(rest.lifecycles) == [0])
        #expect(rest.next == nil)
        #expect(store.requests(limit: 0, examining: 0) { _ in true }.lifecycles.count == 1)
    }

    @Test func findsByTheBeginningOfAnIdentifier() throws {
        let all = (0..<200).map { request(at: Int64($0), UInt32($0)) }
        let store = Self.store(all, capacity: 1000)
        let text = all[17].id.description
        for length in 1...12 {
            let beginning = text.prefix(length)
            let prefix = try #require(RequestID.Prefix(String(beginning)))
            let expected = all.filter { $0.id.description.hasPrefix(beginning) }
            #expect(store.requests(matching: prefix, limit: 1000) == expected.reversed())
            #expect(store.requests(matching: prefix, limit: 1).count == 1)
        }
    }

    @Test(arguments: ["", "0123456789abc", "u", "0i", "0 ", "é", "0123456789aß"])
    func refusesWhatBeginsNoIdentifier(_ text: String) {
        #expect(RequestID.Prefix(text) == nil)
    }

    @Test func keepsTheOtherKindsApart() {
        var limits = LifecycleStore.Limits()
        limits.lookups = 2
        limits.neighbours = 1
        limits.leases = 1
        limits.icmpErrors = 1
        var store = LifecycleStore(limits: limits)
        let (time, address) = (Timestamp(nanoseconds: 0), IPAddress(v4: 1))
        for number in UInt16(0)..<3 {
            store.keep(
                .lookup(
                    Lookup(
                        client: Endpoint(address, 1), server: Endpoint(address, 53), transport: .udp,
                        transactionID: number, name: "a", type: 1, queried: nil, status: .pending)))
            store.keep(.neighbour(NeighbourResolution(kind: .resolution, target: address, first: time)))
            store.keep(.lease(Lease(transactionID: UInt32(number), first: time)))
            store.keep(.icmpError(ICMPErrorReport(time: time, from: address, to: address, type: 3, code: 1)))
        }
        #expect(store.lookups.newest(limit: 9).elements.map(\.transactionID) == [2, 1])
        #expect(
            store.tables.map(\.name) == [
                "history_requests", "history_lookups", "history_neighbours", "history_leases", "history_icmp_errors",
            ])
        #expect(store.leases.newest(limit: 9).elements.map(\.transactionID) == [2])
        #expect(store.tables.map(\.evictions) == [0, 1, 2, 2, 2])
    }
}
