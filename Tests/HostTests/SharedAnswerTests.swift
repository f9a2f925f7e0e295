import Glibc
import Synchronization
import Testing

@testable import Host

@Suite struct SharedAnswerTests {
    /// Runs of the work, each held until it is let go.
    private final class Work: Sendable {
        let state = Mutex((begun: 0, allowed: 0))

        func run() -> Int {
            let number = state.withLock { state in
                state.begun += 1
                return state.begun
            }
            while state.withLock({ $0.allowed < number }) { usleep(100) }
            return number
        }

        func allow() { state.withLock { $0.allowed += 1 } }

        func awaitBeginning(_ number: Int) async {
            while state.withLock({ $0.begun < number }) { await Task.yield() }
        }
    }

    @Test func whoAsksMeanwhileSharesTheNextRun() async throws {
        let work = Work()
        let courier = try Courier()
        let shared = try SharedAnswer("survey", keeping: [], through: courier) { work.run() }
        async let first = shared.take()
        await work.awaitBeginning(1)
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<20 { group.addTask { await shared.take() } }
            // The others may still be on their way to it; those that come late share a later one.
            work.allow()
            for _ in 0..<20 { work.allow() }
            for await answer in group { #expect((answer ?? 0) > 1) }
        }
        #expect(await first == 1)
        // Over, and begun again by the next who asks.
        let runs = work.state.withLock { $0.begun }
        work.allow()
        #expect(await shared.take() == runs + 1)
        shared.stop()
        #expect(await shared.take() == nil)
        courier.stop()
    }
}
