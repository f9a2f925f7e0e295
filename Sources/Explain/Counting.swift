// How often words stand in a list.

extension Dictionary where Key == String, Value == Int {
    init(counting words: [String]) { self.init(words.map { ($0, 1) }, uniquingKeysWith: +) }

    /// Of the same number in the order of the alphabet.
    var mostFrequentFirst: [(key: String, value: Int)] {
        sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    }
}
