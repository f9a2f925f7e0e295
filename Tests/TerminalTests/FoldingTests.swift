import API
import Testing

@testable import Terminal

@Suite struct FoldingTests {
    @Test func foldsOnlyLookupsThatServedSomething() {
        let (shown, folded) = Folding.fold(Samples.list)
        #expect(folded.map(\.id) == [Samples.servant.id])
        #expect(shown.count == Samples.list.count - 1)
    }

    @Test func aLookupAloneIsShown() {
        #expect(Folding.fold([Samples.servant]).folded.isEmpty)
        #expect(Folding.fold([Samples.misspelt, Samples.page]).folded.isEmpty)
    }

    @Test func anUnansweredLookupIsShown() {
        var unanswered = Samples.servant
        unanswered.lookups[0].status = "no_answer"
        #expect(Folding.fold([unanswered, Samples.page]).folded.isEmpty)
    }
}
