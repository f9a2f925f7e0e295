/// Objects by number, for records that hold no references; 0 is none, and numbers are used again. It is as large as it ever
/// was: who fills it keeps it bounded.
struct NumberedObjects<Object: AnyObject> {
    private var objects: [Object?] = [nil]
    private var free: [UInt32] = []

    @inline(__always)
    subscript(_ number: UInt32) -> Object? { number == 0 ? nil : objects[Int(number)] }

    mutating func insert(_ object: Object) -> UInt32 {
        if let number = free.popLast() {
            objects[Int(number)] = object
            return number
        }
        objects.append(object)
        return UInt32(truncatingIfNeeded: objects.count - 1)
    }

    mutating func remove(_ number: UInt32) {
        guard number != 0 else { return }
        objects[Int(number)] = nil
        free.append(number)
    }
}
