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
