import Testing

@testable import Model

@Suite struct BoxedTests {
    private struct Owner: Equatable {
        var box = Boxed<[Int]>()
        var numbers: [Int]? {
            get { box.value }
            _modify { yield &box.value }
        }
    }

    @Test func whatWasNeverThereStaysAway() {
        var owner = Owner()
        owner.numbers?.append(1)
        #expect(owner.numbers == nil && owner == Owner())
        owner.numbers = nil
        #expect(owner.numbers == nil)
    }

    @Test func itIsChangedInItsPlace() {
        var owner = Owner()
        owner.numbers = [1]
        owner.numbers?.append(2)
        #expect(owner.numbers == [1, 2])
        owner.numbers = nil
        #expect(owner.numbers == nil && owner == Owner())
    }

    @Test func aCopyKeepsWhatItHad() {
        var owner = Owner()
        owner.numbers = [1]
        var copy = owner
        copy.numbers?.append(2)
        #expect(owner.numbers == [1] && copy.numbers == [1, 2] && owner != copy)
        owner.numbers?.append(2)
        #expect(owner == copy)
        owner.numbers = nil
        #expect(copy.numbers == [1, 2])
    }
}
