import Glibc
import Synchronization
import Testing

@testable import Host

@Suite struct CourierTests {
    @Test func carriesInTheOrderGiven() async throws {
        let courier = try Courier()
        let seen = Mutex<[Int]>([])
        // More than may wait at once: whoever hands over waits, and nothing is lost.
        for number in 0..<10_000 { courier.carry { seen.withLock { $0.append(number) } } }
        await withCheckedContinuation { continuation in courier.carry { continuation.resume() } }
        #expect(seen.withLock { $0 } == Array(0..<10_000))
        courier.stop()
    }

    /// What waits is bounded by what it holds, and not by how often something was handed over.
    @Test func whoBringsMuchWaits() async throws {
        let courier = try Courier()
        let state = Mutex((carried: 0, isHeld: true))
        @Sendable func isHeld() -> Bool { state.withLock { $0.isHeld } }
        // While this is carried, what comes behind it waits.
        courier.carry { while isHeld() { usleep(100) } }
        let handedOver = Mutex(0)
        let isStarted = OwnThread.start("bringer", keeping: []) {
            for _ in 0..<20 {
                courier.carry(Courier.capacity / 2) { state.withLock { $0.carried += 1 } }
                handedOver.withLock { $0 += 1 }
            }
        }
        #expect(isStarted)
        while handedOver.withLock({ $0 }) < 2 { await Task.yield() }
        // That is all that may wait; the third is not taken before the first is carried.
        usleep(20_000)
        #expect(handedOver.withLock { $0 } == 2)
        state.withLock { $0.isHeld = false }
        while state.withLock({ $0.carried }) < 20 { await Task.yield() }
        courier.stop()
    }

    @Test func carriesOnAThreadOfItsOwn() async throws {
        let courier = try Courier()
        let name = await withCheckedContinuation { continuation in
            courier.carry { continuation.resume(returning: ProcFile.text(of: "/proc/thread-self/comm")) }
        }
        #expect(name == "courier\n")
        courier.stop()
    }

    @Test func afterTheEndWhatIsHandedOverIsDoneAtOnce() async throws {
        let courier = try Courier()
        courier.stop()
        for number in 0..<1000 {
            let answer = await withCheckedContinuation { continuation in
                courier.carry { continuation.resume(returning: number) }
            }
            #expect(answer == number)
        }
    }
}
