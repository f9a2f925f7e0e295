/// A large value that is seldom there: while it is not, it takes the room of a pointer. Copies share it until one changes.
package struct Boxed<Value: Sendable & Equatable>: Sendable, Equatable {
    private var box: Box?

    package init() {}

    package var value: Value? {
        get { box?.value }
        _modify {
            if box != nil, !isKnownUniquelyReferenced(&box) { box = Box(box?.value) }
            guard let box else {
                var fresh: Value?
                defer { if fresh != nil { self.box = Box(fresh) } }
                yield &fresh
                return
            }
            yield &box.value
        }
    }

    package static func == (left: Boxed, right: Boxed) -> Bool { left.box === right.box || left.value == right.value }

    /// Changed only by the one copy that has it for itself.
    private final class Box: @unchecked Sendable {
        var value: Value?

        init(_ value: Value?) { self.value = value }
    }
}
